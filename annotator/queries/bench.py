"""The queue of the adjudicator's bench: which units, of which questions, in which order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from django.db.models import F, QuerySet
from django.db.models.functions import Substr

from annotator.core.codebook import Variable
from annotator.models import Decision
from annotator.queries.adjudication import changed_since, standing_decisions, visible_queue
from annotator.queries.disputed import Disputed, disputed
from projects.models import Membership, Round, Unit
from projects.queries.codebooks import codebook

Order = Literal["hardest", "alpha", "text"]
Show = Literal["open", "discussed", "changed", "decided"]
MEASURES: Mapping[str, Callable[[Disputed], float]] = {
    "hardest": lambda one: one.disagreement,
    "alpha": lambda one: one.gain,
}
MOST_LISTED = 200
"""So many at most of those that are decided already."""


class Item(NamedTuple):
    """One question on one unit. `put_up` is the id in the queue of those put up by hand.

    A named tuple, as there may be a hundred thousand of them.
    """

    unit: int
    variable: str
    split: tuple[int, ...] = ()
    put_up: int | None = None
    is_open: bool = True

    @property
    def key(self) -> str:
        return f"{self.unit}-{self.variable}"


@dataclass(frozen=True)
class Queue:
    """`items` in order; of the open ones all that are decided stand among them still, to find one's way by."""

    items: Sequence[Item]

    @cached_property
    def open(self) -> list[Item]:
        return [item for item in self.items if item.is_open]

    def find(self, key: str) -> Item | None:
        return next((item for item in self.items if item.key == key), None)

    def after(self, key: str) -> Item | None:
        """The next open one, from the beginning again where there is none behind."""
        return self._next(key, 1)

    def before(self, key: str) -> Item | None:
        return self._next(key, -1)

    def _next(self, key: str, step: int) -> Item | None:
        at = next((number for number, item in enumerate(self.items) if item.key == key), None)
        if at is None:
            return next(iter(self.open), None)
        around = (self.items[(at + step * far) % len(self.items)] for far in range(1, len(self.items)))
        return next((item for item in around if item.is_open), None)


def questions(round: Round) -> list[Variable]:
    """What can be decided in a round."""
    return [variable for variable in codebook(round.codebook_version_id).variables if not variable.retired]


def queue(member: Membership, round: Round, variables: Sequence[Variable], order: Order, show: Show) -> Queue:
    keys = [variable.key for variable in variables]
    if show != "open":
        return Queue([Item(*row) for row in _decided(round, keys, show)])
    decisions = Decision.objects.filter(round=round, variable__in=keys)
    discussed = _by_question(keys, decisions.filter(discussed=True))
    closed = _by_question(
        keys, decisions.filter(value__isnull=False, to_confirm=False) | decisions.filter(discussed=True)
    )
    put_up = [item._replace(is_open=item.unit not in discussed[item.variable]) for item in _put_up(member, round, keys)]
    first = {item[:2] for item in put_up}
    differing = [
        Item(one.unit, key, one.split, None, one.unit not in closed[key])
        for key, one in _differing(round, keys, order)
        if (one.unit, key) not in first
    ]
    return Queue([*put_up, *differing])


def _by_question(keys: Sequence[str], decisions: QuerySet[Decision]) -> dict[str, set[int]]:
    """The units of these decisions."""
    found: dict[str, set[int]] = {key: set() for key in keys}
    for unit, key in decisions.order_by().values_list("unit_id", "variable"):
        found[key].add(unit)
    return found


def _put_up(member: Membership, round: Round, keys: Sequence[str]) -> Iterator[Item]:
    """Put up by hand, oldest first; a part of an attribution stands for the whole."""
    for queued in visible_queue(member).filter(round=round).order_by("pk")[:MOST_LISTED]:
        key = queued.variable.partition(".")[0]
        if key in keys:
            yield Item(queued.unit_id, key, put_up=queued.pk)


def _differing(round: Round, keys: Sequence[str], order: Order) -> list[tuple[str, Disputed]]:
    """Question by question, but in the order of the text sentence by sentence."""
    of = [(key, disputed(round, key)) for key in keys]
    if order == "text":
        rows = [(one.place, number, key, one) for number, (key, some) in enumerate(of) for one in some]
        return [(key, one) for *_, key, one in sorted(rows, key=lambda row: row[:2])]
    measure = MEASURES[order]
    return [(key, one) for key, some in of for one in sorted(some, key=measure, reverse=True)]


def _decided(round: Round, keys: Sequence[str], show: Show) -> Iterator[tuple[int, str]]:
    decisions = standing_decisions(Decision.objects.filter(round=round, variable__in=keys))
    if show == "discussed":
        decisions = decisions.filter(discussed=True)
    elif show == "changed":
        decisions = changed_since(decisions)
    else:
        decisions = decisions.filter(value__isnull=False)
    yield from decisions.order_by("-updated_at", "-pk").values_list("unit_id", "variable")[:MOST_LISTED]


def words_of_units(units: Sequence[int]) -> dict[int, str]:
    """The beginning of each sentence, without the texts around them."""
    words = Substr("text_version__text", F("start") + 1, F("end") - F("start"))
    found = Unit.objects.filter(pk__in=units, index__gt=0).annotate(words=Substr(words, 1, 160))
    return dict(found.values_list("pk", "words"))
