"""Spans as arrays, all on one line, so that those of many units and two raters can be matched at once."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .arrays import BoolArray, IntArray
from .segments import Marked, line_starts


@dataclass(frozen=True, eq=False)
class Placed:
    """Distinct spans of all raters, ordered by `first`; all arrays are (spans,).

    `first` and `last` are the ends on the line of `line_starts`, moved on by `line` characters for each label: so
    spans of different labels never meet, and two spans are the same when both ends are.
    """

    rater: IntArray
    unit: IntArray
    first: IntArray
    last: IntArray
    line: int

    def of(self, kept: BoolArray | IntArray) -> "Placed":
        return Placed(self.rater[kept], self.unit[kept], self.first[kept], self.last[kept], self.line)

    def of_raters(self, rows: Sequence[int]) -> "Placed":
        """The spans of some of the raters, in the same order, who become 0, 1 and so on."""
        found = self.of(np.isin(self.rater, rows))
        return Placed(np.searchsorted(rows, found.rater), found.unit, found.first, found.last, found.line)

    @cached_property
    def bare(self) -> "Placed":
        """The distinct extents of each rater, labels taken off."""
        shift = self.first // self.line * self.line
        columns = np.column_stack([self.first - shift, self.last - shift, self.rater, self.unit])
        first, last, rater, unit = np.unique(columns, axis=0).T
        return Placed(rater, unit, first, last, self.line)

    def same_in(self, others: "Placed") -> BoolArray:
        """Which spans (spans,) are among the others too, both ends and label."""
        width = 1 + max(int(own.max(initial=0)) for own in (self.last - self.first, others.last - others.first))
        mine, theirs = (own.first * width + own.last - own.first for own in (self, others))
        return np.isin(mine, theirs)

    def met_in(self, others: "Placed") -> BoolArray:
        """Which spans (spans,) share a character with one of the others of the same label."""
        reach = np.append(np.maximum.accumulate(others.last), -1)
        before = np.searchsorted(others.first, self.last, "left")
        return np.asarray(reach[before - 1] > self.first)


def placed(marked: Sequence[Sequence[Marked | None]], extents: Sequence[tuple[int, int]]) -> Placed:
    starts = line_starts(extents).tolist()
    line = starts[-1] + 1
    codes: dict[Hashable, int] = {}
    found: list[tuple[int, int, int, int]] = []
    for rater, row in enumerate(marked):
        for unit, own in enumerate(row):
            for start, end, label in own or ():
                shift = starts[unit] - extents[unit][0] + codes.setdefault(label, len(codes)) * line
                found.append((start + shift, end + shift, rater, unit))
    first, last, raters, units = np.array(sorted(found), dtype=np.int64).reshape(-1, 4).T
    return Placed(raters, units, first, last, line)
