from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from projects.models import Membership, Role, User

MOST_ACCOUNTS = 10


def accounts_of_email(email: str) -> QuerySet[User]:
    """The accounts that a message to this e-mail may open. Those of another sign-in service have no password to set."""
    found = User.objects.filter(email__iexact=email, is_active=True).exclude(email="")
    return found.exclude(password__startswith="!")[:MOST_ACCOUNTS]


def may_make_password_link(lead: Membership, user: User) -> bool:
    """Whether all that the account reaches are projects that the lead leads, and it is not his own."""
    if user.pk == lead.user_id or not user.is_active or user.is_staff or user.is_superuser:
        return False
    leading = Membership.objects.filter(user__memberships=lead, role=Role.LEAD, left_at=None)
    beyond = Membership.objects.filter(user=user, left_at=None).exclude(project__in=leading.values("project"))
    return user.has_usable_password() and not beyond.exists()


@dataclass(frozen=True)
class ServiceLine:
    """Another service that signs people in, and whether it opens this account."""

    id: str
    name: str
    connected: bool


def services_of(user: User) -> list[ServiceLine]:
    if not settings.SSO.services:
        return []
    from allauth.socialaccount.models import SocialAccount  # an extra

    connected = set(SocialAccount.objects.filter(user=user).values_list("provider", flat=True))
    return [ServiceLine(service.id, service.name, service.id in connected) for service in settings.SSO.services]
