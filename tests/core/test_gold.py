"""Gold answers: what meets them, which answer counts, and the interval of a share."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.codebook import CANNOT_TELL, Json, parse
from annotator.core.gold import beside, first_answers, is_settled, may_be_gold, meets, rate
from tests import make

BOOK = parse(json.loads(json.dumps(make.CODEBOOK)))
LOW, HIGH = {"start": 0, "end": 4, "value": "praise"}, {"start": 9, "end": 12, "value": "praise"}


def said(source: str, manner: Json = "direct", stance: Json = "neutral") -> dict[str, Json]:
    return {"source": source, "manner": manner, "stance": stance, "spans": []}


@pytest.mark.parametrize(
    ("variable", "gold", "met", "missed"),
    [
        ("stance", "for", ["for"], ["against", CANNOT_TELL, None]),
        ("tone", "-1", ["-1"], ["0", None]),
        ("weight", 12.5, [12.5], [12, None]),
        ("side", ["town", "army"], [["town", "army"]], [["town"], [], ["town", "state", "army"], None]),
        ("side", [], [[]], [["town"], None]),
        ("attribution", [], [[]], [[said("mayor")], None]),
        (
            "attribution",
            [said("mayor"), said("army")],
            [[said("army", "indirect", None), said("mayor")]],
            [[said("mayor")], []],
        ),
        ("framing", [LOW], [[LOW | {"end": 9}], [LOW, LOW | {"start": 3}]], [[], None, [LOW, HIGH], [HIGH]]),
        ("framing", [LOW], [], [[LOW | {"value": "naming_state"}], [LOW | {"start": 4, "end": 6}]]),
        ("framing", [], [[], None], [[LOW]]),
    ],
)
def test_what_meets_a_gold_answer(variable: str, gold: Json, met: list[Json], missed: list[Json]) -> None:
    asked = BOOK.variable(variable)
    assert all(meets(asked, gold, answer) for answer in met)
    assert not any(meets(asked, gold, answer) for answer in missed)


def test_manner_and_stance_stand_beside_the_sources() -> None:
    asked, gold = BOOK.variable("attribution"), [said("mayor", "direct", "accusing")]
    assert beside(asked, gold, [said("mayor", "indirect", "accusing")]) == ["manner"]
    assert beside(asked, gold, [said("army")]) == []
    assert beside(asked, [said("mayor", None, None)], [said("mayor")]) == []


def test_words_and_no_answer_are_never_gold() -> None:
    assert not may_be_gold(BOOK.variable("remark"), "words")
    assert not may_be_gold(BOOK.variable("stance"), CANNOT_TELL)
    assert not may_be_gold(BOOK.variable("stance"), None)
    assert may_be_gold(BOOK.variable("side"), [])


@pytest.mark.parametrize(
    ("variable", "gold", "settled", "open_still"),
    [
        ("stance", "for", ["against", "for"], []),
        ("weight", 12, [12], [1]),
        ("side", ["town", "army"], [[], ["state"], ["town", "army"]], [["town"]]),
        (
            "attribution",
            [said("mayor"), said("army")],
            [[], [said("residents")], CANNOT_TELL],
            [[said("mayor")], [said("residents", None)]],
        ),
        ("framing", [LOW, HIGH], [[], [LOW, HIGH], [LOW | {"value": "naming_state"}]], [[LOW]]),
    ],
)
def test_an_answer_that_lacks_nothing_but_pieces_waits(
    variable: str, gold: Json, settled: list[Json], open_still: list[Json]
) -> None:
    asked = BOOK.variable(variable)
    assert all(is_settled(asked, gold, answer) for answer in settled)
    assert not any(is_settled(asked, gold, answer) for answer in open_still)


def test_what_was_taken_back_before_it_was_judged_counts_for_nothing() -> None:
    events = [("a", [1]), ("a", None), ("b", 1), ("a", [2]), ("b", 2), ("a", [3])]
    assert first_answers(events, lambda key, value: False) == {"a": [2], "b": 1}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(0, 3))), st.integers(0, 3))
def test_no_later_choice_changes_the_first_answer(events: list[tuple[str, Json]], settles: int) -> None:
    """Once somebody went on from a question, or was told of it, its answer stands."""
    told = first_answers(events, lambda key, value: value == settles)
    later = [(key, value) for key, value in events if value is not None]
    assert set(told) <= {key for key, _ in later}
    gone_on = {key: value for key, value in told.items() if not events or events[-1][0] != key or value == settles}
    again = first_answers([*events, ("a", 9), ("b", 9), ("c", 9), ("a", 8)], lambda key, value: value == settles)
    assert {key: again[key] for key in gone_on} == gone_on


@pytest.mark.parametrize(
    # R. G. Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    ("met", "answers", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share(met: int, answers: int, low: float, high: float) -> None:
    found = rate(met, answers)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
    assert rate(0, 0).low is None
