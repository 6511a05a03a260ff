"""The older unitising alpha, by squared lengths, for comparison with studies that report it.

Krippendorff (1995), On the reliability of unitizing continuous data, Sociological Methodology 25, 47-76, in the
form of Krippendorff (2004), Content Analysis, 2nd ed., p. 251-255. Each label is a continuum of its own, on which
spans of different labels may overlap; overlapping spans of one label and rater are taken as one.
`u_alpha` and its kin replace it (Krippendorff et al. 2016): here a long span that is missed weighs by the square of
its length, so single spans decide. There is no interval: chance compares each span with each gap of the sample, which
is no sum over units that could be drawn again.

With several units, each is a continuum of its own, in which gaps end too. L is then the length of the units that two
or more answered, mL that length by all who answered, and a pair in a unit of m raters weighs 1 / (m - 1).
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import permutations
from operator import itemgetter

import numpy as np

from .arrays import FloatArray, IntArray
from .coefficient import NO_SPANS, NO_VARIATION, Coefficient, not_defined
from .segments import line_starts
from .spans import SpanRatings, span_ratings


def alpha_u_1995(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
) -> Coefficient:
    """alpha_u = 1 - sum_c D_oc / sum_c D_ec over all labels c that occur; arguments as in `u_alpha`.

    >>> round(alpha_u_1995([[(2, 10, "A"), (14, 20, "A")], [(4, 8, "A"), (15, 17, "A")]], start=0, end=24).value, 3)
    0.515
    """
    return _alpha(span_ratings(spans, start=start, end=end, extents=extents))


def alpha_u_1995_label(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    label: Hashable,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
) -> Coefficient:
    """alpha_u of one label, 1 - D_oc / D_ec; arguments as in `u_alpha`."""
    return _alpha(span_ratings(spans, start=start, end=end, extents=extents).only(label))


def alpha_u_1995_observed(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    label: Hashable | None = None,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
) -> Coefficient:
    """D_oc of one label, or without `label` the sum over all; 0 where nobody marked a span."""
    ratings = span_ratings(spans, start=start, end=end, extents=extents)
    return _sum_over_labels(ratings if label is None else ratings.only(label), _observed)


def alpha_u_1995_expected(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    label: Hashable | None = None,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
) -> Coefficient:
    """D_ec of one label, or without `label` the sum over all; 0 where nobody marked a span."""
    ratings = span_ratings(spans, start=start, end=end, extents=extents)
    return _sum_over_labels(ratings if label is None else ratings.only(label), _expected)


@dataclass(frozen=True, eq=False)
class Marks:
    """The spans of one label (spans,), ordered by slot and place, none overlapping within a slot.

    `slot` is the rater's place among those who answered the unit, `start` and `end` count on the line of `line_starts`.
    """

    slot: IntArray
    unit: IntArray
    start: IntArray
    end: IntArray

    def of(self, kept: IntArray) -> "Marks":
        return Marks(self.slot[kept], self.unit[kept], self.start[kept], self.end[kept])


def _alpha(ratings: SpanRatings) -> Coefficient:
    if not ratings.pairable.any():
        return ratings.not_pairable()
    units = int(ratings.pairable.sum())
    observed, expected = (_sum_over_labels(ratings, half).value or 0.0 for half in (_observed, _expected))
    if not expected:
        reason = NO_VARIATION if ratings.any_span else NO_SPANS
        return not_defined(reason, units=units, dropped=ratings.dropped(units))
    return Coefficient(1 - observed / expected, units, dropped=ratings.dropped(units))


def _sum_over_labels(ratings: SpanRatings, half: Callable[[SpanRatings, Marks], float]) -> Coefficient:
    if not ratings.pairable.any():
        return ratings.not_pairable()
    units = int(ratings.pairable.sum())
    value = sum((half(ratings, marks) for marks in _marks(ratings)), start=0.0)
    return Coefficient(value, units, dropped=ratings.dropped(units))


def _lengths(ratings: SpanRatings) -> tuple[float, float]:
    """L and mL: the length of the units that are compared, and that length by all who answered."""
    lengths = np.diff(line_starts(ratings.extents)) * ratings.pairable
    return float(lengths.sum()), float((lengths * ratings.answers).sum())


def _marks(ratings: SpanRatings) -> list[Marks]:
    """The spans in units that two or more answered, label by label."""
    line = line_starts(ratings.extents).tolist()
    pairable = ratings.pairable.tolist()
    found: dict[Hashable, list[tuple[int, int, int, int]]] = {}
    for unit, everyone in enumerate(zip(*ratings.marked, strict=True)):
        shift = line[unit] - ratings.extents[unit][0]
        for slot, own in enumerate(own for own in everyone if own is not None and pairable[unit]):
            for start, end, label in own:
                found.setdefault(label, []).append((slot, unit, start + shift, end + shift))
    return [_joined(spans) for spans in found.values()]


def _joined(spans: list[tuple[int, int, int, int]]) -> Marks:
    """Spans by slot and place, those that overlap made one."""
    joined: list[tuple[int, int, int, int]] = []
    for slot, unit, start, end in sorted(spans, key=itemgetter(0, 2)):
        if joined and joined[-1][0] == slot and start < joined[-1][3]:
            start, end = joined[-1][2], max(end, joined[-1][3])
            joined.pop()
        joined.append((slot, unit, start, end))
    slots, units, starts, ends = np.array(joined, dtype=np.int64).T
    return Marks(slots, units, starts, ends)


def _observed(ratings: SpanRatings, marks: Marks) -> float:
    """D_oc = sum over pairs of raters of d^2 / (m (m - 1) L^2), Krippendorff (2004), p. 253.

    d^2 of two spans that meet is the sum of the squared differences of their starts and ends; a span that meets none
    of the other's lies in his gap, seen from both sides, and has the square of its length.
    """
    answers = ratings.answers[marks.unit]
    apart = 0.0
    for slot, other in permutations(range(int(answers.max(initial=0))), 2):
        mine = marks.of(np.flatnonzero((marks.slot == slot) & (answers > other)))
        theirs = marks.of(np.flatnonzero(marks.slot == other))
        first = np.searchsorted(theirs.end, mine.start, "right")
        met = np.searchsorted(theirs.start, mine.end, "left") - first
        span = np.repeat(np.arange(len(met)), met)
        partner = np.arange(len(span)) + np.repeat(first - (np.cumsum(met) - met), met)
        squares = np.where(met == 0, 2.0 * (mine.end - mine.start) ** 2, 0.0)
        moved = (mine.start[span] - theirs.start[partner]) ** 2 + (mine.end[span] - theirs.end[partner]) ** 2
        squares += np.bincount(span, weights=moved, minlength=len(met))
        apart += float((squares / (ratings.answers[mine.unit] - 1)).sum())
    length, rated = _lengths(ratings)
    return apart / (length * rated)


def _expected(ratings: SpanRatings, marks: Marks) -> float:
    """D_ec of Krippendorff (2004), p. 254, N_c the number of spans, l their lengths, g those of the gaps.

    2/L sum_l [(N_c - 1)/3 (2 l^3 - 3 l^2 + l) + l^2 sum_{g >= l} (g - l + 1)] / (mL (mL - 1) - sum_l l (l - 1))
    """
    spans = (marks.end - marks.start).astype(np.float64)
    gaps = np.sort(_gaps(ratings, marks))
    shorter = np.searchsorted(gaps, spans, "left")
    from_here = np.append(np.cumsum(gaps[::-1])[::-1], 0.0)[shorter]
    fitting = from_here - (len(gaps) - shorter) * (spans - 1)
    apart = (len(spans) - 1) / 3 * (2 * spans**3 - 3 * spans**2 + spans) + spans**2 * fitting
    length, rated = _lengths(ratings)
    return float(2 / length * apart.sum() / (rated * (rated - 1) - (spans * (spans - 1)).sum()))


def _gaps(ratings: SpanRatings, marks: Marks) -> FloatArray:
    """Lengths of what lies between the spans of a label and the ends of each answered unit."""
    line = line_starts(ratings.extents)
    units = np.flatnonzero(ratings.pairable)
    unit = np.repeat(units, ratings.answers[units])
    slot = np.concatenate([np.arange(number) for number in ratings.answers[units]])
    begun = np.concatenate([line[unit], marks.end])
    ended = np.concatenate([line[unit + 1], marks.start])
    slots = np.concatenate([slot, marks.slot]) * line[-1]
    return np.asarray(np.sort(slots + ended) - np.sort(slots + begun), dtype=np.float64)
