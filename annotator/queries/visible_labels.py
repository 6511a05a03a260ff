"""Whose labels a caller sees: his own; where his role allows it, everybody's."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from annotator.models import Label
from annotator.queries.standing import standing
from projects.queries import access
from projects.queries.masking import MASKS

FIELDS = (
    "variable",
    "value",
    "version",
    "to_confirm",
    "updated_at",
    "unit__index",
    "unit__text_version__article__external_id",
    "round__name",
    "round__project",
    "round__closed_at",
    "round__arms",
    *(f"round__hide_{mask}" for mask in MASKS),
    "assignment__arm",
    "assignment__occasion",
    "assignment__member__pseudonym",
)


def visible_labels(*, whole: Collection[int], members: Collection[int]) -> QuerySet[Label]:
    """Labels of the memberships `members`, and of everybody in the projects `whole`.

    Whoever annotates in an open blind round sees nobody else's labels of it, whatever his role.
    """
    own = Q(assignment__member_id__in=members)
    others = Q(round__project_id__in=whole) & ~Q(round_id__in=access.blind_rounds_of(members).values("pk"))
    return (
        standing(Label.objects.select_related("unit__text_version__article", "round", "assignment__member"))
        .only(*FIELDS)
        .filter(own | others, round__deleted_at=None, unit__text_version__article__deleted_at=None)
    )
