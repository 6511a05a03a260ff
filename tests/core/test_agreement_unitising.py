"""The unitising family against the same figures counted character by character, and what must not change them."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core import agreement

Span = tuple[int, int, str]
END = 16
FAMILY = ["u_alpha", "u_alpha_binary", "cu_alpha", "cu_coverage", "u_alpha of a", "ku_alpha of a"]


def figure(name: str, spans: Any, **more: Any) -> agreement.Coefficient:
    measure, _, label = name.partition(" of ")
    return getattr(agreement, measure)(spans, **({"label": label} if label else {}), **more)


@st.composite
def apart(draw: st.DrawFn, labels: str = "abc") -> list[Span]:
    """Spans of one rater that don't overlap but may touch."""
    edges = sorted(draw(st.sets(st.integers(0, END), max_size=8)))
    kept = draw(st.lists(st.sampled_from([*labels, None]), min_size=8, max_size=8))
    return [(a, b, label) for a, b, label in zip(edges, edges[1:], kept, strict=False) if label]


def coders(fewest: int = 2) -> st.SearchStrategy[list[list[Span]]]:
    return st.lists(apart(), min_size=fewest, max_size=4)


def over(spans: list[Span], place: int) -> Span | None:
    return next((span for span in spans if span[0] <= place < span[1]), None)


def slow_u_alpha(raters: list[list[Span]], name: str) -> float | None:
    """Pairs of single characters; what chance may not pair is a span with itself and a gap's character with itself."""
    if name == "u_alpha of a":
        raters = [[span for span in spans if span[2] == "a"] for spans in raters]
    read = (lambda span: bool(span)) if name == "u_alpha_binary" else (lambda span: span and span[2])
    values = [[read(over(spans, place)) for place in range(END)] for spans in raters]
    everything = [value for row in values for value in row]
    pairs = [(a, b) for first, second in permutations(values, 2) for a, b in zip(first, second, strict=True)]
    unequal = sum(a != b for a in everything for b in everything)
    if not unequal:
        return None
    itself = sum((end - start) ** 2 for spans in raters for start, end, _ in spans)
    itself += sum(not over(spans, place) for spans in raters for place in range(END))
    return 1 - sum(a != b for a, b in pairs) / len(pairs) / (unequal / (len(everything) ** 2 - itself))


def slow_where_met(raters: list[list[Span]], name: str) -> float | None:
    """Every pair of raters has a say of 1 / (m - 1) on each character that both marked."""
    met = [
        (first, second, mine, other)
        for first, second in permutations(range(len(raters)), 2)
        for place in range(END)
        if (mine := over(raters[first], place)) and (other := over(raters[second], place))
    ]
    say = 1 / (len(raters) - 1)
    if name == "cu_coverage":
        return len(met) * say / (len(raters) * END)
    shared: dict[Any, int] = {}
    for first, second, mine, _ in met:
        shared[first, second, mine] = shared.get((first, second, mine), 0) + 1
    whole = len(met) * say
    labels = {mine[2] for *_, mine, _ in met}
    length = {label: sum(mine[2] == label for *_, mine, _ in met) * say for label in labels}
    itself = {label: sum(n**2 for key, n in shared.items() if key[2][2] == label) * say for label in labels}
    if name == "cu_alpha":
        unequal = whole**2 - sum(n**2 for n in length.values())
        if len(labels) < 2 or sum(itself.values()) > sum(n**2 for n in length.values()) + 1e-9:
            return None
        observed = sum(mine[2] != other[2] for *_, mine, other in met) * say / whole
        return 1 - observed * (whole**2 - sum(itself.values())) / unequal
    if "a" not in labels or len(labels) < 2 or itself["a"] > length["a"] ** 2 + 1e-9:
        return None
    observed = sum(mine[2] == "a" != other[2] for *_, mine, other in met) * say / length["a"]
    return 1 - observed * (length["a"] * whole - itself["a"]) / (length["a"] * (whole - length["a"]))


def same(found: float | None, wanted: float | None) -> bool:
    return found is wanted if wanted is None else found == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("name", FAMILY)
@settings(max_examples=80, deadline=None)
@given(raters=coders())
def test_a_figure_is_the_one_counted_character_by_character(name: str, raters: list[list[Span]]) -> None:
    slow = slow_u_alpha if name.startswith("u_") else slow_where_met
    assert same(figure(name, raters, start=0, end=END).value, slow(raters, name))


@pytest.mark.parametrize("name", FAMILY)
@settings(max_examples=40, deadline=None)
@given(raters=coders(), renamed=st.permutations(["b", "c", "d"]))
def test_the_order_of_raters_the_place_and_other_names_do_not_matter(
    name: str, raters: list[list[Span]], renamed: list[str]
) -> None:
    names = {"a": "a", "b": renamed[0], "c": renamed[1]}
    moved = [[(start + 100, end + 100, names[label]) for start, end, label in spans] for spans in reversed(raters)]
    first = figure(name, raters, start=0, end=END).value
    assert same(figure(name, moved, start=100, end=100 + END).value, first)


@pytest.mark.parametrize("name", FAMILY)
@settings(max_examples=40, deadline=None)
@given(raters=coders(), more=coders())
def test_units_are_parts_of_one_continuum(name: str, raters: list[list[Span]], more: list[list[Span]]) -> None:
    pairs = list(zip(raters, more, strict=False))
    units = figure(name, [[first, second] for first, second in pairs], extents=[(0, END), (0, END)])
    shifted = [[*one, *((start + END, end + END, label) for start, end, label in two)] for one, two in pairs]
    assert same(units.value, figure(name, shifted, start=0, end=2 * END).value)
    assert units.units == 2


@pytest.mark.parametrize("name", FAMILY)
@settings(max_examples=40, deadline=None)
@given(raters=coders(), alone=apart())
def test_a_unit_of_one_rater_and_a_rater_of_no_unit_change_nothing(
    name: str, raters: list[list[Span]], alone: list[Span]
) -> None:
    rows: list[list[Any]] = [[None, spans, None] for spans in raters]
    rows[-1][0] = alone
    found = figure(name, [*rows, [None, None, None]], extents=[(0, END), (0, END), (5, 9)])
    assert same(found.value, figure(name, raters, start=0, end=END).value)
    assert (found.units, found.dropped) == (1, {"fewer than two ratings": 2})


@pytest.mark.parametrize("name", FAMILY)
def test_a_unit_weighs_by_its_raters_not_by_their_pairs(name: str) -> None:
    """With m raters a pair counts 1 / (m - 1): the twofold answers of two say what the fourfold of four say."""
    first, second = [(2, 6, "a"), (8, 12, "b")], [(3, 6, "a"), (8, 10, "a")]
    two = figure(name, [[first, first], [second, second], [None, None]], extents=[(0, END), (0, END)])
    three = figure(name, [[first, None], [second, first], [None, second]], extents=[(0, END), (0, END)])
    assert same(three.value, two.value)
    assert two.value is not None


def test_spans_that_touch_stay_two_things() -> None:
    whole, halves = [(2, 8, "a")], [(2, 5, "a"), (5, 8, "a")]
    one = agreement.u_alpha([whole, whole, []], start=0, end=END)
    two = agreement.u_alpha([halves, halves, []], start=0, end=END)
    assert one.value != pytest.approx(two.value)
    assert agreement.char_alpha([whole, whole, []], start=0, end=END).value == pytest.approx(
        agreement.char_alpha([halves, halves, []], start=0, end=END).value
    )


def test_a_place_under_two_labels_has_their_set_as_its_value() -> None:
    both = [(0, 6, "a"), (4, 8, "b")]
    assert agreement.u_alpha([both, list(reversed(both))], start=0, end=END).value == 1.0
    assert agreement.ku_alpha([both, [(4, 6, "a"), (6, 8, "b")]], label="a", start=0, end=END).value == 1.0
    assert agreement.cu_alpha([both, [(4, 6, "a"), (6, 8, "b")]], start=0, end=END).value < 1.0


@pytest.mark.parametrize(
    ("raters", "reason"),
    [
        ([[], []], "nobody marked a span"),
        ([[(0, 4, "a")], [(5, 8, "a")]], "no two raters marked the same place"),
        ([[(0, 4, "a")], [(2, 8, "a")]], "too alike"),
        ([[(0, 4, "a")], [(0, 4, "b")], [], []], "too little"),
        ([[(0, 4, "a")]], "no unit has two ratings"),
        ([], "no ratings"),
    ],
)
def test_why_there_is_no_agreement_on_labels(raters: list[list[Span]], reason: str) -> None:
    for found in (
        agreement.cu_alpha(raters, start=0, end=END),
        agreement.ku_alpha(raters, label="a", start=0, end=END),
    ):
        assert found.value is None
        assert reason in (found.undefined or "")


@settings(max_examples=200, deadline=None)
@given(raters=coders())
def test_no_figure_is_above_one(raters: list[list[Span]]) -> None:
    for name in FAMILY:
        value = figure(name, raters, start=0, end=END).value
        assert value is None or value <= 1 + 1e-9


def test_two_raters_who_name_their_only_span_differently_are_at_chance() -> None:
    found = agreement.cu_alpha([[(0, 4, "a")], [(0, 4, "b")]], start=0, end=END)
    assert found.value == 0.0


def test_a_text_that_is_one_span_to_all_does_not_vary() -> None:
    found = agreement.u_alpha([[(0, END, "a")], [(0, END, "a")]], start=0, end=END)
    assert found.value is None
    assert "no variation" in (found.undefined or "")


@pytest.mark.parametrize("name", FAMILY)
def test_units_or_articles_are_resampled(name: str) -> None:
    extents = [(unit * 20, unit * 20 + 20) for unit in range(24)]
    rows = [
        [
            [(at + rater, at + 8 - unit % 3, "a"), (at + 10, at + 14, "ab"[unit * (rater + 1) % 5 > 2])]
            for unit, (at, _) in enumerate(extents)
        ]
        for rater in range(3)
    ]
    plain = figure(name, rows, extents=extents)
    units = figure(name, rows, extents=extents, replicates=400, seed=1)
    articles = figure(name, rows, extents=extents, replicates=400, seed=1, groups=[unit // 4 for unit in range(24)])
    assert plain.low is None
    assert plain.value == units.value == pytest.approx(articles.value)
    assert units.low < units.value < units.high
    assert (articles.low, articles.high) != (units.low, units.high)


def test_ten_thousand_spans_are_cut_in_one_sweep() -> None:
    """A cut that looked at every span for every piece would take minutes here."""
    rows = [[(at * 10 + rater, at * 10 + 9 - rater, "ab"[at % 2]) for at in range(10_000)] for rater in range(2)]
    ratings = agreement.span_ratings(rows, start=0, end=100_000)
    found = [figure(name, ratings).value for name in FAMILY]
    assert all(value is not None and 0 < value <= 1 for value in found)
    assert agreement.span_f1_overlap(ratings).value == 1.0
