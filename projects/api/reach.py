"""How far a request reaches: the caller's projects, and what of them he sees."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from projects.models import Membership, User
from projects.permissions import can
from projects.queries import access, second_factor


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


def caller(request: Request) -> User:
    """Who asks; the permission classes let nobody through without an account."""
    if isinstance(request.user, AnonymousUser):
        raise NotAuthenticated
    return request.user


def reach(request: Request, slug: str | None = None) -> Reach:
    """All projects of the caller, or the one named; none that he leads without the second factor that is asked."""
    user = caller(request)
    found = access.memberships(user) if slug is None else [access.membership(user, slug)]
    return Reach([member for member in found if not second_factor.is_lacking(member, user)])
