"""Gamma beside its reference values: what it doesn't depend on, and where it has none."""

import builtins

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.agreement import gamma, gamma_best_disorder
from annotator.core.agreement.gamma import NEEDS_SOLVER, TOO_MANY, Dissimilarity, _candidates, _least_cost

Span = tuple[int, int, str]
SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from("ab")).map(lambda s: (s[0], s[0] + s[1], s[2])),
    max_size=4,
)
ONE = [(0, 4, "a"), (6, 9, "b")]


@settings(max_examples=30, deadline=None)
@given(st.lists(SPANS, min_size=2, max_size=3).filter(any))
def test_order_of_raters_names_of_labels_and_place_do_not_matter(raters: list[list[Span]]) -> None:
    disorder = gamma_best_disorder(raters).value
    renamed = [[(start, end, {"a": 1, "b": 2}[label]) for start, end, label in own] for own in reversed(raters)]
    assert gamma_best_disorder(renamed).value == pytest.approx(disorder)
    moved = [[(start + 100, end + 100, label) for start, end, label in own] for own in raters]
    assert gamma_best_disorder(moved).value == pytest.approx(disorder)


@settings(max_examples=30, deadline=None)
@given(SPANS, SPANS)
def test_two_raters_are_aligned_as_well_by_assignment_as_by_programme(one: list[Span], other: list[Span]) -> None:
    if one or other:
        cost = _least_cost(*_candidates([one, other], Dissimilarity())) / ((len(one) + len(other)) / 2)
        assert gamma_best_disorder([one, other]).value == pytest.approx(cost)


def test_the_same_seed_gives_the_same_figure() -> None:
    other = [(0, 5, "a"), (12, 14, "a")]
    assert gamma([ONE, other], seed=3) == gamma([ONE, other], seed=3)
    assert gamma([ONE, ONE]).value == 1


def test_it_is_not_defined_where_there_is_nothing_to_align() -> None:
    assert gamma([ONE]).undefined
    assert gamma([[], []]).undefined
    assert gamma([[(number, number + 1, "a") for number in range(99)]] * 3).undefined == TOO_MANY


def test_without_the_solver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def absent(name: str, *rest: object) -> object:
        if name.startswith("scipy"):
            raise ImportError(name)
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", absent)
    assert gamma([ONE, ONE]).undefined == NEEDS_SOLVER
