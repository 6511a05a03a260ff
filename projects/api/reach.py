"""How far a request reaches: the caller's projects, and what of them he sees."""

from collections.abc import Sequence
from dataclasses import dataclass

from rest_framework.request import Request

from projects.models import Membership
from projects.permissions import can
from projects.queries import access


@dataclass(frozen=True)
class Reach:
    members: Sequence[Membership]

    @property
    def own(self) -> list[int]:
        """The caller's memberships: what is assigned to them, and what they answered, is his to read."""
        return [member.pk for member in self.members]

    def whole(self, act: str) -> list[int]:
        """The projects in which he may `act` on everybody's."""
        return [member.project_id for member in self.members if can(member, act)]


def reach(request: Request, slug: str | None = None) -> Reach:
    """All projects of the caller, or the one named."""
    if slug is not None:
        return Reach([access.membership(request.user, slug)])
    return Reach(list(access.memberships(request.user)))
