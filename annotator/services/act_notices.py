"""Whom the acts of a lead concern is told, and webhooks are, once the request or the job that did them is over.

The acts are read from the audit of the project: whatever service did them, and whatever page called it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from threading import local

from django.urls import reverse

from annotator.services import webhook_acts
from annotator.services.notices import notify
from projects.models import Assignment, AuditEntry, Round
from projects.queries.access import due
from projects.queries.shares import JOIN, REASSIGN, RELEASE


class _OfRequest(local):
    """The audit entries of the request or job in hand; None outside of both, where nobody is told."""

    entries: list[int] | None = None


_request = _OfRequest()


def begin(**_signal: object) -> None:
    """A request or a job begins."""
    _request.entries = []


def noted(instance: AuditEntry, *, created: bool, **_signal: object) -> None:
    """An act was written down."""
    if created and _request.entries is not None and (instance.act in TELLERS or instance.act in webhook_acts.ACTS):
        _request.entries.append(instance.pk)


def finish(**_signal: object) -> None:
    """The answer is out, or the job at its end: of what it did, what was stored is told."""
    ids, _request.entries = _request.entries, None
    for entry in AuditEntry.objects.select_related("project", "member").filter(pk__in=ids) if ids else ():
        if entry.act in TELLERS:
            TELLERS[entry.act](entry)
        if entry.act in webhook_acts.ACTS:
            webhook_acts.tell(entry)


def _tell_opened(entry: AuditEntry) -> None:
    """Whoever has shares in the round that he may know of by now."""
    round = Round.objects.filter(project=entry.project, name=entry.detail.get("round", "")).first()
    if round is not None:
        shares = Assignment.objects.filter(due(), round=round).exclude(state=Assignment.State.RELEASED)
        users = shares.exclude(member=entry.member_id).values_list("member__user_id", flat=True)
        _notify(entry, "round open", users, {"round": round.name})


def _tell_moved(entry: AuditEntry) -> None:
    """Whose shares were taken, and to whom they were given."""
    for kind, name in (("share taken", "taken"), ("share given", "given")):
        shares = Assignment.objects.filter(due(), pk__in=entry.detail.get(name, ()), round__deleted_at=None)
        counted = Counter(shares.exclude(member=entry.member_id).values_list("member__user_id", "round__name"))
        for (user, round), number in counted.items():
            _notify(entry, kind, {user}, {"round": round, "number": number})


def _notify(entry: AuditEntry, kind: str, users: Collection[int | None], parts: Mapping[str, str | int]) -> None:
    told = {"project": entry.project.title, **parts}
    link = reverse("overview", args=[entry.project.slug])
    notify(kind, to=[user for user in users if user], project=entry.project_id, link=link, parts=told)


TELLERS: Mapping[str, Callable[[AuditEntry], None]] = {
    "open round": _tell_opened,
    "reopen round": _tell_opened,
    RELEASE: _tell_moved,
    REASSIGN: _tell_moved,
    JOIN: _tell_moved,
}
