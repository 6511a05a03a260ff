"""What the owner of an account is written when it changes, lest somebody else change it unnoticed."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from projects.models import User
from projects.tasks import send_change

from .transaction import write


def tell_owner(user: User) -> None:
    """Leave it to the job worker to write to the e-mail that the account has, or had until now."""
    if settings.EMAIL_CONFIGURED and user.email:
        with write():
            send_change.enqueue(user.email, user.username)


def write_of_change(email: str, name: str) -> None:
    send_mail(
        _("Your account was changed"), render_to_string("account/changed_mail.txt", {"name": name}), None, [email]
    )
