"""Labels from a file, onto units that exist: all of them, or none."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError

from annotator.core.codebook import Codebook, Json, Variable
from annotator.core.errors import InvalidError
from annotator.formats.label_csv import LabelRow, read_label_rows
from annotator.models import Label
from annotator.services.checked_values import checked_value
from annotator.services.stored_labels import Checked, imported_round, store_labels
from projects.models import Article, Assignment, Membership, Round, TextVersion, Unit
from projects.permissions import require
from projects.queries.codebooks import codebook, newest_published
from projects.services import audit
from projects.services.articles import locked_articles
from projects.services.rounds import newest_texts
from projects.services.transaction import write

MOST_PROBLEMS = 200


@dataclass(frozen=True)
class Imported:
    round: Round
    labels: int
    annotators: int


def import_labels(*, member: Membership, data: bytes, into: Round | None = None) -> Imported:
    """Store the labels of a CSV file (`annotator.formats.label_csv`).

    Without `into` a round "imported" (reliability, not blind) is made and closed, with an assignment for each
    annotator and article. Raises InvalidError with a problem a row; then nothing is stored.
    """
    require(member, "import labels")
    rows = read_label_rows(data)
    version = into.codebook_version if into else newest_published(member.project_id)
    book = codebook(version.pk)
    texts = _texts(member, rows)
    checked = _check(rows, book, texts, _members(member))
    _refuse_labelled(into, checked)
    try:
        with write():
            refuse_mended(list(texts.values()))
            target = into or imported_round(member.project_id, version, checked)
            store_labels(target, book, checked)
            audit.record(member, "import labels", {"round": target.name, "labels": len(checked)})
    except IntegrityError as error:
        raise InvalidError("No label was imported: somebody labelled or imported meanwhile. Send it again.") from error
    return Imported(round=target, labels=len(checked), annotators=len({item.member.pk for item in checked}))


def parse_cell(variable: Variable, cell: str) -> Json:
    """A cell of the file as an answer: the key or number as it is, JSON for sets, spans and "cannot tell"."""
    if variable.kind not in {"multi", "span", "attribution"} and not cell.startswith('{"cannot_tell"'):
        return cell
    try:
        answer: Json = json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise InvalidError(f'the value of {variable.label} has to be JSON, such as [] or ["a", "b"].') from error
    return answer


def _texts(member: Membership, rows: Iterable[LabelRow]) -> dict[str, TextVersion]:
    """The newest text version of each article named, by external id, with its text."""
    names = {row.article for row in rows}
    articles = Article.objects.filter(project_id=member.project_id, external_id__in=names, deleted_at=None)
    texts = newest_texts(list(articles))
    found = TextVersion.objects.select_related("article").in_bulk([text.pk for text in texts])
    return {text.article.external_id: text for text in found.values()}


def refuse_mended(texts: Sequence[TextVersion]) -> None:
    """Lock the articles, and refuse where the rows were checked against a text that isn't the newest any more."""
    articles = locked_articles([text.article_id for text in texts])
    if {text.pk for text in newest_texts(list(articles.values()))} != {text.pk for text in texts}:
        raise InvalidError("No label was imported: boundaries were mended meanwhile. Send it again.")


def _members(member: Membership) -> dict[str, Membership]:
    return {m.pseudonym: m for m in Membership.objects.filter(project_id=member.project_id, left_at=None)}


def _check(
    rows: Sequence[LabelRow], book: Codebook, texts: dict[str, TextVersion], members: dict[str, Membership]
) -> list[Checked]:
    units = {
        (unit.text_version_id, unit.index): unit
        for unit in Unit.objects.filter(text_version__in=texts.values()).defer("why")
    }
    checked: list[Checked] = []
    problems: list[str] = []
    seen: dict[tuple[int, int, str], int] = {}
    for row in rows:
        try:
            item = _check_row(row, book, texts, units, members)
            earlier = seen.setdefault((item.unit.pk, item.member.pk, item.variable), row.line)
            if earlier != row.line:
                raise InvalidError(f"this label stands in row {earlier} already; a label may occur once, not twice.")
            checked.append(item)
        except InvalidError as error:
            problems.append(f"Row {row.line}: {error}")
            if len(problems) == MOST_PROBLEMS:
                break
    if problems:
        raise InvalidError("No label was imported.", tuple(problems))
    return checked


def _check_row(
    row: LabelRow,
    book: Codebook,
    texts: dict[str, TextVersion],
    units: dict[tuple[int, int], Unit],
    members: dict[str, Membership],
) -> Checked:
    text = texts.get(row.article)
    if text is None:
        raise InvalidError(f"there is no article “{row.article[:100]}” in this project.")
    unit = units.get((text.pk, row.sentence))
    if unit is None:
        raise InvalidError(f"the article “{row.article}” has no sentence {row.sentence}.")
    if not unit.codable:
        raise InvalidError(f"sentence {row.sentence} ({unit.kind}) of “{row.article}” is not offered for labelling.")
    annotator = members.get(row.annotator)
    if annotator is None:
        raise InvalidError(f"there is no annotator “{row.annotator[:100]}” among the members of this project.")
    try:
        answer = parse_cell(book.variable(row.variable), row.value)
    except KeyError as error:
        raise InvalidError(f"the codebook has no variable “{row.variable[:100]}”.") from error
    value = checked_value(book, row.variable, answer, unit=unit, text=text.text)
    return Checked(unit=unit, member=annotator, variable=row.variable, value=value)


def _refuse_labelled(into: Round | None, checked: Sequence[Checked]) -> None:
    if into is None:
        return
    released = Assignment.objects.filter(round=into, state=Assignment.State.RELEASED)
    back = set(released.values_list("text_version_id", "member_id", "occasion"))
    if any(item.share in back for item in checked):
        raise InvalidError(
            f"No label was imported: some are for shares of “{into.name}” that were taken back from their annotators."
            " Give them back first."
        )
    taken = set(
        Label.objects.filter(round=into, unit__in={item.unit.pk for item in checked}).values_list(
            "assignment__member_id", "unit_id", "variable"
        )
    )
    clashes = [item for item in checked if (item.member.pk, item.unit.pk, item.variable) in taken]
    if clashes:
        first = clashes[0]
        raise InvalidError(
            f"No label was imported: {len(clashes)} are in the round “{into.name}” already, the first being"
            f" {first.variable} of {first.member.pseudonym} on sentence {first.unit.index}."
        )
