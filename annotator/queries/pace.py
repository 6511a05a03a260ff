"""How fast a round goes on, and how far each question is: from the tallies."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, DateField, F, IntegerField, Sum, Value
from django.utils import timezone

from annotator.core.forecast import Forecast, forecast
from annotator.models import Label, Tally
from annotator.queries.standing import standing
from projects.models import Assignment, Round

DAYS, WEEK = 14, 7
"""Two whole weeks: whatever the days off are, they are in it as often as in the weeks to come."""


@dataclass(frozen=True)
class Pace:
    """What was done in a round on the last days, oldest first and today last; `answers` are those of all time."""

    days: Sequence[date]
    units: Mapping[int, Sequence[int]] = field(default_factory=dict)
    """By member."""
    active_ms: Mapping[int, int] = field(default_factory=dict)
    last: Mapping[int, date] = field(default_factory=dict)
    """The last of these days with any work."""
    answers: Mapping[str, int] = field(default_factory=dict)

    def week_of(self, member: int, *, before: bool = False) -> int:
        """Units of the last seven whole days and today, or of the seven before."""
        own = self.units.get(member, ())
        return sum(own[: -WEEK - 1] if before else own[-WEEK - 1 :])

    @property
    def by_day(self) -> list[int]:
        """Of all together; a day on which more was taken back than done counts as none."""
        return [max(0, sum(day)) for day in zip(*self.units.values(), strict=True)] or [0] * len(self.days)

    def forecast(self, remaining: int, whole: Sequence[int] | None = None) -> Forecast | None:
        """By the whole days since work began, at most `DAYS`: today isn't over. `whole` are those of one member."""
        days = list(self.by_day if whole is None else whole)[:-1]
        begun = next((place for place, units in enumerate(days) if units), len(days))
        return forecast(remaining, [max(0, units) for units in days[begun:]])


def pace(round: Round) -> Pace:
    """In one query: rows of (member, day, units, active time), and of (question, answers)."""
    today = timezone.localdate()
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS + 1))]
    tallies = Tally.objects.filter(round=round).order_by()
    no_day, no_member = Value(None, output_field=DateField()), Value(None, output_field=IntegerField())
    recent = tallies.filter(day__gte=days[0]).values_list("member_id", "day")
    asked = tallies.exclude(variable="").annotate(nobody=no_member, never=no_day).values_list("nobody", "never")
    # What was answered in shares that were taken back since is work that was done, but no answer of the round's.
    released = Assignment.objects.filter(round=round, state=Assignment.State.RELEASED)
    given = standing(Label.objects.filter(assignment__in=released, value__isnull=False, to_confirm=False)).order_by()
    back = given.filter(unit__codable=True).annotate(nobody=no_member, never=no_day).values_list("nobody", "never")
    rows = recent.annotate(of=Value(""), units=Sum("units_done"), active=Sum("active_ms")).union(
        asked.annotate(of=F("variable"), units=Sum("answers"), active=Value(0)),
        back.annotate(of=F("variable"), units=Count("pk") * -1, active=Value(0)),
        all=True,
    )
    place = {day: number for number, day in enumerate(days)}
    units: dict[int, list[int]] = {}
    active, answers, last = Counter[int](), Counter[str](), dict[int, date]()
    for member, day, variable, number, milliseconds in rows:
        if day is None:
            answers[variable] += number
            continue
        last[member] = max(day, last.get(member, day))
        units.setdefault(member, [0] * len(days))[place.get(day, -1)] += number
        active[member] += int(milliseconds)
    return Pace(days, units, active, last, answers)
