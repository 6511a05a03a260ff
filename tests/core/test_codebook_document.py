"""Codebook documents: what is taken, and what is refused with every reason at once."""

import copy
import doctest
import importlib
import json
import pkgutil

import pytest

from annotator.core import codebook
from annotator.core.codebook import CodebookError
from tests.shared import SHARED, needs_shared

HOSTILE = SHARED / "reference" / "hostile"
MODEL = SHARED / "reference" / "science" / "codebook_conflict_news.json"


def hostile_cases():
    manifest = HOSTILE / "manifest.json"
    if not manifest.is_file():
        return []
    cases = json.loads(manifest.read_text("utf-8"))["cases"]
    return [pytest.param(case, id=case["id"]) for case in cases if case["route"] == "codebook_import"]


def hostile_bytes(case):
    if "file" in case:
        return (HOSTILE / case["file"]).read_bytes()
    namespace = {"__name__": "generated"}
    exec(compile((HOSTILE / "generated.py").read_text("utf-8"), "generated.py", "exec"), namespace)
    return namespace["build"](case["generate"])


def read(data):
    return codebook.parse(codebook.load(data))


def value(key, **more):
    return {"key": key, "label": key.capitalize(), **more}


def variable(key="mood", **more):
    return {"key": key, "label": key.capitalize(), "type": "single", "values": [value("calm"), value("wild")], **more}


def document(*variables, **more):
    head = {"format": "conflict-codebook", "format_version": 1, "key": "small", "title": "Small"}
    return {**head, "variables": list(variables) or [variable()], **more}


def problems(*variables, **more):
    with pytest.raises(CodebookError) as caught:
        codebook.parse(document(*variables, **more))
    return {problem.where: problem.message for problem in caught.value.problems}


@needs_shared
@pytest.mark.parametrize("case", hostile_cases())
def test_a_hostile_document_has_the_outcome_that_its_case_asks_for(case):
    try:
        read(hostile_bytes(case))
        outcome, message = "accept", ""
    except CodebookError as error:
        outcome, message = "reject", str(error).casefold()

    assert case["outcome"] in (outcome, "either"), message
    if outcome == "reject":
        for wanted in ("message_mentions_any", "message_mentions_also"):
            words = case.get(wanted)
            assert words is None or any(word.casefold() in message for word in words)


@needs_shared
def test_the_model_document_is_read_as_it_is():
    model = read(MODEL.read_bytes())

    assert model.ignored == ()
    assert len(model.variables) == 22
    assert [v.key for v in model.variable("attribution_inner_source").values][:2] == ["opposition", "state_media"]
    assert model.variable("primary_frame").limited_to == "frames"
    assert model.variable("framing_span").span_attributes[1].values[4].key == "+2"
    assert codebook.codes(model.variable("confidence")) == {"1": 1, "2": 2, "3": 3}


def test_the_smallest_document_is_a_codebook():
    small = codebook.parse(document())

    assert small.variable("mood").measurement == "nominal"
    assert small.variable("mood").question == "Mood"
    assert small.language == "en"


def test_all_problems_are_reported_with_their_places():
    found = problems(
        variable(values=[value("calm"), {"key": "a b", "label": " "}]),
        variable("tone", type="slider"),
        variable("term", colour=1, max_choices=0),
    )

    assert set(found) == {
        "variables[0].values[1].key",
        "variables[0].values[1].label",
        "variables[1].type",
        "variables[2].max_choices",
    }


def test_a_field_that_the_format_lacks_is_named_and_left_out():
    parsed = codebook.parse(document(variable(exlusive=["calm"])))

    assert [problem.where for problem in parsed.ignored] == ["variables[0].exlusive"]


def test_a_byte_order_mark_is_dropped_and_other_encodings_are_refused():
    data = json.dumps(document()).encode()

    assert codebook.load(b"\xef\xbb\xbf" + data) == document()
    with pytest.raises(CodebookError, match="UTF-8"):
        codebook.load(json.dumps(document()).encode("utf-16"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": Infinity}', "Infinity"),
        (b'{"a": 1e999}', "too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "digits"),
        (b"[" * 100_000, "nested"),
        (b'{"a": "' + b'\\"' * 200_000, "JSON"),
        (b" " * (5 * 1024 * 1024 + 1), "at most"),
    ],
    ids=["empty", "duplicate", "infinity", "float", "integer", "deep", "unclosed", "size"],
)
def test_bytes_that_are_no_strict_json_are_refused(data, said):
    with pytest.raises(CodebookError, match=said):
        codebook.load(data)


def test_brackets_inside_strings_are_no_nesting():
    assert codebook.load(json.dumps({"a": "[" * 1000 + '"' + "{" * 1000}).encode())["a"].startswith("[[")


def test_the_hash_knows_a_document_by_its_content():
    one = document()
    same = dict(reversed(one.items()))

    assert codebook.document_hash(one) == codebook.document_hash(same)
    assert codebook.document_hash(one) != codebook.document_hash(document(title="Other"))


def test_parsing_leaves_the_document_alone():
    given = document(variable(), variable("other", values_from="mood", values=None))
    before = copy.deepcopy(given)

    codebook.parse(given)

    assert given == before


def test_values_are_taken_over_from_another_variable_even_twice_removed():
    parsed = codebook.parse(
        document(
            variable("third", values=None, values_from="second"),
            variable("second", values=None, values_from="first", values_without=["b"]),
            variable("first", values=[value("a"), value("b"), value("c")]),
        )
    )

    assert [v.key for v in parsed.variable("third").values] == ["a", "c"]


def test_values_taken_in_a_circle_are_refused():
    found = problems(variable("one", values=None, values_from="two"), variable("two", values=None, values_from="one"))

    assert "cycle" in found["variables[0].values_from"]


def test_a_condition_names_variables_values_and_scope_of_the_document():
    found = problems(
        variable("one", visible_if={"all": [{"variable": "two", "any_of": ["stormy"]}]}),
        variable("two", visible_if={"any": [{"variable": "three", "any_of": ["calm"]}]}),
        variable("three", scope="article"),
    )

    assert "'stormy'" in found["variables[0].visible_if"]
    assert "article" in found["variables[1].visible_if"]


@pytest.mark.parametrize(
    "condition",
    [{}, {"all": []}, {"all": {}}, {"variable": "other"}, {"variable": "other", "any_of": []}, "other", {"both": []}],
)
def test_a_condition_without_a_test_is_refused(condition):
    assert any(
        where.startswith("variables[0].visible_if")
        for where in problems(variable(visible_if=condition), variable("other"))
    )


def test_a_chain_of_conditions_may_be_long_and_stand_in_any_order():
    chain = [
        variable(f"v{n}", visible_if={"variable": f"v{n - 1}", "any_of": ["calm"]} if n else None)
        for n in reversed(range(500))
    ]

    assert codebook.parse(document(*chain)).order[:2] == ("v0", "v1")


def test_the_numbers_of_a_scale_come_from_code_then_key_then_rank():
    def scale(*values):
        parsed = codebook.parse(document(variable(type="ordinal", values=list(values))))
        return list(codebook.codes(parsed.variable("mood")).values())

    assert scale(value("-2"), value("0"), value("+1.5")) == [-2, 0, 1.5]
    assert scale(value("low", code=10), value("high", code=20)) == [10, 20]
    assert scale(value("low"), value("2"), value("high")) == [1, 2, 3]


@pytest.mark.parametrize(
    "values",
    [
        [value("only")],
        [value("low", code=2), value("high", code=2)],
        [value("low", code=1), value("high")],
        [value("1"), value("3"), value("2")],
    ],
)
def test_a_scale_that_does_not_rise_or_fall_is_refused(values):
    assert "variables[0].values" in problems(variable(type="ordinal", values=values))


@pytest.mark.parametrize("shortcut", ["ab", " ", ",", ".", "/", "-", "=", "?", "]", "é", "ج", "\t"])
def test_keys_of_the_coding_screen_are_no_shortcuts(shortcut):
    found = problems(variable(values=[value("calm", shortcut=shortcut), value("wild")]))

    assert "shortcut" in found["variables[0].values[0].shortcut"]


def test_two_shortcuts_that_differ_in_case_are_one_key():
    found = problems(variable(values=[value("calm", shortcut="C"), value("cool", shortcut="c")]))

    assert "'calm'" in found["variables[0].values[1].shortcut"]


def test_values_without_a_shortcut_get_a_key_of_their_own():
    parsed = codebook.parse(
        document(variable(values=[value("army"), value("aid", shortcut="a"), value("مدني"), value("rain")]))
    )

    assert codebook.effective_keys(parsed.variable("mood")) == {"army": "r", "aid": "a", "مدني": "1", "rain": "i"}
    assert parsed.variable("mood").value("army").shortcut == ""


def test_beyond_thirty_six_values_there_are_no_keys_left():
    many = codebook.parse(document(variable(values=[value(f"v{n}") for n in range(50)])))

    keys = codebook.effective_keys(many.variable("mood"))
    assert len(keys) == len(set(keys.values())) == 36


def test_zero_is_the_narrators_key_in_an_attribution():
    attribution = {"key": "who", "label": "Who", "type": "attribution"}

    assert (
        "narrator"
        in problems({**attribution, "sources": [value("army", shortcut="0")]})["variables[0].sources[0].shortcut"]
    )
    assert "variables[0].sources" in problems(attribution)


def test_the_condition_goes_to_the_browser_as_it_came():
    condition = {
        "any": [{"variable": "other", "not_in": ["calm", None]}, {"all": [{"variable": "other", "count_at_least": 1}]}]
    }
    parsed = codebook.parse(document(variable(visible_if=condition), variable("other")))

    assert codebook.condition_as_json(parsed.variable("mood")) == condition
    assert codebook.condition_as_json(parsed.variable("other")) is None


def test_a_document_from_an_api_is_checked_for_characters_that_cannot_be_stored():
    assert "surrogate" in problems(variable(definition="half \ud83d"))["variables[0].definition"]
    assert "NUL" in problems(origin="a\0b")["origin"]


def test_every_example_in_the_docstrings_is_true():
    names = [module.name for module in pkgutil.iter_modules(codebook.__path__, "annotator.core.codebook.")]
    results = [doctest.testmod(importlib.import_module(name)) for name in names]

    assert sum(result.attempted for result in results) > 0
    assert sum(result.failed for result in results) == 0
