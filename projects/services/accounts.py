"""What a user changes about his own account."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from annotator.core.errors import InvalidError
from projects.models import User

from .names import one_line
from .owners import tell_owner
from .transaction import write

LONGEST_NAME = 150


def change_profile(*, user: User, name: str, username: str, email: str) -> None:
    """`name` is what leads read, `username` what signs in. One e-mail may belong to several accounts."""
    changed = User.objects.get(pk=user.pk)
    changed.first_name, changed.last_name = one_line(name, most=LONGEST_NAME), ""
    changed.username, changed.email = username.strip(), email.strip()
    try:
        changed.full_clean(exclude=["password"], validate_unique=False)
    except ValidationError as error:
        raise InvalidError("Your account was not changed.", tuple(error.messages)) from error
    try:
        with write():
            changed.save(update_fields=["first_name", "last_name", "username", "email"])
    except IntegrityError as error:
        raise InvalidError("Your account was not changed.", (f"The name “{username}” is taken.",)) from error
    if changed.email != user.email:
        tell_owner(user)


def disconnect_service(*, user: User, service: str) -> None:
    """From now on the service opens the account no more; refused where nothing else would."""
    if not user.has_usable_password():
        raise InvalidError("Set a password first, else nothing would open your account.")
    from allauth.socialaccount.models import SocialAccount  # an extra

    with write():
        SocialAccount.objects.filter(user=user, provider=service).delete()
