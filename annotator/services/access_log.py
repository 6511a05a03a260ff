"""The log of who was served others' answers, by which a report shows that its annotators worked blind.

It is written after the answer has gone out, so that no page waits for the write lock or fails with the log. There is no
service that changes or removes an entry.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import local

from django.db import connection
from django.utils import timezone

from annotator.models import AccessEntry
from projects.models import Membership
from projects.services.transaction import write

log = logging.getLogger(__name__)
_TABLE = AccessEntry._meta.db_table
_ADD = f"""
    INSERT INTO {_TABLE} (member_id, round_id, what, day, first_at, last_at, times) VALUES (%s, %s, %s, %s, %s, %s, 1)
    ON CONFLICT (round_id, member_id, what, day)
    DO UPDATE SET last_at = excluded.last_at, times = {_TABLE}.times + 1
"""


@dataclass(frozen=True)
class _Served:
    member: int
    round: int
    what: str
    at: datetime


class _OfRequest(local):
    """What the request in hand has served; None outside of requests, where it is written at once."""

    served: list[_Served] | None = None


_request = _OfRequest()


def note(*, member: Membership, rounds: Iterable[int], what: AccessEntry.What) -> None:
    """The member was served others' answers of these rounds (their ids)."""
    now = timezone.now()
    served = [_Served(member.pk, round, what, now) for round in dict.fromkeys(rounds)]
    if _request.served is None:
        _write(served)
    else:
        _request.served += served


def begin(**_signal: object) -> None:
    """A request begins."""
    _request.served = []


def finish(**_signal: object) -> None:
    """The answer to a request is out."""
    served, _request.served = _request.served, None
    if not served:
        return
    try:
        _write(served)
    except Exception:
        log.exception("The access log lacks %s", served)


def _write(served: Iterable[_Served]) -> None:
    """One statement a row, so that two at once make one row of today: the second adds to it."""
    rows = [(one.member, one.round, one.what, *_times(one.at)) for one in served]
    if rows:
        with write(), connection.cursor() as cursor:
            cursor.executemany(_ADD, rows)


def _times(at: datetime) -> tuple[str | None, str | None, str | None]:
    """Day, first and last time, as the database takes them."""
    moment = connection.ops.adapt_datetimefield_value(at)
    return connection.ops.adapt_datefield_value(at.astimezone(UTC).date()), moment, moment
