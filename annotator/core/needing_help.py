"""Who of the annotators needs help, and why: each is compared with the others, by marks that anybody can check."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal, TypeVar

Kind = Literal["not begun", "stopped", "falling", "slow", "gold", "apart", "unsure"]
Who = TypeVar("Who", bound=Hashable)

FEWEST = 3
"""Of fewer annotators nobody is usual."""
IDLE_DAYS, LATE_DAYS = 5, 2
"""So long without a unit, and so long after the work was given without a beginning."""
FEWEST_UNITS = 20
"""Before so many units neither speed nor agreement say much."""
FALLING, SLOW, APART, GOLD = 0.5, 2.0, 0.1, 0.8
"""Half of one's own pace before, twice the usual time, ten points less agreement than usual, four of five gold answers
met (as far as the interval reaches)."""
FEWEST_FLAGS, FLAGS = 5, 3
"""Three times as many flags as usual, and at least five."""


@dataclass(frozen=True)
class Course:
    """How one annotator's work in a round goes. None: not known.

    `lately` and `before` are the units of the last week and of the one before; `idle` the days since the last one,
    or where nothing has `begun`, since the work was given; `agrees` the share of answers on which he is at one with
    another; `gold` the upper end of the interval of the share of gold answers met.
    """

    left: int
    lately: int = 0
    before: int = 0
    idle: int = 0
    begun: bool = True
    seconds_each: float | None = None
    agrees: float | None = None
    gold: float | None = None
    flags: int = 0


@dataclass(frozen=True)
class Reason:
    """`own` is his figure, and `usual` the one it is compared with."""

    kind: Kind
    own: float = 0
    usual: float = 0


def needing_help(courses: Mapping[Who, Course]) -> dict[Who, list[Reason]]:
    """Those who need help, with the reasons.

    >>> usual = {name: Course(left=10, lately=40, idle=0, seconds_each=8.0) for name in "abc"}
    >>> needing_help(usual | {"d": Course(left=50, lately=30, idle=6, seconds_each=20.0)})
    {'d': [Reason(kind='stopped', own=6, usual=0), Reason(kind='slow', own=20.0, usual=8.0)]}
    """
    known = list(courses.values())
    seconds = _usual(known, lambda course: course.seconds_each)
    agrees = _usual(known, lambda course: course.agrees)
    flags = _usual(known, lambda course: course.flags)
    found = {who: [*_at_rest(course), *_beside(course, seconds, agrees, flags)] for who, course in courses.items()}
    return {who: reasons for who, reasons in found.items() if reasons}


def _usual(courses: Sequence[Course], figure: Callable[[Course], float | None]) -> float | None:
    figures = [number for course in courses if (number := figure(course)) is not None]
    return median(figures) if len(figures) >= FEWEST else None


def _at_rest(course: Course) -> list[Reason]:
    """Compared with himself. Whoever is done rests."""
    if not course.left:
        return []
    if not course.begun:
        return [Reason("not begun", course.idle)] if course.idle >= LATE_DAYS else []
    if course.idle >= IDLE_DAYS:
        return [Reason("stopped", course.idle)]
    if course.before >= FEWEST_UNITS and course.lately < FALLING * course.before:
        return [Reason("falling", course.lately, course.before)]
    return []


def _beside(course: Course, seconds: float | None, agrees: float | None, flags: float | None) -> list[Reason]:
    """Compared with what is usual among the others."""
    reasons = []
    enough = course.lately + course.before >= FEWEST_UNITS
    if enough and seconds and course.seconds_each is not None and course.seconds_each > SLOW * seconds:
        reasons.append(Reason("slow", course.seconds_each, seconds))
    if course.gold is not None and course.gold < GOLD:
        reasons.append(Reason("gold", course.gold, GOLD))
    if agrees is not None and course.agrees is not None and course.agrees < agrees - APART:
        reasons.append(Reason("apart", course.agrees, agrees))
    if flags is not None and course.flags >= max(FEWEST_FLAGS, FLAGS * flags):
        reasons.append(Reason("unsure", course.flags, flags))
    return reasons
