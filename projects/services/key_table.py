"""Who is behind each pseudonym: for a lead who asks for it, never part of a dataset, and written down."""

from dataclasses import dataclass

from projects.models import Membership
from projects.permissions import require

from . import audit
from .transaction import write


@dataclass(frozen=True)
class Keyed:
    """A member; without an account where labels came from elsewhere."""

    pseudonym: str
    role: str
    username: str
    name: str
    email: str


def take_key_table(*, member: Membership) -> list[Keyed]:
    """All who are or were members, by pseudonym."""
    require(member, "take key table")
    people = Membership.objects.filter(project=member.project_id).select_related("user")
    with write():
        audit.record(member, "take key table", {"members": len(people)})
    return sorted(map(_keyed, people), key=lambda keyed: keyed.pseudonym)


def _keyed(of: Membership) -> Keyed:
    user = of.user
    if user is None:
        return Keyed(of.pseudonym, of.role, "", "", "")
    return Keyed(of.pseudonym, of.role, user.username, user.get_full_name(), user.email)
