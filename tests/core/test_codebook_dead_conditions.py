"""Conditions that no answers can meet are told, and no other."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Json, is_asked, parse, problems
from annotator.core.codebook.editing import Document, Place, add_entry, identities, remove_entry, set_fields
from tests import make
from tests.core.test_codebook_editing import place_of

PUBLISHED = frozenset(identities(make.CODEBOOK))
FOR: Document = {"variable": "stance", "any_of": ["for"]}
# Every answer to three questions, to be gone through.
ANSWERS: dict[str, list[Json]] = {
    "one": [None, "a", "b"],
    "set": [None, [], ["a"], ["b"], ["a", "b"]],
    "number": [None, 0, 1, 2],
}


def draft() -> Document:
    """The value "for" and the question "weight" are retired, "words" is whole from 0 to 100, "never" is never asked."""
    document = remove_entry(make.CODEBOOK, (*place_of(make.CODEBOOK, "stance"), "values", 2), PUBLISHED)
    document = remove_entry(document, place_of(document, "weight"), PUBLISHED)
    document = set_fields(document, place_of(document, "side"), {"exclusive": ["army"]})
    document = add_entry(document, ("variables",), "Words", type="number", integer=True, min=0, max=100)
    values: list[Json] = [{"key": "yes", "label": "Yes"}]
    return add_entry(document, ("variables",), "Never", type="single", values=values, visible_if=FOR)


@pytest.mark.parametrize(
    ("condition", "dead"),
    [
        (FOR, "can pass its test"),
        ({"variable": "stance", "any_of": ["for", "neutral"]}, ""),
        ({"variable": "stance", "any_of": ["for", None]}, ""),
        ({"variable": "stance", "not_in": ["against", "neutral", None]}, "can pass its test"),
        ({"variable": "stance", "count_at_least": 2}, "can pass its test"),
        ({"variable": "weight", "count_at_least": 1}, "'Weight' is retired"),
        ({"any": [FOR, {"variable": "stance", "count_at_least": 1}]}, ""),
        ({"all": [FOR, {"variable": "stance", "count_at_least": 1}]}, "can pass its test"),
        ({"variable": "framing", "count_at_least": 9}, ""),
        ({"variable": "framing", "count_at_least": 9, "not_in": ["naming_state", "praise"]}, "can pass its test"),
        (
            {"all": [{"variable": "stance", "any_of": ["against"]}, {"variable": "stance", "any_of": ["neutral"]}]},
            "can't hold together",
        ),
        ({"all": [{"variable": "side", "any_of": ["town"]}, {"variable": "side", "any_of": ["state"]}]}, ""),
        ({"variable": "side", "count_at_least": 3}, "can pass its test"),
        ({"variable": "side", "count_at_least": 2}, ""),
        # "side" is asked only where somebody is quoted.
        (
            {"all": [{"variable": "side", "count_at_least": 1}, {"variable": "attribution", "any_of": [None]}]},
            "can't hold together",
        ),
        ({"variable": "words", "at_most": 10, "not_in": [None]}, ""),
        ({"variable": "words", "at_least": 101}, "can pass its test"),
        ({"variable": "words", "at_least": 1.2, "at_most": 2.9}, ""),
        ({"variable": "words", "at_least": 99.5, "not_in": [100]}, "can pass its test"),
        ({"variable": "never", "any_of": ["yes", None]}, "'Never' is never asked"),
    ],
)
def test_a_condition_that_can_never_hold_is_a_problem_of_its_place(condition: Json, dead: str) -> None:
    document = draft()
    place = place_of(document, "remark")
    document = set_fields(document, place, {"visible_if": condition})
    found = {problem.where: problem.message for problem in problems(document)}
    assert dead in found.pop(f"variables[{place[1]}].visible_if", "")
    assert list(found) == [f"variables[{place_of(document, 'never')[1]}].visible_if"]
    parse(document)


def test_what_is_too_wide_to_be_gone_through_is_not_called_dead() -> None:
    keys = {"stance": ("against", "neutral", "for"), "tone": ("-1", "0", "1"), "attribution": ("mayor", "army")}
    keys |= {"framing": ("naming_state", "praise"), "side": ("town", "state", "army")}
    wide: list[Json] = [
        {"any": [{"variable": variable, "any_of": [key]} for key in offered]} for variable, offered in keys.items()
    ]
    dead: list[Json] = [{"variable": "stance", "any_of": ["for"]}, {"variable": "stance", "any_of": ["against"]}]
    for condition, told in ((wide, 0), (dead, 1), ([*wide, *dead], 0)):
        place = place_of(make.CODEBOOK, "remark")
        assert len(problems(set_fields(make.CODEBOOK, place, {"visible_if": {"all": condition}}))) == told


def test_a_limit_to_what_another_question_does_not_offer_is_told() -> None:
    stance = place_of(make.CODEBOOK, "stance")
    document = set_fields(make.CODEBOOK, stance, {"values_limited_to_chosen_in": "side"})
    assert [problem.where for problem in problems(document)] == ["variables[1].values_limited_to_chosen_in"]
    shared = add_entry(document, (*place_of(document, "side"), "values"), "For")
    assert not problems(shared)


def test_a_retired_value_gives_its_key_on_the_keyboard_free() -> None:
    values: Place = (*place_of(make.CODEBOOK, "stance"), "values")
    document = set_fields(make.CODEBOOK, (*values, 0), {"shortcut": "n", "retired": True})
    document = set_fields(document, (*values, 1), {"shortcut": "N"})
    assert not problems(document)
    assert [problem.where for problem in problems(set_fields(document, (*values, 0), {"retired": None}))] == [
        "variables[1].values[1].shortcut"
    ]


def operands(*keys: Json) -> st.SearchStrategy[list[Json]]:
    return st.lists(st.sampled_from([*keys, None]), min_size=1, max_size=2)


def on(variable: str, *keys: Json, **more: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, Json]]:
    options = {"any_of": operands(*keys), "not_in": operands(*keys), **more}
    return st.fixed_dictionaries({"variable": st.just(variable)}, optional=options).filter(lambda test: len(test) > 1)


NUMBERS = st.integers(-1, 3)
TESTS = st.one_of(
    on("one", "a", "b", count_at_least=st.integers(1, 2)),
    on("set", "a", "b", count_at_least=st.integers(1, 3)),
    on("number", 0, 2, at_least=NUMBERS, at_most=NUMBERS),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda parts: st.dictionaries(
        st.sampled_from(["all", "any"]), st.lists(parts, min_size=1, max_size=3), min_size=1, max_size=1
    ),
    max_leaves=5,
)


@given(CONDITIONS, CONDITIONS)
def test_a_condition_is_dead_exactly_where_no_answers_meet_it(first: Json, second: Json) -> None:
    values: Json = [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]
    known: list[Json] = [
        {"key": "one", "label": "One", "type": "single", "values": values},
        {"key": "set", "label": "Set", "type": "multi", "values": values, "visible_if": first},
        {"key": "number", "label": "Number", "type": "number", "integer": True, "min": 0, "max": 2},
        {"key": "asked", "label": "Asked", "type": "text", "visible_if": second},
    ]
    if '"set"' in str(first).replace("'", '"'):
        known[1] = {"key": "set", "label": "Set", "type": "multi", "values": values}
    document = {**make.CODEBOOK, "variables": known}
    book = parse(document)
    units = [dict(zip(ANSWERS, given, strict=True)) for given in product(*ANSWERS.values())]
    for number, variable in enumerate(book.variables):
        dead = any(problem.where == f"variables[{number}].visible_if" for problem in problems(document))
        assert dead is not any(is_asked(book, variable, answers) for answers in units)
