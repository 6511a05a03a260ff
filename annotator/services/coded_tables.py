"""A table that was coded elsewhere becomes a project: one unit an item, one member an annotator, a closed round."""

import hashlib
from collections.abc import Mapping, Sequence, Set
from itertools import chain, count

from django.db import IntegrityError

from annotator.core.codebook import AnswerError, Codebook, CodebookError, check_answer, parse
from annotator.core.coded_tables import Level, answer_of, codebook_document, seen_values
from annotator.core.errors import InvalidError
from annotator.core.text import TextError, clean
from annotator.formats.coded_table import REFUSED, CodedRow, read_coded_rows
from annotator.services.label_imports import Imported
from annotator.services.stored_labels import Checked, imported_round, store_labels
from projects.models import Article, ItemText, Membership, Role, TextVersion, Unit, User
from projects.services.codebooks import store_version
from projects.services.projects import store_project, taken
from projects.services.transaction import write

BATCH = 500
SPLITTER = "coded-table"


def create_from_table(
    *, slug: str = "", title: str = "", data: bytes, levels: Mapping[str, Level], user: User | None = None
) -> Imported:
    """Make a project of the table, with a codebook from the values that occur, and with `user` as its lead.

    Without a user it is an operator's act. The annotators have no sign-in until they are invited. Raises InvalidError
    with a problem a row; then nothing is stored.
    """
    title = title or slug
    rows = read_coded_rows(data)
    document = codebook_document(title, seen_values([(row.variable, row.value) for row in rows]), levels)
    book = _parsed(document)
    texts = _texts(rows)
    _check(rows, book)
    try:
        with write():
            names = {row.annotator for row in rows}
            project = store_project(user=user, title=title, slug=slug, pseudonym=_free(names))
            version = store_version(project.project_id, document, draft=False)
            units = store_items(project.project_id, texts)
            members = _store_members(project.project_id, rows)
            checked = _labels(rows, book, units, members)
            target = imported_round(project.project_id, version, checked)
            store_labels(target, book, checked)
    except IntegrityError as error:
        raise taken(slug or title) from error
    return Imported(round=target, labels=len(checked), annotators=len(members))


def _free(names: Set[str]) -> str:
    """A pseudonym for the lead that no annotator of the table has."""
    return next(name for name in chain(["lead"], map("lead-{}".format, count(2))) if name not in names)


def _parsed(document: Mapping[str, object]) -> Codebook:
    try:
        return parse(document)
    except CodebookError as error:
        problems = tuple(str(problem) for problem in error.problems)
        raise InvalidError(f"{REFUSED}: its values make no codebook.", problems) from error


def _texts(rows: Sequence[CodedRow]) -> dict[str, tuple[str, str]]:
    """The text of each item and whether the table gave it; an item without one is shown as its id in brackets."""
    texts: dict[str, str] = {}
    problems = []
    for row in rows:
        if row.text and texts.setdefault(row.item_id, row.text) != row.text:
            problems.append(f"Row {row.line}: the item {row.item_id} had another text before.")
    for item, text in texts.items():
        try:
            if clean(text).text != text:
                problems.append(
                    f"Item {item}: its text holds line ends or controls that we don't keep; clean it first."
                )
        except TextError as error:
            problems.append(f"Item {item}: {error}.")
    if problems:
        raise InvalidError(f"{REFUSED}.", tuple(problems))
    given = {item: (text, ItemText.GIVEN.value) for item, text in texts.items()}
    return {row.item_id: given.get(row.item_id, (f"[{row.item_id}]", ItemText.ABSENT.value)) for row in rows}


def _check(rows: Sequence[CodedRow], book: Codebook) -> None:
    by_label = {variable.label: variable for variable in book.variables}
    seen: dict[tuple[str, str, str, int], int] = {}
    groups: dict[str, str] = {}
    problems = []
    for row in rows:
        place = (row.item_id, row.annotator, row.variable, row.occasion)
        earlier = seen.setdefault(place, row.line)
        if earlier != row.line:
            problems.append(
                f"Row {row.line}: this label stands in row {earlier} already; number a second one as occasion 2."
            )
        if groups.setdefault(row.annotator, row.group) != row.group:
            problems.append(f"Row {row.line}: {row.annotator} was in another group before.")
        answer = answer_of(by_label[row.variable], row.value)
        try:
            if answer is not None:
                check_answer(by_label[row.variable], answer, text="", start=0, end=0)
        except AnswerError as error:
            problems.append(f"Row {row.line}: {error}")
    if problems:
        raise InvalidError(f"{REFUSED}.", tuple(problems[:200]))


def store_items(project_id: int, texts: Mapping[str, tuple[str, str]]) -> dict[str, Unit]:
    """An article with one unit for each item, of its text and whether the text was given; by item the unit."""
    articles = Article.objects.bulk_create(
        [
            Article(project_id=project_id, external_id=item, title=text.split("\n")[0][:300], item_text=given)
            for item, (text, given) in texts.items()
        ],
        batch_size=BATCH,
    )
    versions = TextVersion.objects.bulk_create(
        [
            TextVersion(
                article=article,
                text=texts[article.external_id][0],
                sha256=hashlib.sha256(texts[article.external_id][0].encode()).hexdigest(),
                splitter=SPLITTER,
                splitter_version="1",
            )
            for article in articles
        ],
        batch_size=BATCH,
    )
    made = Unit.objects.bulk_create([unit for version in versions for unit in item_units(version)], batch_size=BATCH)
    items = {version.pk: version.article.external_id for version in versions}
    return {items[unit.text_version_id]: unit for unit in made if unit.index}


def item_units(version: TextVersion) -> list[Unit]:
    """The whole article, and the one unit that was coded: the text without white space at its ends."""
    text = version.text
    start = len(text) - len(text.lstrip())
    return [
        Unit(text_version=version, index=0, kind="article", start=0, end=len(text)),
        Unit(text_version=version, index=1, kind="sentence", start=start, end=len(text.rstrip())),
    ]


def _store_members(project_id: int, rows: Sequence[CodedRow]) -> dict[str, Membership]:
    groups = {row.annotator: row.group for row in rows}
    Membership.objects.bulk_create(
        [
            Membership(project_id=project_id, role=Role.ANNOTATOR, pseudonym=name, group=group)
            for name, group in sorted(groups.items())
        ],
        batch_size=BATCH,
    )
    return {m.pseudonym: m for m in Membership.objects.filter(project_id=project_id, pseudonym__in=groups)}


def _labels(
    rows: Sequence[CodedRow], book: Codebook, units: Mapping[str, Unit], members: Mapping[str, Membership]
) -> list[Checked]:
    by_label = {variable.label: variable for variable in book.variables}
    labels = []
    for row in rows:
        variable = by_label[row.variable]
        answer = answer_of(variable, row.value)
        if answer is not None:
            labels.append(Checked(units[row.item_id], members[row.annotator], variable.key, answer, row.occasion))
    return labels
