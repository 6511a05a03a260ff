"""Majority, soft labels and estimates, kind by kind."""

import pytest

from annotator.core.agreement import VariableRatings
from annotator.core.agreement.by_unit import by_unit
from annotator.core.agreement.measures import compared, headline, measures
from annotator.core.consensus import Consensus, consensus


def ratings(kind: str, *rows: list[object], values: str = "abc", level: str = "") -> VariableRatings:
    units = list(range(len(rows[0])))
    extents = [(0, 20) for _ in units]
    people = [f"p{number}" for number in range(len(rows))]
    keys = () if kind == "number" else tuple(values)
    return VariableRatings(
        "v", kind, people, rows, units, [1 for _ in units], level=level, values=keys, extents=extents
    )


def found(kind: str, *rows: list[object]) -> list[Consensus | None]:
    return list(consensus(ratings(kind, *rows)))


def test_a_tie_is_told_and_never_broken() -> None:
    one, two, none = found("single", ["a", "a", None], ["a", "b", None], ["b", None, None])
    assert one is not None
    assert (one.value, one.votes, one.tie, one.shares) == ("a", 3, (), {"a": 2 / 3, "b": 1 / 3})
    assert two is not None
    assert (two.value, two.share, two.tie) == (None, 0.5, ("a", "b"))
    assert none is None


def test_the_median_of_a_scale_is_one_or_two_answers() -> None:
    three, four = found("ordinal", ["c", "c"], ["a", "a"], ["b", "b"], [None, "c"])
    assert three is not None
    assert (three.value, three.median) == (None, ["b"])
    assert four is not None
    assert (four.value, four.median) == ("c", ["b", "c"])
    (numbers,) = found("number", [3], [10], [9.5])
    assert numbers is not None
    assert numbers.median == [9.5]


def test_sets_are_voted_on_value_by_value() -> None:
    most, tied, nothing = found("multi", [["a", "b"], ["a"], []], [["a"], [], []], [["a", "c"], None, ["b"]])
    assert most is not None
    assert (most.value, most.share) == (["a"], 1 / 3)
    assert tied is not None
    assert (tied.value, tied.tie) == (None, ["a"])
    assert nothing is not None
    assert (nothing.value, nothing.shares) == ([], {"b": 1 / 3})


def test_marks_are_voted_on_character_by_character() -> None:
    marks = [[{"start": start, "end": end, "value": "a"}] for start, end in ((2, 8), (4, 9), (4, 6))]
    (three,) = found("span", *[[own] for own in marks])
    assert three is not None
    assert three.value == [{"start": 4, "end": 8, "value": "a"}]
    (two,) = found("span", [marks[0]], [[]])
    assert two is not None
    assert (two.value, two.share, two.tie) == ([], 0.5, marks[0])


def test_an_estimate_believes_those_who_are_mostly_right() -> None:
    good, bad = ["a", "b", "c"] * 10, ["b", "b", "b"] * 10
    three = found("single", [*good, "c"], [*good, "c"], [*bad, "b"])
    assert three[-1] is not None
    assert three[-1].estimate is not None
    assert three[-1].estimate.value == "c"
    assert three[-1].estimate.probability > 0.99
    assert all(one is not None and one.estimate is None for one in found("single", good, bad))
    sets = found("multi", [[key] for key in good], [[key] for key in good], [["b"] for _ in bad])
    assert sets[0] is not None
    assert sets[0].estimate is not None
    assert (sets[0].estimate.value, sets[0].estimate.converged) == (["a"], True)


@pytest.mark.parametrize(
    ("kind", "level", "rows"),
    [
        ("single", "", [["a", "a", "b", "c"], ["a", "b", "b", "c"], [None, "a", "c", "c"]]),
        ("ordinal", "", [["a", "a", "b", "c"], ["a", "c", "b", "c"], [None, "b", "c", "c"]]),
        ("number", "ratio", [[1, 2, 4, 8], [1, 3, 4, 9], [None, 2, 4, 4]]),
        ("multi", "", [[["a"], ["b"], [], ["c"]], [["a"], ["a", "b"], [], ["c"]], [None, [], ["a"], ["b"]]]),
        ("span", "", [[[{"start": 0, "end": n, "value": "a"}] for n in (3, 5, 9)], [[], [], []]]),
    ],
)
def test_the_gain_of_a_unit_is_alpha_without_it(kind: str, level: str, rows: list[list[object]]) -> None:
    whole = by_unit(ratings(kind, *rows, level=level))
    for place in range(len(rows[0])):
        rest = ratings(kind, *[[*row[:place], *row[place + 1 :]] for row in rows], level=level)
        gain = alpha(rest) - alpha(ratings(kind, *rows, level=level))
        assert whole.gain[place] == pytest.approx(gain)
    assert 0 <= whole.disagreement.min() < whole.disagreement.max() <= 1


def alpha(given: VariableRatings) -> float:
    data = compared(given)
    value = measures(data, {})[headline(data.scale)].value
    assert value is not None
    return value
