"""Units reduced to the distinct patterns of ratings they show.

Three raters and five values make at most 56 patterns of counts whatever the number of units, and a coefficient that
ignores who rated is a sum over them.
"""

from dataclasses import dataclass

import numpy as np

from .arrays import MISSING, BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Patterns:
    """`slots` (patterns, places) hold codes, -1 where there is none; `of_unit` (units,) names each unit's pattern."""

    slots: IntArray
    of_unit: IntArray

    @property
    def sizes(self) -> IntArray:
        """Number of ratings in each pattern (patterns,)."""
        return np.asarray((self.slots != MISSING).sum(axis=1), dtype=np.int64)

    @property
    def repeats(self) -> IntArray:
        """Number of units that show each pattern (patterns,)."""
        return np.bincount(self.of_unit, minlength=len(self.slots))

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

    def at_least(self, ratings: int) -> "Patterns":
        """Only the units with that many ratings."""
        kept = self.sizes >= ratings
        place = np.cumsum(kept) - 1
        return Patterns(self.slots[kept], place[self.of_unit[kept[self.of_unit]]])

    def units_with(self, ratings: int) -> BoolArray:
        """Which units have that many ratings (units,)."""
        return np.asarray((self.sizes >= ratings)[self.of_unit])


def by_count(codes: IntArray) -> Patterns:
    """Patterns that ignore who rated: a unit is the multiset of its codes (raters, units)."""
    ordered = -np.sort(-codes, axis=0)
    most = int((ordered != MISSING).sum(axis=0).max(initial=0))
    return by_rater(ordered[:most])


def by_rater(codes: IntArray) -> Patterns:
    """Patterns that keep who rated: a unit is the tuple of its codes (raters, units).

    Codes are folded into one key row by row; the key is made dense again before it could overflow, so that any
    number of raters and values is exact.
    """
    units = codes.shape[1]
    key = np.zeros(units, dtype=np.int64)
    base, bound = int(codes.max(initial=MISSING)) + 2, 1
    for row in codes:
        if bound > np.iinfo(np.int64).max // base:
            key = np.unique(key, return_inverse=True)[1]
            bound = units
        key = key * base + (row + 1)
        bound *= base
    _, first, of_unit = np.unique(key, return_index=True, return_inverse=True)
    return Patterns(codes.T[first], of_unit)
