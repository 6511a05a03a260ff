"""Counters of assignments, from the labels: a unit is done when its answers stand on the assigned text, confirmed."""

from collections.abc import Iterable

from annotator.core.codebook import Json
from annotator.models import Label
from projects.models import Assignment
from projects.queries.codebooks import codebook
from projects.queries.progress import done

BEGUN = frozenset({Assignment.State.STARTED, Assignment.State.DONE})


def units_done(assignment: Assignment) -> int:
    """How many units are done. Labels on earlier text versions are history, and what waits is not done."""
    book = codebook(assignment.round.codebook_version_id)
    rows = Label.objects.filter(
        assignment=assignment,
        value__isnull=False,
        to_confirm=False,
        unit__text_version_id=assignment.text_version_id,
        unit__codable=True,
    )
    answers: dict[int, dict[str, Json]] = {}
    for index, variable, value in rows.values_list("unit__index", "variable", "value"):
        answers.setdefault(index, {})[variable] = value
    return sum(done(book, index, given) for index, given in answers.items())


def count_again(assignments: Iterable[Assignment]) -> None:
    """Set counters and state right, inside the caller's transaction; `units_total` is taken as it stands."""
    for assignment in assignments:
        before = assignment.units_done, assignment.state
        assignment.units_done = units_done(assignment)
        if assignment.state in BEGUN:
            finished = assignment.units_done >= assignment.units_total
            assignment.state = Assignment.State.DONE if finished else Assignment.State.STARTED
        if before != (assignment.units_done, assignment.state):
            assignment.save(update_fields=["units_done", "state", "updated_at"])
