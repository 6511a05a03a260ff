"""Krippendorff's unitising alphas: two raters agree on where a span lies and on what it is.

Krippendorff, Mathet, Bouvry & Widlöcher (2016), On the reliability of unitizing textual continua: Further
developments, Quality & Quantity 50, 2347-2364. Observed disagreement is counted character by character, as in
`char_alpha`. What is expected by chance differs: a span is one thing that can't be paired with itself, so the square
of its length is left out where `char_alpha` leaves out one pair a character. Gaps count by the character.

With several units each is a continuum of its own, and their lengths add up: a unit answered by m raters counts each
pair 1 / (m - 1) times, and a unit that fewer than two answered is left out. The paper has no spans of one rater that
overlap; here an overlap is a segment of its own, whose value is the set of its labels, and the spans end where the
overlap begins.
"""

from collections.abc import Callable, Hashable, Sequence
from itertools import permutations
from typing import Unpack

import numpy as np

from .arrays import FloatArray
from .char_alpha import against_chance, character_sums, whether_marked
from .coding import Coded
from .coefficient import NO_SPANS, NO_VARIATION, Coefficient
from .patterns import Patterns
from .resample import Evaluate, Resampling, Rows, estimate, rows
from .spans import SpanRatings, span_ratings

Reading = Callable[[Coded], Coded]
"""From the sets of labels over places to the values that are compared, the first of them a gap."""

NO_MEETING = "no two raters marked the same place"
TOO_LITTLE = "what two raters both marked is too little or too alike to tell agreement from chance"
ROUNDING = 1 + 1e-9
GAP = 0


def u_alpha(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
    label: Hashable | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """u-alpha: agreement on the whole continuum, gaps included; with `label`, on the spans of that label alone.

    `spans`, `start`, `end`, `extents`: see `span_ratings`. Units (or articles, by `groups`) are resampled and
    counted in `units`. Not defined when nothing varies. Krippendorff et al. (2016), section on u-alpha.

    >>> round(u_alpha([[(2, 5, "a")], [(2, 5, "a"), (10, 20, "b")]], start=0, end=60).value, 4)
    0.3147
    """
    ratings = span_ratings(spans, start=start, end=end, extents=extents)
    return _whole(ratings if label is None else ratings.only(label), _as_it_is, resampling)


def u_alpha_binary(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """u-alpha of marked, with whatever label, against not marked; arguments as in `u_alpha`."""
    ratings = span_ratings(spans, start=start, end=end, extents=extents)
    return _whole(ratings, whether_marked, resampling)


def cu_alpha(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """cu-alpha: agreement on the labels, where two raters both marked something; arguments as in `u_alpha`.

    It says nothing about places that only one of them marked, so quote it with `cu_coverage`. Not defined without
    such a place, nor when all labels there are equal, nor where such places are so few among many raters that
    chance can't be estimated.
    """
    ratings = span_ratings(spans, start=start, end=end, extents=extents)
    return _where_met(ratings, _as_it_is, _labels_apart, resampling)


def ku_alpha(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    label: Hashable,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """(k)u-alpha: where one rater gave `label` and another marked the place too, how far he gave it as well.

    Arguments as in `u_alpha`, not defined as in `cu_alpha`.
    """
    ratings = span_ratings(spans, start=start, end=end, extents=extents)

    def label_or_other(coded: Coded) -> Coded:
        classes = [GAP if not own else 1 if label in own else 2 for own in ratings.segments.labels]
        return coded.read(classes, (GAP, 1, 2))

    return _where_met(ratings, label_or_other, _label_apart, resampling)


def cu_coverage(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """The share of the continuum that two raters both marked, mean over pairs: what `cu_alpha` rests on."""
    ratings = span_ratings(spans, start=start, end=end, extents=extents)
    return _where_met(ratings, whether_marked, _share_met, resampling)


def _as_it_is(coded: Coded) -> Coded:
    return coded


def _whole(ratings: SpanRatings, read: Reading, resampling: Resampling) -> Coefficient:
    """Agreement over the continuum from (itself, differing, length by value...) of each row drawn."""
    if not ratings.pairable.any():
        return ratings.not_pairable()
    drawn = character_sums(ratings, read(ratings.compared.coded), resampling)
    cut = ratings.segments
    itself = np.where(cut.value == GAP, cut.lengths, cut.lengths**2)
    row = ratings.drawn_with(resampling)[cut.unit]
    used = row >= 0
    own = np.bincount(row[used], weights=itself[used], minlength=len(drawn.sums))
    joined = Rows(np.column_stack([own, drawn.sums]), drawn.repeats)
    return _estimate(ratings, joined, _apart, NO_VARIATION, resampling)


def _where_met(ratings: SpanRatings, read: Reading, figure: Evaluate, resampling: Resampling) -> Coefficient:
    """A figure of the places that two raters marked, from the columns of `_met` of each row drawn."""
    if not ratings.pairable.any():
        return ratings.not_pairable()
    drawn = _met(ratings, read, resampling)
    met = _parts(drawn.total())[2].any()
    return _estimate(ratings, drawn, figure, TOO_LITTLE if met else NO_MEETING, resampling)


def _estimate(
    ratings: SpanRatings, drawn: Rows, figure: Evaluate, undefined: str, resampling: Resampling
) -> Coefficient:
    units = int(ratings.pairable.sum())
    return estimate(
        drawn,
        figure,
        units=units,
        undefined=undefined if ratings.any_span else NO_SPANS,
        dropped=ratings.dropped(units),
        resampling=resampling,
    )


def _met(ratings: SpanRatings, read: Reading, resampling: Resampling) -> Rows:
    """What is drawn (rows, 2 + 2 * labels): whole length, length differing, length met by label, itself by label.

    A place counts for a pair of raters that both marked it. "Itself" is the sum, over the spans and the other
    raters, of the square of what the other marked of the span: the pairs of a span with itself.
    """
    runs = ratings.compared
    coded = read(runs.coded)
    of_run = ratings.drawn_with(resampling)[runs.unit]
    drawn = rows(_met_columns(coded.patterns, len(coded.labels)), coded.patterns, of_run, runs.lengths)
    cut = ratings.segments
    row = ratings.drawn_with(resampling)[cut.unit]
    label = read(Coded.of(cut.value[None, :], cut.labels)).codes[0] - 1
    kept = (row >= 0) & (label >= 0)
    squares = _squares_met(ratings)[kept] / (ratings.answers[cut.unit[kept]] - 1)
    labels = len(coded.labels) - 1
    cells = row[kept] * labels + label[kept]
    itself = np.bincount(cells, weights=squares, minlength=len(drawn.sums) * labels).reshape(len(drawn.sums), labels)
    return Rows(np.column_stack([drawn.sums, itself]), drawn.repeats)


def _met_columns(patterns: Patterns, values: int) -> FloatArray:
    """Whole, differing and met length of a pattern of one character, each pair of m raters counting 1 / (m - 1)."""
    counts = patterns.counts(values)[:, GAP + 1 :]
    marked = counts.sum(axis=1)
    others = patterns.sizes - 1
    differing = (marked**2 - (counts**2).sum(axis=1)) / others
    return np.column_stack([patterns.sizes, differing, counts * ((marked - 1) / others)[:, None]])


def _squares_met(ratings: SpanRatings) -> FloatArray:
    """For each segment, what another rater marked of it, squared and added up over the others (segments,)."""
    cut, runs = ratings.segments, ratings.compared
    marked = runs.codes > GAP
    found = np.zeros(len(cut.value))
    for own, other in permutations(range(len(marked)), 2):
        both = marked[own] & marked[other]
        if both.any():
            found += np.bincount(runs.owner[own, both], weights=runs.lengths[both], minlength=len(found)) ** 2
    return found


def _parts(sums: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Whole and differing length (replicates,), length met and itself by label (replicates, labels)."""
    labels = sums.shape[1] // 2 - 1
    return sums[:, 0], sums[:, 1], sums[:, 2 : 2 + labels], sums[:, 2 + labels :]


def _apart(sums: FloatArray) -> FloatArray:
    """u-alpha: D_o = differing / N and D_e = (N^2 - sum N_c^2) / (N^2 - itself), N the length of all raters."""
    itself, differing, lengths = sums[:, 0], sums[:, 1], sums[:, 2:]
    whole = lengths.sum(axis=1)
    return against_chance(differing * (whole**2 - itself), whole * (whole**2 - (lengths**2).sum(axis=1)))


def _labels_apart(sums: FloatArray) -> FloatArray:
    """cu-alpha: the same with the length met in place of N."""
    _, differing, met, itself = _parts(sums)
    whole = met.sum(axis=1)
    alpha = against_chance(differing * (whole**2 - itself.sum(axis=1)), whole * (whole**2 - (met**2).sum(axis=1)))
    return _where_chance_is_known(alpha, met, itself)


def _label_apart(sums: FloatArray) -> FloatArray:
    """(k)u-alpha of the first of two labels: D_o = differing / (2 N_k) and D_e = N_k N_other / (N_k N - itself_k)."""
    _, differing, met, itself = _parts(sums)
    own, other = met.T
    alpha = against_chance(differing * (own * (own + other) - itself[:, 0]), 2 * own**2 * other)
    return _where_chance_is_known(alpha, met[:, :1], itself[:, :1])


def _where_chance_is_known(alpha: FloatArray, met: FloatArray, itself: FloatArray) -> FloatArray:
    """NaN where chance could expect more than complete disagreement, or less than none.

    With three raters and more, places that only two of them marked can be so few that the pairs of a span with itself
    outnumber all pairs of equal labels; then the formula gives figures above 1, or .5 for nothing in common.
    """
    return np.where(itself.sum(axis=1) <= (met**2).sum(axis=1) * ROUNDING, alpha, np.nan)


def _share_met(sums: FloatArray) -> FloatArray:
    whole, _, met, _ = _parts(sums)
    return np.where(whole > 0, met.sum(axis=1) / np.maximum(whole, 1), np.nan)
