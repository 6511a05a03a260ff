"""One answer against its variable, for each kind."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core import codebook
from annotator.core.codebook import AnswerError, check_answer
from tests.shared import SHARED, needs_shared

TEXT = 'First line.\nThe Front blamed "the regime" for it, the ministry denied that.\nLast 🙂 line.'
START, END = TEXT.index("The Front"), TEXT.index("\nLast")
HUGE = 10**5000


def values(*keys):
    return [{"key": key, "label": key} for key in keys]


def variable(kind, **more):
    if kind in ("single", "multi", "ordinal", "span"):
        more.setdefault("values", values("none", "army", "front", "aid"))
    if kind == "attribution":
        parts = {"sources": values("army", "front"), "manners": values("direct"), "stances": values("neutral")}
        more = {**parts, **more}
    question = {"key": "it", "label": "It", "type": kind, **more}
    other = {"key": "other", "label": "Other", "type": "text"}
    head = {"format": "conflict-codebook", "format_version": 1, "key": "small", "title": "Small"}
    return codebook.parse({**head, "variables": [question, other]}).variable("it")


def check(asked, answer, **more):
    return check_answer(asked, answer, text=TEXT, start=START, end=END, **more)


def refusal(asked, answer, **more):
    with pytest.raises(AnswerError) as caught:
        check(asked, answer, **more)
    return str(caught.value)


def at(words, **more):
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), **more}


def test_nothing_is_no_answer():
    assert "undo" in refusal(variable("single"), None)


def test_a_choice_has_to_be_one_of_the_keys():
    assert check(variable("single"), "army") == "army"
    for wrong in ("navy", "Army", "", 1, True, ["army"], {"army": 1}, HUGE, "x" * 10**5):
        said = refusal(variable("single"), wrong)
        assert "none, army, front, aid" in said
        assert len(said) < 300


def test_a_retired_value_is_no_longer_taken():
    retired = variable("single", values=[*values("army"), {"key": "navy", "label": "Navy", "retired": True}])

    assert "not offered" in refusal(retired, "navy")


def test_a_set_is_stored_in_the_order_of_the_codebook():
    assert check(variable("multi"), ["aid", "army"]) == ["army", "aid"]
    assert check(variable("multi"), []) == []


def test_a_set_keeps_the_rules_of_its_variable():
    rules = variable("multi", exclusive=["none"], max_choices=2)

    assert "alone" in refusal(rules, ["none", "army"])
    assert "2 at most" in refusal(rules, ["army", "front", "aid"])
    assert "twice" in refusal(rules, ["army", "army"])
    assert "list" in refusal(rules, "army")


def test_an_answer_limited_to_what_was_chosen_elsewhere():
    limited = variable("single", values_limited_to_chosen_in="other")

    assert check(limited, "army", chosen=["army"]) == "army"
    assert "choose from army" in refusal(limited, "front", chosen=["army"])
    assert check(limited, "front") == "front"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [(3, 3), ("3", 3), (" -2.50 ", -2.5), (12.0, 12), ("1e3", 1000), (-0.0, 0), (".5", 0.5), ("٣", 3)],
)
def test_numbers_are_stored_as_numbers(sent, stored):
    found = check(variable("number"), sent)

    assert found == stored
    assert type(found) is type(stored)


@pytest.mark.parametrize(
    "wrong",
    [
        True,
        "",
        "12,5",
        "0x10",
        "1_000",
        "nan",
        float("nan"),
        float("inf"),
        "1e400",
        pytest.param(HUGE, id="huge"),
        10**16,
        [],
        {},
    ],
)
def test_what_is_no_reasonable_number_is_refused(wrong):
    assert "number" in refusal(variable("number"), wrong)


def test_a_number_keeps_its_range():
    count = variable("number", min=0, max=20, integer=True)

    assert "0 at least" in refusal(count, -1)
    assert "20 at most" in refusal(count, "21")
    assert "whole" in refusal(count, 1.5)


def test_text_is_kept_but_for_its_line_ends():
    assert check(variable("text"), " a\r\nb\rc\u00ad ") == " a\nb\nc\u00ad "
    assert "5 at most" in refusal(variable("text", max_length=5), "123456")
    for wrong in ("", " \n", "a\0b", "half \ud83d", 5, ["a"]):
        refusal(variable("text"), wrong)


def test_a_span_gets_its_quote_and_spans_their_order():
    found = check(variable("span"), [at("regime", value="front"), at("The Front", value="army", quote="The Front")])

    assert found == [
        {**at("The Front"), "quote": "The Front", "value": "army"},
        {**at("regime"), "quote": "regime", "value": "front"},
    ]
    assert check(variable("span"), []) == []


def test_spans_count_in_code_points():
    whole = check_answer(variable("span"), [at("🙂", value="aid")], text=TEXT, start=0, end=len(TEXT))

    assert whole[0]["quote"] == "🙂"
    assert whole[0]["end"] - whole[0]["start"] == 1


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ({"start": START, "end": START, "value": "army"}, "empty"),
        ({"start": END - 1, "end": START, "value": "army"}, "backwards"),
        ({"start": START - 1, "end": END, "value": "army"}, "leaves its unit"),
        ({"start": START, "end": END + 1, "value": "army"}, "leaves its unit"),
        ({"start": START + 0.0, "end": END, "value": "army"}, "whole number"),
        ({"start": False, "end": END, "value": "army"}, "whole number"),
        ({"start": START, "end": HUGE, "value": "army"}, "leaves its unit"),
        ({"start": START, "value": "army"}, "whole number"),
        (at("regime", value="army", quote="Regime"), "quote"),
        (at("regime", value="navy"), "navy"),
        (at("regime"), "choose from"),
        (at("regime", value="army", colour=3), "colour"),
        (at("regime", value="army", relation=7), "relation"),
        (at("regime", value="army", attributes={"weight": 3}), "weight"),
        ("regime", "object"),
    ],
)
def test_a_span_that_does_not_fit_is_refused(span, said):
    assert said in refusal(variable("span"), [span])


def test_more_spans_than_anyone_marks_are_refused():
    assert "200 at most" in refusal(variable("span"), [at("regime", value="army")] * 201)


def test_span_attributes_are_checked_one_by_one():
    asked = variable(
        "span",
        span_attributes=[
            {"key": "favours", "type": "multi", "values": ["army", "front"]},
            {"key": "valence", "type": "ordinal", "values": ["-1", "+1"]},
            {"key": "distanced", "type": "bool"},
        ],
    )
    attributes = {"distanced": False, "favours": ["front", "army"], "valence": "-1"}

    found = check(asked, [at("regime", value="army", attributes=attributes)])

    assert found[0]["attributes"] == {"favours": ["army", "front"], "valence": "-1", "distanced": False}
    for wrong in ({"distanced": 1}, {"valence": -1}, {"favours": "army"}, {"favours": ["navy"]}, []):
        refusal(asked, [at("regime", value="army", attributes=wrong)])


WHOLE, INNER, CROSSING = at('"the regime"'), at("regime"), at('regime" for')


@pytest.mark.parametrize(
    ("rule", "one", "other", "allowed"),
    [
        ("none", WHOLE, INNER, (False, False)),
        ("across_labels", WHOLE, INNER, (False, True)),
        ("across_labels_and_nested", WHOLE, INNER, (True, True)),
        ("across_labels_and_nested", WHOLE, CROSSING, (False, True)),
        ("any", WHOLE, CROSSING, (True, True)),
        ("any", WHOLE, WHOLE, (False, True)),
    ],
)
def test_spans_overlap_as_the_codebook_allows(rule, one, other, allowed):
    asked = variable("span", span={"overlap": rule})

    for second_value, fits in zip(("army", "front"), allowed, strict=True):
        spans = [{**one, "value": "army"}, {**other, "value": second_value}]
        if fits:
            assert len(check(asked, spans)) == 2
        else:
            assert "overlap" in refusal(asked, spans)


def test_equal_spans_of_two_relations_stand_side_by_side():
    asked = variable("span", span={"overlap": "across_labels_and_nested"})
    spans = [at("The Front", value="army", relation=relation) for relation in ("a2", "a1")]

    assert [span["relation"] for span in check(asked, spans)] == ["a1", "a2"]


def test_an_attribution_keeps_its_order_and_sorts_its_pieces():
    outer = {"source": "front", "manner": "direct", "stance": "neutral"}
    pieces = [at("blamed", role="cue"), at("The Front", role="source")]

    found = check(variable("attribution"), [{**outer, "spans": pieces}, {"source": "army"}])

    assert [piece["role"] for piece in found[0]["spans"]] == ["source", "cue"]
    assert found[0]["spans"][1]["quote"] == "blamed"
    assert found[1] == {"source": "army", "manner": None, "stance": None, "spans": []}
    assert check(variable("attribution"), []) == []


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({}, "source"),
        ({"source": "navy"}, "navy"),
        ({"source": "army", "manner": "sung"}, "sung"),
        ({"source": "army", "stance": ["neutral"]}, "stance"),
        ({"source": "army", "spans": {}}, "list"),
        ({"source": "army", "spans": [at("blamed", role="verb")]}, "role"),
        ({"source": "army", "spans": [at("blamed", role="cue")] * 2}, "twice"),
        ({"source": "army", "spans": [at("blamed", role="cue", value="x")]}, "value"),
        ({"source": "army", "tone": "loud"}, "tone"),
        ("army", "object"),
    ],
)
def test_an_attribution_that_does_not_fit_is_refused(item, said):
    assert said in refusal(variable("attribution"), [item])


def test_one_attribution_inside_another_needs_nesting():
    outer = {"source": "front", "spans": [at('"the regime" for it, the ministry denied that', role="content")]}
    inner = {"source": "army", "spans": [at("denied", role="cue")]}

    assert "nesting" in refusal(variable("attribution"), [outer, inner])
    assert len(check(variable("attribution", nested=True), [outer, inner])) == 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["start", "end", "value", "source", "spans"]), inner)
    ),
    max_leaves=8,
)


@given(
    kind=st.sampled_from(["single", "multi", "ordinal", "number", "text", "span", "attribution"]), answer=json_values
)
def test_whatever_is_sent_is_stored_unchanged_on_a_second_check_or_refused(kind, answer):
    asked = variable(kind)
    try:
        stored = check(asked, answer)
    except AnswerError:
        return
    assert check(asked, json.loads(json.dumps(stored, allow_nan=False))) == stored


@needs_shared
def test_the_reference_codings_of_the_model_codebook_are_answers():
    science = SHARED / "reference" / "science"
    model = codebook.parse(codebook.load((science / "codebook_conflict_news.json").read_bytes()))
    reference = json.loads((science / "seed_annotations.json").read_text("utf-8"))
    extents = {unit["sentence"]: unit for unit in reference["sentences"]}
    characters = [" "] * reference["text"]["characters"]
    for unit in reference["sentences"]:
        characters[unit["start"] : unit["end"]] = unit["text"]
    text = "".join(characters)

    checked = 0
    for coder in reference["coders"]:
        for coded in coder["sentences"]:
            unit = extents[coded["sentence"]]
            for key, answer in coded["values"].items():
                stored = check_answer(model.variable(key), answer, text=text, start=unit["start"], end=unit["end"])
                assert len(stored) == len(answer)
                checked += 1
    assert checked > 800
