"""Whether an account asks for a code beside its password. An app makes it (TOTP), or it is a recovery code."""

from django.conf import settings
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from projects.models import Membership, Role, User


def is_on(user: User) -> bool:
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def is_lacking(member: Membership, user: User) -> bool:
    """Whether the site asks it of the member, as a lead, and his account hasn't got it."""
    return bool(settings.SECOND_FACTOR_FOR_LEADS) and member.role == Role.LEAD and not is_on(user)


def begun(user: User) -> TOTPDevice | None:
    """The app that the user is setting up, which no code has confirmed yet."""
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return found


def recovery_codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())
