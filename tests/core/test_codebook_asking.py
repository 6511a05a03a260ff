"""What is asked of a unit, and when it is done."""

import pytest

from annotator.core import codebook
from annotator.core.codebook import asked, is_asked, is_done, state


def values(*keys):
    return [{"key": key, "label": key} for key in keys]


def build(*variables):
    head = {"format": "conflict-codebook", "format_version": 1, "key": "small", "title": "Small"}
    return codebook.parse({**head, "variables": list(variables)})


def question(key, kind="single", **more):
    if kind in ("single", "multi", "ordinal", "span"):
        more.setdefault("values", values("yes", "no", "maybe"))
    if kind == "attribution":
        more.setdefault("sources", values("army", "front"))
    return {"key": key, "label": key, "type": kind, **more}


def holds(condition, answer, kind="single"):
    book = build(question("first", kind), question("second", visible_if=condition))
    return is_asked(book, book.variable("second"), {"first": answer})


SPANS = [{"start": 0, "end": 1, "quote": "a", "value": "yes"}, {"start": 2, "end": 3, "quote": "b", "value": "yes"}]
BY_ARMY = [{"source": "army", "manner": None, "stance": None, "spans": []}]


@pytest.mark.parametrize(
    ("kind", "test", "answer", "wanted"),
    [
        ("single", {"any_of": ["yes"]}, "yes", True),
        ("single", {"any_of": ["yes"]}, "no", False),
        ("single", {"any_of": ["yes"]}, None, False),
        ("single", {"any_of": [None]}, None, True),
        ("single", {"not_in": ["no"]}, "yes", True),
        ("single", {"not_in": ["no"]}, "no", False),
        ("single", {"not_in": ["no"]}, None, True),
        ("single", {"not_in": ["no", None]}, None, False),
        ("single", {"not_in": ["no", None]}, "yes", True),
        ("multi", {"any_of": ["yes"]}, ["no", "yes"], True),
        ("multi", {"any_of": ["yes"]}, [], False),
        ("multi", {"not_in": ["yes"]}, ["no", "yes"], False),
        ("multi", {"not_in": ["yes", None]}, [], True),
        ("multi", {"count_at_least": 2}, ["no"], False),
        ("multi", {"count_at_least": 2}, ["no", "yes"], True),
        ("multi", {"count_at_least": 2, "any_of": ["maybe"]}, ["no", "yes"], False),
        ("span", {"count_at_least": 2}, SPANS, True),
        ("span", {"count_at_least": 1}, [], False),
        ("span", {"any_of": ["no"]}, SPANS, False),
        ("attribution", {"any_of": ["army"]}, BY_ARMY, True),
        ("attribution", {"any_of": ["front"]}, BY_ARMY, False),
        ("attribution", {"count_at_least": 1}, [], False),
        ("number", {"any_of": [0, 2.5]}, 2.5, True),
        ("number", {"not_in": [0, None]}, 0, False),
        ("number", {"at_least": 2}, 2, True),
        ("number", {"at_least": 2}, 1.5, False),
        ("number", {"at_least": 2}, None, False),
        ("number", {"at_most": 0}, 0, True),
        ("number", {"at_least": 2, "at_most": 3.5}, 3.6, False),
        ("text", {"count_at_least": 1}, "words", True),
        ("text", {"not_in": [None]}, None, False),
    ],
)
def test_a_test_holds_for_the_answers_it_names(kind, test, answer, wanted):
    assert holds({"variable": "first", **test}, answer, kind) is wanted


def test_conditions_combine_and_nest():
    yes, no = {"variable": "first", "any_of": ["yes"]}, {"variable": "first", "any_of": ["no"]}

    assert holds({"any": [yes, no]}, "no")
    assert not holds({"all": [yes, no]}, "no")
    assert holds({"all": [{"any": [yes, no]}, {"variable": "first", "not_in": ["maybe"]}]}, "yes")


def chain():
    return build(
        question("third", visible_if={"variable": "second", "any_of": ["yes"]}),
        question("second", visible_if={"variable": "first", "any_of": ["yes"]}),
        question("first", required=True),
        question("whole", scope="article"),
        question("old", retired=True),
    )


def keys(variables):
    return [variable.key for variable in variables]


def test_an_answer_to_what_is_not_asked_opens_no_further_question():
    stored = {"first": "no", "second": "yes"}

    assert keys(asked(chain(), "sentence", stored)) == ["first"]
    assert keys(asked(chain(), "sentence", {**stored, "first": "yes"})) == ["third", "second", "first"]


def test_a_test_for_no_answer_does_not_hold_where_nothing_was_asked():
    book = build(
        question("first"),
        question("second", visible_if={"variable": "first", "any_of": ["yes"]}),
        question("third", visible_if={"variable": "second", "any_of": [None]}),
    )

    assert not is_asked(book, book.variable("third"), {"first": "no"})
    assert is_asked(book, book.variable("third"), {"first": "yes"})


def test_each_scope_has_its_own_questions_and_retired_ones_are_gone():
    assert keys(asked(chain(), "article", {})) == ["whole"]
    assert keys(asked(chain(), "sentence", {})) == ["first"]


def test_the_four_states_of_an_answer():
    book = chain()
    sets = build(question("set", "multi"))

    assert state(book, book.variable("first"), {"first": "no"}) == "answered"
    assert state(book, book.variable("first"), {}) == "unanswered"
    assert state(book, book.variable("first"), {"first": None}) == "unanswered"
    assert state(book, book.variable("second"), {"first": "no", "second": "yes"}) == "not_asked"
    assert state(sets, sets.variable("set"), {"set": []}) == "none"


def test_a_unit_is_done_when_the_required_questions_are_answered():
    assert not is_done(chain(), "sentence", {})
    assert is_done(chain(), "sentence", {"first": "yes"})


def test_a_required_question_counts_only_while_it_is_asked():
    book = build(
        question("first"), question("second", required=True, visible_if={"variable": "first", "any_of": ["yes"]})
    )

    assert is_done(book, "sentence", {"first": "no"})
    assert not is_done(book, "sentence", {"first": "yes"})
    assert is_done(book, "sentence", {"first": "yes", "second": "no"})


def test_an_attribution_is_done_with_manner_and_stance_or_with_the_narrator():
    book = build(question("who", "attribution", required=True, manners=values("direct"), stances=values("neutral")))
    whole = [{**BY_ARMY[0], "manner": "direct", "stance": "neutral"}]

    assert is_done(book, "sentence", {"who": []})
    assert is_done(book, "sentence", {"who": whole})
    assert not is_done(book, "sentence", {"who": whole + BY_ARMY})
