"""Edits of a codebook document: what is asked for changes, and nothing else."""

import copy
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import changes, parse, problems, readable
from annotator.core.codebook.editing import (
    Document,
    EditError,
    Place,
    add_entry,
    bring_back,
    entries,
    entry_at,
    identities,
    move_entry,
    moved_index,
    new_key,
    put_entry,
    remove_entry,
    set_fields,
)
from annotator.core.codebook.fields import key_fault
from annotator.core.codebook.simple_conditions import Row, Rows, as_condition, as_rows
from tests import make

STANCE, TONE = 1, 3
PUBLISHED = frozenset(identities(make.CODEBOOK))
WHOLE = {"variable": "stance", "any_of": ["for"]}


def place_of(document: Document, key: str) -> Place:
    found = entries(document, ("variables",))
    return ("variables", next(number for number, entry in enumerate(found) if entry["key"] == key))


def test_fields_that_a_form_does_not_have_stay() -> None:
    document = set_fields(make.CODEBOOK, ("variables", STANCE), {"my_own": [1, {"a": None}]})
    edited = set_fields(document, ("variables", STANCE, "values", 0), {"label": "Con", "definition": None})
    assert entry_at(edited, ("variables", STANCE))["my_own"] == [1, {"a": None}]
    assert [(c.what, c.path, c.field) for c in changes(document, edited)] == [("changed", ("Stance", "Con"), "label")]


def test_no_edit_touches_the_document_it_was_given() -> None:
    before, place = copy.deepcopy(make.CODEBOOK), ("variables", STANCE, "values", 1)
    set_fields(make.CODEBOOK, place, {"label": "Other"})
    move_entry(make.CODEBOOK, place, 1)
    add_entry(make.CODEBOOK, place[:-1], "New")
    remove_entry(make.CODEBOOK, place, frozenset())
    remove_entry(make.CODEBOOK, place, PUBLISHED)
    assert before == make.CODEBOOK


@pytest.mark.parametrize("field", ["key", "type", "scope"])
def test_what_labels_hang_on_is_fixed_once_published(field: str) -> None:
    with pytest.raises(EditError):
        set_fields(make.CODEBOOK, ("variables", STANCE), {field: "article"}, PUBLISHED)
    assert set_fields(make.CODEBOOK, ("variables", STANCE), {field: "article"})


def test_a_published_value_is_retired_and_can_come_back_a_new_one_is_removed() -> None:
    values: Place = ("variables", STANCE, "values")
    document = add_entry(make.CODEBOOK, values, "Mixed")
    retired = remove_entry(document, (*values, 0), PUBLISHED)
    assert parse(retired).variable("stance").value("against").retired
    assert bring_back(retired, (*values, 0)) == document
    assert remove_entry(document, (*values, 3), PUBLISHED) == make.CODEBOOK
    assert "retired" in entry_at(remove_entry(document, ("variables", STANCE), PUBLISHED), ("variables", STANCE))


def test_a_removed_value_is_not_named_elsewhere_in_its_question() -> None:
    place: Place = ("variables", STANCE)
    document = set_fields(make.CODEBOOK, place, {"default": "against", "exclusive": ["against", "for"]})
    edited = entry_at(remove_entry(document, (*place, "values", 0), frozenset()), place)
    assert ("default" in edited, edited["exclusive"]) == (False, ["for"])


def test_a_question_moves_past_the_next_of_its_group_and_a_group_goes_without_its_questions() -> None:
    document = add_entry(make.CODEBOOK, ("groups",), "Ratings")
    for number in (STANCE, TONE):
        document = set_fields(document, ("variables", number), {"group": "ratings"})
    moved = move_entry(document, ("variables", TONE), -1)
    assert place_of(moved, "tone") == ("variables", STANCE)
    assert place_of(moved, "side") == place_of(document, "side")
    assert move_entry(moved, ("variables", STANCE), -1) == moved
    assert remove_entry(document, ("groups", 0), PUBLISHED) == make.CODEBOOK | {"groups": []}


@pytest.mark.parametrize("after", [True, False])
def test_an_entry_is_put_beside_any_other(after: bool) -> None:
    keys = [entry["key"] for entry in entries(make.CODEBOOK, ("variables",))]
    for here, beside in product(range(len(keys)), repeat=2):
        moved = put_entry(make.CODEBOOK, ("variables", here), beside, after=after)
        found = [entry["key"] for entry in entries(moved, ("variables",))]
        assert here == beside or found.index(keys[here]) - found.index(keys[beside]) == (1 if after else -1)
        assert [key for key in found if key != keys[here]] == [key for key in keys if key != keys[here]]
        assert [found.index(key) for key in keys] == [
            moved_index(number, here, beside, after=after) for number in range(len(keys))
        ]


def test_a_question_that_is_put_into_another_group_belongs_to_it() -> None:
    document = add_entry(make.CODEBOOK, ("groups",), "Ratings")
    document = set_fields(document, ("variables", TONE), {"group": "ratings"})
    joined = put_entry(document, ("variables", 0), TONE, after=True)
    assert entry_at(joined, ("variables", TONE))["group"] == "ratings"
    left = put_entry(joined, ("variables", TONE), 0, after=False)
    assert left == document
    with pytest.raises(EditError):
        put_entry(document, ("variables", 0), 99, after=False)


def test_a_question_of_another_kind_loses_only_what_its_kind_cannot_have() -> None:
    place: Place = ("variables", STANCE)
    document = set_fields(make.CODEBOOK, place, {"measurement": "nominal", "definition": "Whose side."})
    edited = entry_at(set_fields(document, place, {"type": "multi"}), place)
    assert "measurement" not in edited
    assert edited["definition"] == "Whose side."
    assert not problems(set_fields(document, place, {"type": "multi"}))


def test_questions_on_spans_are_entries_whose_short_values_are_spelled_out_when_one_is_edited() -> None:
    framing: Place = ("variables", 6)
    short = add_entry(make.CODEBOOK, (*framing, "span_attributes"), "Valence", type="ordinal", values=["-1", "+1"])
    valence: Place = (*framing, "span_attributes", 0)
    assert set_fields(short, (*valence, "values", 1), {"label": "+1"}) == short
    named = set_fields(short, (*valence, "values", 1), {"label": "Warm"})
    assert entry_at(named, valence)["values"] == [{"key": "-1", "label": "-1"}, {"key": "+1", "label": "Warm"}]
    assert [(c.what, c.path) for c in changes(short, named)] == [("changed", ("Framing", "Valence", "Warm"))]
    published = frozenset(identities(short))
    retired = remove_entry(short, (*valence, "values", 0), published)
    retired = remove_entry(retired, (*valence, "values", 1), frozenset())
    (asked,) = parse(retired).variable("framing").span_attributes
    assert [(value.key, value.retired) for value in asked.values] == [("-1", True)]
    assert parse(remove_entry(short, valence, published)).variable("framing").span_attributes[0].retired
    with pytest.raises(EditError):
        set_fields(short, valence, {"type": "single"}, published)


@pytest.mark.parametrize("place", [("variables", 99), ("variables", -1), ("title", 0), ("variables", 0, "sources", 3)])
def test_no_edit_without_an_entry(place: Place) -> None:
    for act in (lambda: set_fields(make.CODEBOOK, place, {}), lambda: remove_entry(make.CODEBOOK, place, PUBLISHED)):
        with pytest.raises(EditError):
            act()


@given(st.text(max_size=60), st.lists(st.sampled_from(["a", "v1", "v2", "a_2", "cafe"])))
def test_a_new_key_is_free_and_fit(label: str, taken: list[str]) -> None:
    key = new_key(label, taken)
    assert key not in taken
    assert key.isascii()
    assert not key_fault(key)


@pytest.mark.parametrize(
    "condition",
    [None, WHOLE, {"all": [WHOLE, {"variable": "tone", "count_at_least": 1}]}, {"any": [WHOLE]}],
)
def test_a_simple_condition_is_rows_and_stays_as_written(condition: object) -> None:
    rows = as_rows(condition)  # type: ignore[arg-type]
    assert rows is not None
    assert as_condition(rows, condition) == condition  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "condition", [{"all": [{"any": [WHOLE]}]}, WHOLE | {"not_in": ["x"]}, {"variable": "stance"}, {"any": "x"}, 3]
)
def test_a_deep_condition_is_none(condition: object) -> None:
    assert as_rows(condition) is None  # type: ignore[arg-type]


def test_rows_make_the_shortest_condition() -> None:
    one = Row("stance", "not_in", (None,))
    assert as_condition(Rows("any", (one,))) == {"variable": "stance", "not_in": [None]}
    assert as_condition(Rows("any", (one, Row("tone", "count_at_least")))) == {
        "any": [{"variable": "stance", "not_in": [None]}, {"variable": "tone", "count_at_least": 1}]
    }


def test_a_question_can_be_read_alone_while_the_draft_is_being_written() -> None:
    document = set_fields(make.CODEBOOK, ("variables", STANCE, "values", 0), {"label": None, "shortcut": "##"})
    document = set_fields(document, ("variables", STANCE), {"visible_if": {"variable": "nothing"}, "group": "none"})
    document = add_entry(document, ("variables",), "Mood", type="single")
    found = readable(document, STANCE)
    assert found is not None
    assert [value.label for value in found.variables[0].values] == ["…", "Neutral", "For"]
    assert readable(document, 8) is None
