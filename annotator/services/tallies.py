"""Tallies: what saves add up to by round, member, question and day, kept in the transaction of each save.

A unit may change by more than one answer, as when boundaries are mended: what does that says so by `tallied`. A tally
that is made anew counts an answer on the day on which it was given last, and a unit on that of its last answer.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from annotator.models import Label, Tally
from annotator.queries.standing import standing
from projects.models import Assignment
from projects.services.transaction import write

_ADD = """
INSERT INTO annotator_tally (round_id, member_id, variable, day, answers, units_done, active_ms)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (round_id, member_id, variable, day) DO UPDATE SET
    answers = annotator_tally.answers + excluded.answers,
    units_done = annotator_tally.units_done + excluded.units_done,
    active_ms = annotator_tally.active_ms + excluded.active_ms
"""
# Of each share the units that were labelled first, as many as it counts as done: no codebook need be read.
_FILL = """
INSERT INTO annotator_tally (round_id, member_id, variable, day, answers, units_done, active_ms)
WITH given AS (
    SELECT share.round_id, share.member_id, share.units_done, label.assignment_id, label.unit_id, label.variable,
        label.last_event_id, {label_day} AS day
    FROM annotator_label label
    JOIN projects_assignment share ON share.id = label.assignment_id
    JOIN projects_unit unit ON unit.id = label.unit_id AND unit.text_version_id = share.text_version_id
    WHERE label.value IS NOT NULL AND NOT label.to_confirm AND unit.codable {of_share}
), latest AS (
    SELECT given.*, ROW_NUMBER() OVER (PARTITION BY assignment_id, unit_id ORDER BY last_event_id DESC) AS place
    FROM given
), units AS (
    SELECT latest.*, ROW_NUMBER() OVER (PARTITION BY assignment_id ORDER BY last_event_id) AS number
    FROM latest WHERE place = 1
)
SELECT round_id, member_id, variable, day, SUM(answers), SUM(units_done), SUM(active_ms)
FROM (
    SELECT round_id, member_id, variable, day, 1 AS answers, 0 AS units_done, 0 AS active_ms FROM given
    UNION ALL
    SELECT round_id, member_id, variable, day, 0, 1, 0 FROM units WHERE number <= units_done
    UNION ALL
    SELECT share.round_id, share.member_id, event.variable, {event_day}, 0, 0,
        COALESCE(event.active_ms, 0) + COALESCE(event.elsewhere_ms, 0)
    FROM annotator_event event JOIN projects_assignment share ON share.id = event.assignment_id
    WHERE (event.active_ms IS NOT NULL OR event.elsewhere_ms IS NOT NULL) {of_share}
) AS counted
GROUP BY round_id, member_id, variable, day
"""


@dataclass(frozen=True, order=True)
class Account:
    """Whose tally: a member's in a round. `variable` is empty where no single answer is meant."""

    round: int
    member: int
    variable: str = ""


@dataclass(frozen=True)
class Amounts:
    answers: int = 0
    units_done: int = 0
    active_ms: int = 0

    def __sub__(self, other: "Amounts") -> "Amounts":
        return Amounts(*(mine - theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    def __bool__(self) -> bool:
        return any(astuple(self))


NOTHING = Amounts()


@dataclass(frozen=True)
class WrongTally:
    """A sum that is not what labels, counters and events say."""

    account: Account
    by_labels: Amounts
    by_tally: Amounts

    def __str__(self) -> str:
        where = f"round {self.account.round}, member {self.account.member}, {self.account.variable or 'all questions'}"
        return f"{where}: the labels say {self.by_labels}, the tally says {self.by_tally}"


def add(account: Account, amounts: Amounts, day: date | None = None) -> None:
    """Add to the tally of a day, today's if none is given, inside the caller's transaction."""
    if amounts:
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [*astuple(account), (day or timezone.localdate()).isoformat(), *astuple(amounts)])


@contextmanager
def tallied(shares: QuerySet[Assignment]) -> Iterator[None]:
    """Add up what changes meanwhile in labels and counters of these shares, locked by the caller's transaction."""
    before = sums(shares)
    yield
    after = sums(shares)
    for account in sorted(before.keys() | after.keys()):
        add(account, after.get(account, NOTHING) - before.get(account, NOTHING))


def sums(shares: QuerySet[Assignment]) -> Mapping[Account, Amounts]:
    """What labels and counters say: answers by question, units and times of all questions together."""
    given = standing(Label.objects.filter(assignment__in=shares, value__isnull=False, to_confirm=False))
    answers = given.filter(unit__codable=True).values_list("round_id", "assignment__member_id", "variable")
    counters = shares.order_by().values_list("round_id", "member_id")
    counted = counters.annotate(units=Sum("units_done"), active=Sum("active_ms"))
    found = {Account(*whose): Amounts(number) for *whose, number in answers.annotate(number=Count("pk"))}
    return found | {Account(*whose): Amounts(0, units, int(active)) for *whose, units, active in counted}


def tallied_sums(round: int, member: int) -> Mapping[Account, Amounts]:
    """The same as the tallies of a member in a round say it."""
    rows = Tally.objects.filter(round=round, member=member).values_list("variable").order_by("variable")
    found, units, active = {}, 0, 0
    for variable, *added in rows.annotate(Sum("answers"), Sum("units_done"), Sum("active_ms")):
        found[Account(round, member, variable)] = Amounts(added[0] if variable else 0)
        units, active = units + added[1], active + int(added[2])
    return found | {Account(round, member): Amounts(0, units, active)}


def wrong_tallies(*, mend: bool = False) -> Iterator[WrongTally]:
    """Compare the tallies with the labels, one member of a round at a time, and make anew those that differ.

    The shares are locked meanwhile, so that a site in use shows no difference that isn't there.
    """
    whose = Assignment.objects.order_by("round_id", "member_id").values_list("round_id", "member_id").distinct()
    for round, member in list(whose):
        shares = Assignment.objects.filter(round=round, member=member)
        with write():
            list(shares.select_for_update().values_list("pk"))
            expected, found = sums(shares), tallied_sums(round, member)
            wrong = [
                WrongTally(account, expected.get(account, NOTHING), found.get(account, NOTHING))
                for account in sorted(expected.keys() | found.keys())
                if expected.get(account, NOTHING) != found.get(account, NOTHING)
            ]
            if wrong and mend:
                Tally.objects.filter(round=round, member=member).delete()
                fill(round, member)
        yield from wrong


def fill(round: int | None = None, member: int | None = None) -> None:
    """Make tallies from labels, counters and events: all of them, or those of a member in a round."""
    if connection.vendor == "postgresql":
        day = "({} AT TIME ZONE %s)::date"
    else:
        day = "django_datetime_cast_date({}, 'UTC', %s)"
    only = round is not None and member is not None
    of_share = "AND share.round_id = %s AND share.member_id = %s" if only else ""
    query = _FILL.format(
        label_day=day.format("label.updated_at"), event_day=day.format("event.server_time"), of_share=of_share
    )
    part = [timezone.get_default_timezone_name(), *([round, member] if only else [])]
    with connection.cursor() as cursor:
        cursor.execute(query, [*part, *part])
