"""The unitising alpha of 1995 against its formula written out span by span and gap by gap."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core import agreement

Piece = tuple[int, int, bool]
END = 16


@st.composite
def apart(draw: st.DrawFn) -> list[tuple[int, int, str]]:
    """Spans of one rater, of two labels, that don't overlap within a label."""
    found = []
    for label in "ab":
        edges = sorted(draw(st.sets(st.integers(0, END), max_size=6)))
        kept = draw(st.lists(st.booleans(), min_size=6, max_size=6))
        found += [(a, b, label) for a, b, keep in zip(edges, edges[1:], kept, strict=False) if keep]
    return found


CODERS = st.lists(apart(), min_size=2, max_size=4)


def pieces(spans: list[tuple[int, int, str]], label: str) -> list[Piece]:
    """The continuum as spans of the label and the gaps between them."""
    found, reached = [], 0
    for start, end, _ in sorted(span for span in spans if span[2] == label):
        found += [(reached, start, False), (start, end, True)]
        reached = end
    return [piece for piece in [*found, (reached, END, False)] if piece[0] < piece[1]]


def squared(one: Piece, two: Piece) -> int:
    """The four cases of Krippendorff (2004), p. 253."""
    (a, b, marked), (c, d, other) = one, two
    if marked and other and a < d and c < b:
        return (a - c) ** 2 + (b - d) ** 2
    if marked and not other and c <= a and b <= d:
        return (b - a) ** 2
    if other and not marked and a <= c and d <= b:
        return (d - c) ** 2
    return 0


def observed(raters: list[list[tuple[int, int, str]]], label: str) -> float:
    cut = [pieces(spans, label) for spans in raters]
    total = sum(squared(g, h) for one, two in permutations(cut, 2) for g in one for h in two)
    return total / (len(raters) * (len(raters) - 1) * END**2)


def expected(raters: list[list[tuple[int, int, str]]], label: str) -> float:
    everything = [piece for spans in raters for piece in pieces(spans, label)]
    lengths = [end - start for start, end, marked in everything if marked]
    gaps = [end - start for start, end, marked in everything if not marked]
    total = 0.0
    for own in lengths:
        total += (len(lengths) - 1) / 3 * (2 * own**3 - 3 * own**2 + own)
        total += own**2 * sum(gap - own + 1 for gap in gaps if gap >= own)
    continua = len(raters) * END
    return 2 / END * total / (continua * (continua - 1) - sum(own * (own - 1) for own in lengths))


@settings(max_examples=150, deadline=None)
@given(raters=CODERS)
def test_both_halves_are_those_of_the_book(raters: Any) -> None:
    for label in "ab":
        found = agreement.alpha_u_1995_observed(raters, label=label, start=0, end=END).value
        assert found == pytest.approx(observed(raters, label), abs=1e-12)
        found = agreement.alpha_u_1995_expected(raters, label=label, start=0, end=END).value
        assert found == pytest.approx(expected(raters, label), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(raters=CODERS)
def test_alpha_adds_up_the_halves_of_all_labels(raters: Any) -> None:
    chance = sum(expected(raters, label) for label in "ab")
    found = agreement.alpha_u_1995(raters, start=0, end=END)
    if not chance:
        assert found.undefined
    else:
        differing = sum(observed(raters, label) for label in "ab")
        assert found.value == pytest.approx(1 - differing / chance, abs=1e-9)
        whole = agreement.alpha_u_1995_observed(raters, start=0, end=END).value
        assert whole == pytest.approx(differing, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(raters=CODERS, alone=apart())
def test_order_place_and_units_of_one_rater_change_nothing(raters: Any, alone: Any) -> None:
    moved = [[(start + 30, end + 30, label) for start, end, label in spans] for spans in reversed(raters)]
    rows = [[None, None, spans] for spans in moved]
    rows[0][0] = alone
    found = agreement.alpha_u_1995([*rows, [None] * 3], extents=[(0, END), (16, 30), (30, 30 + END)])
    wanted = agreement.alpha_u_1995(raters, start=0, end=END)
    assert (found.value is None) == (wanted.value is None)
    assert found.value is None or found.value == pytest.approx(wanted.value, abs=1e-12)
    assert (found.units, found.dropped) == (1, {"fewer than two ratings": 2})


def test_units_that_end_where_a_span_ends_are_parts_of_one_continuum() -> None:
    """Cut at the edge of everybody's span no gap is parted, so the figure is that of the whole."""
    rows = [[[(2, 8, "a")], [(8, 11, "a")]], [[(4, 8, "a")], [(8, 10, "a"), (12, 14, "a")]]]
    parts = agreement.alpha_u_1995(rows, extents=[(0, 8), (8, END)])
    whole = agreement.alpha_u_1995([[span for own in row for span in own] for row in rows], start=0, end=END)
    assert parts.value == pytest.approx(whole.value)


def test_a_pair_among_many_raters_weighs_less() -> None:
    first, second = [(2, 6, "a")], [(3, 9, "a")]
    two = agreement.alpha_u_1995_observed([[first, None], [second, None]], extents=[(0, END), (0, END)])
    mixed = agreement.alpha_u_1995_observed(
        [[first, first], [second, first], [None, second]], extents=[(0, END), (0, END)]
    )
    pair = (2 - 3) ** 2 + (6 - 9) ** 2
    assert two.value == pytest.approx(2 * pair / (END * 2 * END))
    assert mixed.value == pytest.approx((2 * pair + 4 * pair / 2) / (2 * END * 5 * END))


def test_spans_of_one_rater_and_label_that_overlap_are_taken_as_one() -> None:
    overlapping = [[(1, 5, "a"), (3, 8, "a"), (4, 6, "a")], [(2, 8, "a")]]
    assert (
        agreement.alpha_u_1995(overlapping, start=0, end=END)
        == agreement.alpha_u_1995([[(1, 8, "a")], [(2, 8, "a")]], start=0, end=END)
    )  # fmt: skip


def test_a_label_that_nobody_used_is_not_defined() -> None:
    found = agreement.alpha_u_1995_label([[(1, 4, "a")], [(1, 4, "a")]], label="b", start=0, end=END)
    assert found.undefined == "nobody marked a span"
    assert agreement.alpha_u_1995_observed([[]], start=0, end=END).undefined
