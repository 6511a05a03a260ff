"""What the export page offers to choose from, and what an address chooses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotator.core.errors import InvalidError
from annotator.core.sentences import KINDS
from annotator.core.tables import Selection
from annotator.web.moments import asked_moment
from projects.models import Assignment, Round
from projects.queries.codebooks import codebook
from projects.web.numbers import number

MOST_PICKED = 500
FILES = {
    "csv": gettext_lazy("CSV"),
    "xlsx": gettext_lazy("Excel workbook (XLSX)"),
    "parquet": gettext_lazy("Parquet"),
    "tsv": gettext_lazy("TSV (tabs)"),
    "jsonl": gettext_lazy("JSON Lines"),
    "spreadsheet": gettext_lazy("CSV for Excel"),
}
TABLES = {
    "long": gettext_lazy("Long"),
    "wide": gettext_lazy("Wide"),
    "spans": gettext_lazy("Spans"),
    "attributions": gettext_lazy("Attributions"),
    "decisions": gettext_lazy("Decisions"),
    "consensus": gettext_lazy("Consensus"),
    "events": gettext_lazy("Events"),
}
ONE_ROW = {
    "long": gettext_lazy(
        "One row for each annotator, unit and question. Unanswered and not asked are rows too, so that nothing has to"
        " be guessed."
    ),
    "wide": gettext_lazy(
        "One row for each annotator and unit, with a column for each question, one for each value of a set (1 or 0),"
        " and one for the state of each answer."
    ),
    "spans": gettext_lazy("One row for each stretch of text that somebody marked."),
    "attributions": gettext_lazy("One row for each attribution. Where the narrator speaks there is none."),
    "decisions": gettext_lazy("One row for each unit and question that was adjudicated, as it is now."),
    "consensus": gettext_lazy(
        "One row for each unit and question that anybody answered: majority, share of each value, and Dawid and Skene’s"
        " estimate."
    ),
    "events": gettext_lazy("One row for each change of a label, from the first answer on."),
}


@dataclass(frozen=True)
class Field:
    """One thing to choose by; each choice is its value, its name, and whether it is picked."""

    name: str
    label: str
    choices: Sequence[tuple[str, str, bool]]

    @property
    def picked(self) -> int:
        return sum(picked for *_, picked in self.choices)


def asked_selection(request: HttpRequest) -> Selection:
    """Each part may be named several times. Raises InvalidError where one can't be read."""
    asked = request.POST if request.method == "POST" else request.GET
    rounds = [number(value) for value in _picked(asked, "round")]
    if None in rounds:
        raise InvalidError("Choose a round from the list.")
    return Selection(
        rounds=tuple(pk for pk in rounds if pk is not None),
        variables=_picked(asked, "variable"),
        kinds=_picked(asked, "kind"),
        annotators=_picked(asked, "annotator"),
        at=asked_moment(request),
        under=_version(asked.get("codebook", "")),
    )


def _picked(asked: QueryDict, name: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(value for value in asked.getlist(name) if value))
    if len(found) > MOST_PICKED or any("\0" in value for value in found):
        raise InvalidError(f"Choose from the {name}s that there are, {MOST_PICKED} at most.")
    return found


def _version(value: str) -> int | None:
    if not value:
        return None
    chosen = number(value)
    if chosen is None:
        raise InvalidError("Give the version of the codebook by its number.")
    return chosen


def fields(rounds: Sequence[Round], asked: QueryDict) -> list[Field]:
    """What a table of these rounds can be parted by; what there is only one of is not asked for."""
    books = [codebook(round.codebook_version_id) for round in rounds]
    questions = {variable.key: variable.label for book in books for variable in book.variables}
    shares = Assignment.objects.filter(round__in=rounds, kind=Assignment.Kind.LABELS)
    names = sorted(set(shares.order_by().values_list("member__pseudonym", flat=True).distinct()))
    offered: list[tuple[str, str, Iterable[tuple[str, str]]]] = [
        ("round", _("Rounds"), [(str(round.pk), round.name) for round in rounds]),
        ("variable", _("Questions"), questions.items()),
        ("kind", _("Kinds of unit"), [(kind, kind) for kind in ("article", *KINDS)]),
        ("annotator", _("Annotators"), [(name, name) for name in names]),
    ]
    found = []
    for name, label, choices in offered:
        picked = asked.getlist(name)
        found.append(Field(name, label, [(value, shown, value in picked) for value, shown in choices]))
    return [field for field in found if len(field.choices) > 1 or field.picked]
