"""On which assignment of the caller's a choice is to be saved, when it names a unit only."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from annotator.core.errors import InvalidError, NotFoundError
from annotator.models import Event
from projects.models import Assignment
from projects.queries.access import due


class SeveralAssignmentsError(InvalidError):
    """The unit is in several open assignments of the caller's, and he didn't say which he means."""


def save_target(*, user_id: int, unit_id: int, event: UUID, assignment_id: int | None) -> Assignment:
    """The assignment that the event was saved on before, else the one named, else the only open one.

    A unit of an earlier text version is in the assignments that were moved on from it by a mending.
    One query. Raises NotFoundError where the caller has none, SeveralAssignmentsError where he has to choose.
    """
    of_caller = Q(member__user_id=user_id, member__left_at=None, member__project__deleted_at=None)
    found = list(
        Assignment.objects.select_related("round__codebook_version", "member__project", "text_version__article")
        .defer("round__codebook_version__document")
        .annotate(repeats=Exists(Event.objects.filter(uuid=event, assignment_id=OuterRef("pk"))))
        .filter(
            of_caller,
            due(),
            text_version__article__text_versions__units__id=unit_id,
            text_version__article__text_versions__number__lte=F("text_version__number"),
        )
        .filter(~Q(state=Assignment.State.RELEASED) | Q(repeats=True))
        .filter(Q() if assignment_id is None else Q(pk=assignment_id))
        .order_by("id")
    )
    repeated = [assignment for assignment in found if assignment.repeats]
    return repeated[0] if repeated else _only_open(found)


def _only_open(found: Sequence[Assignment]) -> Assignment:
    if not found:
        raise NotFoundError("You have no assignment with such a unit.")
    # The service refuses a closed round, and says so.
    offered = [assignment for assignment in found if assignment.round.closed_at is None] or found[-1:]
    if len(offered) > 1:
        ids = ", ".join(str(assignment.pk) for assignment in offered)
        raise SeveralAssignmentsError(f"This unit is in several of your open assignments. Choose one: {ids}.")
    return offered[0]
