"""Keys to the API. A user makes and revokes his own; what a key may do is never more than what he may."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.utils import timezone

from annotator.core.errors import InvalidError, NotFoundError
from projects.models import Token, User, hash_key
from projects.queries import access

from .transaction import write

LONGEST_DAYS = 366
USE_NOTED = timedelta(hours=1)
# So that people and scanners for leaked secrets know what they found.
PREFIX = "annotator_"


@dataclass(frozen=True)
class MadeToken:
    """The only moment at which the key is known."""

    name: str
    key: str
    expires_at: datetime


def make_token(*, user: User, name: str, scope: str, days: int, projects: Collection[int] | None = None) -> MadeToken:
    """A new key of the user's, to all his projects, or to these alone.

    Raises InvalidError where the name is taken or a limit is passed.
    """
    name = name.strip()
    _refuse_unfit(name, scope, days)
    opened = None if projects is None else _own_projects(user, projects)
    key = PREFIX + secrets.token_urlsafe(32)
    expires_at = timezone.now() + timedelta(days=days)
    try:
        with write():
            Token.objects.create(
                user=user, name=name, key_hash=hash_key(key), scope=scope, projects=opened, expires_at=expires_at
            )
    except IntegrityError as error:
        raise InvalidError(f"You have a token named “{name}” already. Choose another name.") from error
    return MadeToken(name, key, expires_at)


def revoke_token(*, user: User, token_id: int) -> None:
    """From now on the key opens nothing. Revoking twice is no fault."""
    with write():
        if not Token.objects.filter(pk=token_id, user_id=user.pk).exists():
            raise NotFoundError("There is no such token.")
        Token.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=timezone.now())


def note_use(token: Token) -> None:
    """Keep when it was used last, to the hour: no request has to wait for a write but one of them."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - USE_NOTED:
        with write():
            Token.objects.filter(pk=token.pk).update(last_used_at=now)


def _own_projects(user: User, projects: Collection[int]) -> list[int]:
    own = sorted(access.memberships(user).filter(project__in=projects).values_list("project_id", flat=True))
    if not own or len(own) < len(set(projects)):
        raise InvalidError("Choose at least one project, all of them yours.")
    return own


def _refuse_unfit(name: str, scope: str, days: int) -> None:
    problems = []
    if not name or len(name) > 80 or not name.isprintable():
        problems.append("Give the token a name of 1 to 80 characters.")
    if scope not in Token.Scope.values:
        problems.append("Choose the scope read or write.")
    if not 1 <= days <= LONGEST_DAYS:
        problems.append(f"A token lives 1 to {LONGEST_DAYS} days.")
    if problems:
        raise InvalidError("The token was not made.", tuple(problems))
