"""People of a project: invited by a link, known to exports by a pseudonym."""

import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from annotator.core.errors import InvalidError, NotFoundError
from projects.models import Invitation, Membership, Project, Role, User, hash_key
from projects.permissions import require
from projects.queries.members import earlier_owner

from . import audit
from .names import one_line
from .transaction import write

VALID_FOR = timedelta(days=14)
LONGEST_NOTE = 200
USED_UP = "This invitation is used up or too old. Ask the project lead for a new link."


def invite(*, lead: Membership, role: str, member: Membership | None = None, note: str = "") -> str:
    """Make an invitation and return the key of its link, which is shown once and not kept.

    `note` is the lead's own reminder of whom he made it for; nobody else reads it.
    """
    require(lead, "manage members")
    note = one_line(note, most=LONGEST_NOTE)
    if role not in Role.values:
        raise InvalidError(f"There is no role {role!r}.")
    if member is not None and (member.project_id != lead.project_id or member.user_id is not None):
        raise NotFoundError("There is no such member without a sign-in.")
    key = secrets.token_urlsafe(32)
    with write():
        Invitation.objects.create(
            project_id=lead.project_id,
            key_hash=hash_key(key),
            role=role,
            note=note,
            membership=member,
            invited_by=lead,
            expires_at=timezone.now() + VALID_FOR,
        )
        audit.record(lead, "invite", {"role": role, "for": note})
    return key


def open_invitation(key: str) -> Invitation:
    found = Invitation.objects.usable().select_related("project", "membership").filter(key_hash=hash_key(key)).first()
    if found is None:
        raise NotFoundError(USED_UP)
    return found


def withdraw_invitation(*, lead: Membership, invitation_id: int) -> None:
    """End an invitation that nobody has accepted yet."""
    require(lead, "manage members")
    waiting = Invitation.objects.unanswered().filter(project_id=lead.project_id, pk=invitation_id)
    with write():
        if not waiting.update(revoked_at=timezone.now()):
            raise NotFoundError("This invitation is not open any more.")
        audit.record(lead, "withdraw invitation")


def create_account(*, username: str, password: str) -> User:
    """An account made by a command, or by `accept_as_newcomer`: there is no other sign-up."""
    user = _new_user(username, password)
    try:
        with write():
            user.save()
    except IntegrityError as error:
        raise _name_taken(username) from error
    return user


def accept_as_newcomer(*, username: str, password: str, key: str) -> Membership:
    """An account for somebody who holds an invitation, and his membership: both, or neither."""
    open_invitation(key)
    user = _new_user(username, password)
    try:
        with write():
            user.save()
            return _accept(user, key)
    except IntegrityError as error:
        raise _name_taken(username) from error


def accept_invitation(*, user: User, key: str) -> Membership:
    """Make the user a member with the role that the invitation fixes. Who has left comes back as he was known."""
    try:
        with write():
            return _accept(user, key)
    except IntegrityError as error:
        raise InvalidError("You are a member of this project already.") from error


def _new_user(username: str, password: str) -> User:
    user = User(username=username.strip())
    try:
        user.full_clean(exclude=["password"])
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidError("The account was not made.", tuple(error.messages)) from error
    user.set_password(password)
    return user


def _name_taken(username: str) -> InvalidError:
    return InvalidError("The account was not made.", (f"The name “{username}” is taken.",))


def _accept(user: User, key: str) -> Membership:
    invitation = open_invitation(key)
    # Two people may press the button of one link at once; the row is changed for one of them.
    used = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=timezone.now())
    if not used:
        raise NotFoundError(USED_UP)
    member = _join(invitation, user)
    audit.record(member, "join", {"role": member.role})
    return member


def _join(invitation: Invitation, user: User) -> Membership:
    member = invitation.membership or _left(invitation, user) or _new_member(invitation)
    if member.user_id not in (None, user.pk):
        # Another invitation to take over the same member was accepted before.
        raise NotFoundError(USED_UP)
    member.user, member.role, member.left_at = user, invitation.role, None
    member.save()
    return member


def _left(invitation: Invitation, user: User) -> Membership | None:
    return Membership.objects.filter(project_id=invitation.project_id, user=user, left_at__isnull=False).first()


def _new_member(invitation: Invitation) -> Membership:
    # One at a time: two who join at once would get the same pseudonym.
    Project.objects.select_for_update().get(pk=invitation.project_id)
    number = Membership.objects.filter(project_id=invitation.project_id).count()
    pseudonym = _free_pseudonym(invitation.project_id, number)
    return Membership(project_id=invitation.project_id, pseudonym=pseudonym)


def _free_pseudonym(project_id: int, number: int) -> str:
    """One that nobody has or had: exports of then would be misread."""
    taken = set(Membership.objects.filter(project_id=project_id).values_list("pseudonym", flat=True))
    while f"ann-{number}" in taken or earlier_owner(project_id, f"ann-{number}") is not None:
        number += 1
    return f"ann-{number}"
