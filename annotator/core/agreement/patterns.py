"""Units reduced to the distinct patterns of ratings they show.

Three raters and five values make at most 216 patterns whatever the number of units, and every coefficient is a sum over
them. So a million units are looked at once, to be told apart, and all figures are made from a short table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .arrays import MISSING, BoolArray, FloatArray, IntArray

MOST_KEYS = 1 << 17
"""So many patterns at most are told apart by counting; more are sorted."""


@dataclass(frozen=True, eq=False)
class Patterns:
    """`slots` (patterns, places) hold codes, -1 where there is none, and show in `repeats` (patterns,) units.

    `find` names each unit's pattern; only resampling by article has to know.
    """

    slots: IntArray
    repeats: IntArray
    find: Callable[[], IntArray]

    @cached_property
    def of_unit(self) -> IntArray:
        """The pattern of each unit (units,)."""
        return self.find()

    @cached_property
    def packed(self) -> IntArray:
        """The codes of each pattern in their order, those that are missing last (patterns, most ratings)."""
        pattern, place = np.nonzero(self.slots != MISSING)
        packed = np.full((len(self.slots), int(self.sizes.max(initial=0))), MISSING, dtype=np.int64)
        first = np.cumsum(self.sizes) - self.sizes
        packed[pattern, np.arange(len(pattern)) - first[pattern]] = self.slots[pattern, place]
        return packed

    @cached_property
    def sizes(self) -> IntArray:
        """Number of ratings in each pattern (patterns,)."""
        return np.asarray((self.slots != MISSING).sum(axis=1), dtype=np.int64)

    def counts(self, values: int) -> FloatArray:
        """How often each value occurs in each pattern (patterns, values)."""
        pattern, place = np.nonzero(self.slots != MISSING)
        flat = pattern * values + self.slots[pattern, place]
        return np.bincount(flat, minlength=len(self.slots) * values).reshape(-1, values).astype(np.float64)

    def totals(self, values: int) -> FloatArray:
        """How often each value occurs in all units together (values,)."""
        pattern, place = np.nonzero(self.slots != MISSING)
        repeats = self.repeats[pattern].astype(np.float64)
        return np.bincount(self.slots[pattern, place], weights=repeats, minlength=values).astype(np.float64)

    @cached_property
    def units(self) -> int:
        return int(self.repeats.sum())

    def at_least(self, ratings: int) -> "Patterns":
        """Only the units with that many ratings."""
        if ratings not in self._with:
            self._with[ratings] = self._larger(ratings)
        return self._with[ratings]

    @cached_property
    def _with(self) -> dict[int, "Patterns"]:
        return {}

    def _larger(self, ratings: int) -> "Patterns":
        kept = self.sizes >= ratings
        if kept.all():
            return self
        place = np.cumsum(kept) - 1
        return Patterns(
            self.slots[kept], self.repeats[kept], lambda: np.asarray(place[self.of_unit[kept[self.of_unit]]])
        )

    def number_with(self, ratings: int) -> int:
        """How many units have that many ratings."""
        return self.at_least(ratings).units

    def units_with(self, ratings: int) -> BoolArray:
        """Which units have that many ratings (units,)."""
        return np.asarray((self.sizes >= ratings)[self.of_unit])

    def read(self, slots: IntArray) -> "Patterns":
        """The same units told apart by these slots (patterns, places) in place of their own."""
        read = by_rater(slots.T)
        repeats = np.bincount(read.of_unit, weights=self.repeats, minlength=len(read.slots)).astype(np.int64)
        return Patterns(read.slots, repeats, lambda: np.asarray(read.of_unit[self.of_unit]))


def by_count(named: Patterns) -> Patterns:
    """Patterns that ignore who rated: a unit is the multiset of its codes."""
    return named.read(-np.sort(-named.packed, axis=1))


def by_rater(codes: IntArray) -> Patterns:
    """Patterns that keep who rated: a unit is the tuple of its codes (raters, units).

    Codes are folded into one key row by row; the key is made dense again before it could overflow, so that any
    number of raters and values is exact.
    """
    base = int(codes.max(initial=MISSING)) + 2
    if base ** len(codes) <= MOST_KEYS:
        return _counted(codes, base)
    key, bound = np.zeros(codes.shape[1], dtype=np.int64), 1
    for row in codes:
        if bound > np.iinfo(np.int64).max // base:
            key = np.unique(key, return_inverse=True)[1]
            bound = codes.shape[1]
        key = key * base + (row + 1)
        bound *= base
    _, first, of_unit, repeats = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    return Patterns(codes.T[first].astype(np.int64), repeats, lambda: of_unit)


def _counted(codes: IntArray, base: int) -> Patterns:
    """Few possible patterns: count the keys, and read the codes off those that occur."""
    key = np.zeros(codes.shape[1], dtype=np.int32)
    for row in codes:
        key *= base
        key += row.astype(np.int32) + 1
    counted = np.bincount(key, minlength=1)
    kept = np.flatnonzero(counted)
    digits = kept[:, None] // base ** np.arange(len(codes) - 1, -1, -1) % base
    place = np.cumsum(counted > 0) - 1
    return Patterns(digits - 1, counted[kept], lambda: place[key])
