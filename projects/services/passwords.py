"""Passwords: changed by their owner, or set anew by whoever holds a link that was made for his account.

A link goes to the account's e-mail, or a lead or the operator hands it over. It is signed, not stored: it holds for a
day, and ends when the password is set, the owner signs in, or his e-mail, projects or their leads change. So a lead
who may make one today can't keep it for the day on which the account reaches further than his own projects.
"""

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import base36_to_int, int_to_base36
from django.utils.translation import gettext as _

from annotator.core.errors import InvalidError, NotAllowedError, NotFoundError
from projects.models import Membership, Role, User
from projects.permissions import require
from projects.queries.accounts import accounts_of_email, may_make_password_link
from projects.tasks import send_password_links

from . import audit
from .owners import tell_owner
from .transaction import write

USED_UP = "This link is used up or too old."
LONGEST_EMAIL = 254


class _Links(PasswordResetTokenGenerator):
    key_salt = "projects.services.passwords"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        own = Membership.objects.filter(user=user, left_at=None)
        leads = Membership.objects.filter(project__memberships__in=own, role=Role.LEAD, left_at=None)
        reach = [sorted(own.values_list("pk", flat=True)), sorted(set(leads.values_list("pk", flat=True)))]
        return f"{super()._make_hash_value(user, timestamp)}{user.is_superuser}{reach}"


def make_password_link(*, lead: Membership, member_id: int) -> str:
    """The key of a link by which a member sets his password; it is shown once.

    Only for an account that reaches nothing beyond the lead's own projects: he could open it himself.
    """
    require(lead, "manage members")
    person = Membership.objects.select_related("user").filter(project_id=lead.project_id, pk=member_id).first()
    if person is None or person.left_at is not None or person.user is None:
        raise NotFoundError("There is no such member with a sign-in.")
    if not may_make_password_link(lead, person.user):
        raise NotAllowedError("You can’t make such a link for this account. The operator of the site can.")
    with write():
        audit.record(lead, "make password link", {"member": person.pseudonym, "id": person.pk})
    return link_key(person.user)


def link_key(user: User) -> str:
    return f"{int_to_base36(user.pk)}-{_Links().make_token(user)}"


def user_of_link(key: str) -> User:
    number, _dash, token = key.partition("-")
    try:
        user = User.objects.filter(pk=base36_to_int(number), is_active=True).first()
    except (ValueError, OverflowError):
        user = None
    if user is None or not _Links().check_token(user, token):
        raise NotFoundError(USED_UP)
    return user


def set_password_by_link(*, key: str, password: str) -> None:
    """Each project of the account learns that its password was set by a link; all other ways into it end.

    Lest whoever had such a link before keep one.
    """
    user = user_of_link(key)
    _refuse_weak(user, password)
    with write():
        user = User.objects.select_for_update().get(pk=user.pk)
        user_of_link(key)
        user.set_password(password)
        user.save(update_fields=["password"])
        _end_other_ways_in(user)
        for member in Membership.objects.filter(user=user, left_at=None):
            audit.record(member, "set password by link")
    tell_owner(user)


def _end_other_ways_in(user: User) -> None:
    """Tokens and services that sign in; the sessions end with the password."""
    user.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    if settings.SSO.services:
        from allauth.socialaccount.models import SocialAccount  # an extra

        SocialAccount.objects.filter(user=user).delete()


def change_password(*, user: User, password: str) -> None:
    """All other sessions of the account end; tokens of the API go on."""
    _refuse_weak(user, password)
    user.set_password(password)
    with write():
        user.save(update_fields=["password"])
    tell_owner(user)


def ask_for_links(*, email: str, site: str) -> None:
    """Let the job worker write to the accounts of an e-mail: the answer takes as long where there is none."""
    if 0 < len(email) <= LONGEST_EMAIL and email.isprintable():
        with write():
            send_password_links.enqueue(email, site)


def send_links(email: str, site: str) -> None:
    """Write to every account of this e-mail how its password is set anew."""
    for user in accounts_of_email(email):
        told = {"name": user.username, "link": f"{site}{reverse('reset', args=[link_key(user)])}"}
        send_mail(_("Set your password"), render_to_string("account/reset_mail.txt", told), None, [user.email])


def _refuse_weak(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidError(_("The password was not set."), tuple(error.messages)) from error
