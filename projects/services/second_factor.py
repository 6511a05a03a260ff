"""The second factor of an account: set up with an app, confirmed by its first code, used at each sign-in.

django-otp checks the codes: each is good once, and after a wrong one the next is looked at only after a pause that
doubles, whoever sends it from wherever. Each code is checked in a transaction that locks its device.
"""

from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from annotator.core.errors import ConflictError, InvalidError
from projects.models import User
from projects.queries.second_factor import is_on

from .transaction import write

RECOVERY_CODES = 10
DIGITS = 6
WRONG = "This code is wrong, was used before, or came too soon after a wrong one. Wait for the next one."


def begin_second_factor(*, user: User) -> None:
    """A new secret for an app; an earlier one that was never confirmed is forgotten."""
    if is_on(user):
        raise ConflictError("Your account has a second factor already. Switch it off first.")
    with write():
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def confirm_second_factor(*, user: User, code: str) -> list[str]:
    """From now on the account asks for a code. The recovery codes are shown once."""
    with write():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        right = device is not None and device.verify_token(_cleaned(code))
        if device is not None and right:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            return _store_recovery_codes(user)
    raise InvalidError(WRONG)


def is_right_code(*, user: User, code: str) -> bool:
    """Whether the app or the list of recovery codes gave this code, which is used up by it."""
    given = _cleaned(code)
    devices = TOTPDevice.objects if given.isdigit() and len(given) == DIGITS else StaticDevice.objects
    with write():
        device = devices.select_for_update().filter(user=user, confirmed=True).first()
        return device is not None and bool(device.verify_token(given))


def make_recovery_codes(*, user: User, code: str) -> list[str]:
    """New recovery codes in place of the earlier ones, for who has one code left or his app."""
    if not is_right_code(user=user, code=code):
        raise InvalidError(WRONG)
    with write():
        return _store_recovery_codes(user)


def switch_off_second_factor(*, user: User, code: str | None) -> None:
    """The password is enough again. `code` is None where the operator does it."""
    if code is not None and not is_right_code(user=user, code=code):
        raise InvalidError(WRONG)
    with write():
        for devices in (TOTPDevice.objects, StaticDevice.objects):
            devices.filter(user=user).delete()


def _store_recovery_codes(user: User) -> list[str]:
    device, _made = StaticDevice.objects.get_or_create(user=user, defaults={"name": "recovery codes"})
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def _cleaned(code: str) -> str:
    """The letters and digits of what was typed, and no more of them than a code has."""
    return "".join(sign for sign in code[:40].lower() if sign.isascii() and sign.isalnum())[:16]
