"""The labels of one assignment follow its round to another version of the codebook, inside the caller's transaction.

A label whose answer changes gets one more event, which says that nobody chose it and which move it is of. The labels on
units of earlier text versions follow too, so that boundaries can still be mended back.
"""

from dataclasses import dataclass

from annotator.core.codebook import Codebook, moved, unknown
from annotator.models import CodebookMove, Event, Label
from annotator.queries.boundaries import mendings_since
from annotator.queries.codebook_moves import movable
from annotator.queries.editions import text_version_at
from annotator.services.appending import Change, append
from annotator.services.counting import count_again
from annotator.services.late_labels import carry_on
from projects.models import Assignment
from projects.queries.codebooks import codebook
from projects.services.rounds import unit_totals

Place = tuple[int, str]
"""The id of a unit and the key of a variable."""


@dataclass(frozen=True)
class Followed:
    """How many labels of an assignment changed, and how many of these are asked again."""

    changed: int
    asked: int


def bring_along(move: CodebookMove, assignment: Assignment) -> Followed:
    """Change the labels as the version of the move says that their values became others."""
    book = codebook(move.to_version_id)
    if assignment.round.codebook_version_id != move.to_version_id:  # taken back meanwhile
        return Followed(0, 0)
    labels = Label.objects.filter(assignment=assignment, value__isnull=False)
    found = labels.filter(variable__in=[variable.key for variable in movable(book)])
    changes = append((_changed(book, label) for label in found.order_by("pk")), move=move)
    _count(assignment, book)
    return Followed(len(changes), sum(change.to_confirm for change in changes))


def bring_back(move: CodebookMove, assignment: Assignment) -> Followed:
    """Give the labels back that the move changed, but for what was chosen since."""
    book = codebook(move.from_version_id)
    pasts = _pasts(move, assignment)
    labels = Label.objects.filter(assignment=assignment).select_related("unit").order_by("pk")
    changes = append((_given_back(book, label, pasts[label.unit_id, label.variable]) for label in labels), move=move)
    article, text = assignment.text_version.article_id, assignment.text_version
    mendings = mendings_since(article, text_version_at(text, move.moved_at).number, text.number)
    for variable in sorted({change.label.variable for change in changes}) if mendings else ():
        units = [change.label.unit for change in changes if change.label.variable == variable]
        carry_on(assignment, variable, mendings, units)
    _count(assignment, book)
    return Followed(len(changes), sum(change.to_confirm for change in changes))


def _changed(book: Codebook, label: Label) -> Change:
    after = moved(book.variable(label.variable), label.value)
    return Change(label, after.value, after.asked or label.to_confirm)


@dataclass(slots=True)
class _Past:
    """What a label was before a move, whether the move changed it, and whether somebody's choice did since.

    That may have been made on an earlier unit, and carried on.
    """

    before: Event | None = None
    moved: bool = False
    chosen: bool = False


def _pasts(move: CodebookMove, assignment: Assignment) -> dict[Place, _Past]:
    pasts: dict[Place, _Past] = {}
    for event in Event.objects.filter(assignment=assignment).order_by("sequence"):
        past = pasts.setdefault((event.unit_id, event.variable), _Past())
        if event.move_id == move.pk:
            past.moved = True
        elif event.pk <= move.last_event:
            past.before = event
        elif event.move_id is None:
            past.chosen = True
    return pasts


def _given_back(book: Codebook, label: Label, past: _Past) -> Change:
    before = past.before
    if past.moved and not past.chosen and before is not None:
        return Change(label, before.value, bool(before.to_confirm))
    variable = book.find(label.variable)
    if variable is None or not unknown(variable, label.value):
        return Change(label, label.value, label.to_confirm)
    return Change(label, None if before is None else before.value, to_confirm=True)


def _count(assignment: Assignment, book: Codebook) -> None:
    total = unit_totals(book, [assignment.text_version])[assignment.text_version_id]
    if total != assignment.units_total:
        assignment.units_total = total
        assignment.save(update_fields=["units_total", "updated_at"])
    count_again([assignment])
