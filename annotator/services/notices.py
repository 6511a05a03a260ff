"""Notices: one line with a link for each person who should know. They are stored after the act, and never fail it.

A notice says where something is, never what anybody answered: who opens the link sees what he may see there.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import TypedDict

from django.urls import reverse
from django.utils import timezone

from annotator.core.errors import InvalidError, NotFoundError
from annotator.models import MailWish, Note, Notice
from annotator.queries.notices import WORDS, email_wanted, notices_of
from annotator.tasks import mail_notices
from projects.models import Membership, Project, Role, Round, User
from projects.services.transaction import write

__all__ = ["about", "leads_told_of", "mark_all_read", "notify", "open_notice", "set_wish", "settlers_told_of"]
log = logging.getLogger(__name__)


def notify(
    kind: str,
    *,
    to: Iterable[int],
    project: int,
    link: str,
    parts: Mapping[str, str | int] | None = None,
    note: Note | None = None,
) -> None:
    """Tell these users (their ids), after the transaction of the act. `kind` is a key of `WORDS`, which names `parts`.

    Whatever goes wrong here is logged, for the act was done.
    """
    try:
        _store(kind, set(to), project, link, dict(parts or {}), note)
    except Exception:
        log.exception("Nobody was told: %s %s", kind, link)


def _store(kind: str, to: set[int], project: int, link: str, parts: dict[str, str | int], note: Note | None) -> None:
    words = WORDS[kind] % parts  # a part that is missing fails here, not on everybody's page
    if not to or not words:
        return
    living = User.objects.filter(pk__in=to, is_active=True).values_list("pk", flat=True)
    rows = [
        Notice(user_id=user, project_id=project, kind=kind, parts=parts, link=link, note=note)
        for user in sorted(living)
    ]
    with write():
        stored = Notice.objects.bulk_create(rows, batch_size=500)
        for user, mine in groupby(email_wanted(stored), key=lambda notice: notice.user_id):
            mail_notices.enqueue(user, [notice.pk for notice in mine])


def leads_told_of(round: Round, besides: Membership) -> list[int]:
    """The leads of a round's project, but those who annotate in it blind: they may not read its notes yet."""
    return _told_of(round, besides, (Role.LEAD,))


def settlers_told_of(round: Round, besides: Membership) -> list[int]:
    """The same of all who adjudicate."""
    return _told_of(round, besides, (Role.LEAD, Role.ADJUDICATOR))


def _told_of(round: Round, besides: Membership, roles: Collection[str]) -> list[int]:
    members = Membership.objects.filter(project=round.project_id, role__in=roles, left_at=None, user__isnull=False)
    if round.blind and round.closed_at is None:
        members = members.exclude(assignments__round=round)
    return [user for user in members.exclude(pk=besides.pk).values_list("user_id", flat=True) if user is not None]


class About(TypedDict):
    project: int
    link: str
    parts: dict[str, str | int]


def about(note: Note) -> About:
    """Project, link and parts of a notice about a thread."""
    project = Project.objects.get(pk=note.round.project_id)
    link = f"{reverse('notes', args=[project.slug])}{'?settled=1' if note.settled_at else ''}#n{note.pk}"
    return About(project=project.pk, link=link, parts={"project": project.title})


def open_notice(*, user: User, notice_id: int) -> str:
    """Mark a notice as read; the answer is where it leads."""
    found = notices_of(user).filter(pk=notice_id).first()
    if found is None:
        raise NotFoundError("There is no such notice.")
    if found.read_at is None:
        with write():
            Notice.objects.filter(pk=found.pk).update(read_at=timezone.now())
    return found.link


def mark_all_read(*, user: User) -> None:
    with write():
        Notice.objects.filter(user=user, read_at=None).update(read_at=timezone.now())


def set_wish(*, user: User, wish: str) -> None:
    """Which notices the user also wants by e-mail."""
    if wish not in MailWish.Wish.values:
        raise InvalidError("Choose which notices you want by e-mail.")
    with write():
        MailWish.objects.update_or_create(user=user, defaults={"wish": wish})
