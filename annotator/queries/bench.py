"""The queue of the adjudicator's bench: which units, of which questions, in which order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

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
MOST_LISTED = 200
"""So many at most of those that are decided already."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question on one unit. `put_up` is the id in the queue of those put up by hand."""

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

    @property
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
        around = [self.items[(at + step * far) % len(self.items)] for far in range(1, len(self.items))]
        return next((item for item in around if item.is_open), None)


def questions(round: Round) -> list[Variable]:
    """What can be decided in a round."""
    return [variable for variable in codebook(round.codebook_version_id).variables if not variable.retired]


def queue(member: Membership, round: Round, variables: Sequence[Variable], order: Order, show: Show) -> Queue:
    keys = [variable.key for variable in variables]
    if show != "open":
        return Queue([Item(*row) for row in _decided(round, keys, show)])
    settled, discussed = _settled(round, keys), _discussed(round, keys)
    found: dict[str, Item] = {}
    for item in (*_put_up(member, round, keys), *_differing(round, keys, order)):
        is_open = item.key not in discussed and (item.put_up is not None or item.key not in settled)
        found.setdefault(item.key, replace(item, is_open=is_open))
    return Queue(list(found.values()))


def _settled(round: Round, keys: Sequence[str]) -> set[str]:
    decided = Decision.objects.filter(round=round, variable__in=keys, value__isnull=False, to_confirm=False)
    return _keys(decided)


def _discussed(round: Round, keys: Sequence[str]) -> set[str]:
    return _keys(Decision.objects.filter(round=round, variable__in=keys, discussed=True))


def _keys(decisions: QuerySet[Decision]) -> set[str]:
    return {Item(unit, variable).key for unit, variable in decisions.order_by().values_list("unit_id", "variable")}


def _put_up(member: Membership, round: Round, keys: Sequence[str]) -> Iterator[Item]:
    """Put up by hand, oldest first; a part of an attribution stands for the whole."""
    for queued in visible_queue(member).filter(round=round).order_by("pk")[:MOST_LISTED]:
        key = queued.variable.partition(".")[0]
        if key in keys:
            yield Item(queued.unit_id, key, put_up=queued.pk)


def _differing(round: Round, keys: Sequence[str], order: Order) -> list[Item]:
    """Question by question, but in the order of the text sentence by sentence."""
    found = [(number, key, one) for number, key in enumerate(keys) for one in disputed(round, key)]
    by = {"hardest": lambda one: -one.disagreement, "alpha": lambda one: -one.gain, "text": lambda one: one.place}
    measure = by[order]

    def place(row: tuple[int, str, Disputed]) -> tuple[float, float, int]:
        number, _key, one = row
        return (one.place, number, 0) if order == "text" else (number, measure(one), one.place)

    return [Item(one.unit, key, one.split) for _, key, one in sorted(found, key=place)]


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
