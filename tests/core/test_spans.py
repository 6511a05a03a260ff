"""Interval arithmetic, and whose voice a marked term speaks in."""

import doctest
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core import spans
from annotator.core.spans import Interval, contains, merge, overlaps, quotations, voice

intervals = st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda pair: Interval(pair[0], pair[0] + pair[1]))


def points(interval):
    return set(range(interval.start, interval.end))


@given(intervals, intervals)
def test_overlap_and_containment_are_those_of_the_code_points(a, b):
    assert overlaps(a, b) == bool(points(a) & points(b))
    assert contains(a, b) == (points(b) <= points(a))


@given(st.lists(intervals))
def test_merging_keeps_every_code_point_and_leaves_gaps_between(many):
    merged = merge(many)

    assert set().union(*map(points, merged)) == set().union(*map(points, many))
    assert all(a.end < b.start for a, b in pairwise(merged))


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He said "go" and "stay".', ["go", "stay"]),
        ("He said “go”, not ‘stay’.", ["go", "stay"]),
        ("The town's 'siege' isn't over.", ["siege"]),
        ("The town’s ‘siege’ isn’t over.", ["siege"]),
        ("Der „Sieg“ und «la paix».", ["Sieg", "la paix"]),
        ('An open "quotation', []),
        ("Dogs' and cats' homes", []),
    ],
)
def test_quotations_are_found_without_their_marks_and_apostrophes_are_none(text, quoted):
    assert [text[start:end] for start, end in quotations(text)] == quoted


UNIT = 'The regime fell, and the Front called the "safe corridor" "a trap laid by the junta", Renn said.'
OFFSET = 100


def where(words):
    start = UNIT.index(words) + OFFSET
    return Interval(start, start + len(words))


@pytest.mark.parametrize(
    ("term", "contents", "wanted"),
    [
        ("regime", [], "own_words"),
        ("regime", ["The regime fell"], "attributed"),
        ("safe corridor", [], "scare_quotes"),
        ("safe corridor", ['the "safe corridor"'], "scare_quotes"),
        ("safe corridor", ["safe corridor"], "quoted"),
        ("junta", [], "quoted"),
    ],
)
def test_the_voice_of_a_term_follows_marks_and_attribution(term, contents, wanted):
    assert voice(where(term), UNIT, OFFSET, [where(content) for content in contents]) == wanted


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(spans).failed == 0
