"""What changed between two versions of a codebook, told in the words of its own labels."""

import copy
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Json, changes
from annotator.core.codebook.changes import _moved
from tests import make

Document = dict[str, Json]


def edited(edit: Callable[[dict], object]) -> list[tuple[str, tuple[str, ...], str]]:
    document = copy.deepcopy(make.CODEBOOK)
    edit(document)
    return [(change.what, change.path, change.field) for change in changes(make.CODEBOOK, document)]


def variable(document: dict, key: str) -> dict:
    return next(found for found in document["variables"] if found["key"] == key)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda d: None, []),
        (lambda d: d.update(version="2.0"), []),
        (lambda d: d.update(title="Another"), [("changed", (), "title")]),
        (lambda d: variable(d, "tone").update(label="Mood"), [("changed", ("Mood",), "label")]),
        (lambda d: variable(d, "tone").update(rule="As it reads."), [("changed", ("Tone",), "rule")]),
        (
            lambda d: variable(d, "stance")["values"].append({"key": "torn", "label": "Torn"}),
            [("added", ("Stance", "Torn"), "values")],
        ),
        (lambda d: variable(d, "stance")["values"].pop(0), [("removed", ("Stance", "Against"), "values")]),
        (
            lambda d: variable(d, "stance")["values"][0].update(retired=True),
            [("retired", ("Stance", "Against"), "")],
        ),
        (
            lambda d: variable(d, "attribution")["sources"].insert(0, variable(d, "attribution")["sources"].pop()),
            [("moved", ("Attribution", "Army"), "sources")],
        ),
        (lambda d: variable(d, "side").pop("visible_if"), [("changed", ("Sides named",), "visible_if")]),
        (lambda d: d["variables"].pop(), [("removed", ("Frame of the article",), "variables")]),
    ],
)
def test_each_edit_is_told_once(edit: Callable[[dict], object], told: list[object]) -> None:
    assert edited(edit) == told


def test_a_changed_rule_shows_its_words() -> None:
    old = {"variables": [{"key": "t", "label": "Tone", "rule": "Judge the cue word, and nothing else in it."}]}
    new = {"variables": [{"key": "t", "label": "Tone", "rule": "Judge the reporting word, and nothing else in it."}]}
    [change] = changes(old, new)
    assert [piece.text for piece in change.before if piece.own] == ["cue "]
    assert [piece.text for piece in change.after if piece.own] == ["reporting "]


def test_what_went_is_told_back_in_use_when_it_comes_again() -> None:
    without = copy.deepcopy(make.CODEBOOK)
    variable(without, "tone")["retired"] = True
    assert [change.what for change in changes(without, make.CODEBOOK)] == ["back in use"]


@given(st.permutations("abcdefg"))
def test_what_did_not_move_stands_in_its_order(order: list[str]) -> None:
    moved = _moved("abcdefg", order)
    left = [key for key in order if key not in moved]
    assert left == sorted(left)
    assert (moved == set()) == (order == sorted(order))
