"""Counters of assignments, from the labels: a unit is done when its answers stand on the assigned text, confirmed."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import QuerySet

from annotator.core.codebook import Codebook
from annotator.models import Label
from annotator.queries.coding import Answer, answered
from annotator.queries.standing import standing
from projects.models import Assignment
from projects.queries.codebooks import codebook

BEGUN = frozenset({Assignment.State.STARTED, Assignment.State.DONE})


def units_done(book: Codebook, labels: QuerySet[Label]) -> Counter[int]:
    """How many units are done, by assignment."""
    answers: dict[tuple[int, int], dict[str, Answer]] = {}
    rows = standing(labels).filter(unit__codable=True)
    found = rows.values_list("assignment_id", "unit__index", "variable", "value", "version", "to_confirm")
    for owner, index, variable, value, version, to_confirm in found:
        answers.setdefault((owner, index), {})[variable] = Answer(value, version, to_confirm)
    return Counter(owner for (owner, index), given in answers.items() if answered(book, index, given))


def count_again(assignments: Iterable[Assignment]) -> None:
    """Set counters and state right, inside the caller's transaction; `units_total` is taken as it stands."""
    for assignment in assignments:
        before = assignment.units_done, assignment.state
        book = codebook(assignment.round.codebook_version_id)
        assignment.units_done = units_done(book, Label.objects.filter(assignment=assignment))[assignment.pk]
        if assignment.state in BEGUN:
            finished = assignment.units_done >= assignment.units_total
            assignment.state = Assignment.State.DONE if finished else Assignment.State.STARTED
        if before != (assignment.units_done, assignment.state):
            assignment.save(update_fields=["units_done", "state", "updated_at"])
