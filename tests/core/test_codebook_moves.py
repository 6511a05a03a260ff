"""Values that were merged, split or retired: what a document may say of them, and what becomes of answers."""

import copy

import pytest

from annotator.core.codebook import CodebookError, Json, Moved, Used, Variable, changes, moved, parse, revived, unknown
from annotator.core.codebook.model import SpanAttribute, SpanRules
from tests import make

Document = dict[str, Json]


def with_values(variable: str, **became: object) -> Document:
    """The small codebook, in which values of one variable became others; None retires a value."""
    document = copy.deepcopy(make.CODEBOOK)
    entry = next(v for v in document["variables"] if v["key"] == variable)
    for name in ("values", "sources", "manners", "stances"):
        for value in entry.get(name, []):
            if value["key"] in became:
                to = became[value["key"]]
                value |= {"retired": True} | ({"became": to} if to else {})
    return document


def variable(key: str, **became: object) -> Variable:
    return parse(with_values(key, **became)).variable(key)


def refusal(document: Document) -> str:
    with pytest.raises(CodebookError) as error:
        parse(document)
    return str(error.value)


def mark(start: int, value: str, **more: object) -> Json:
    return {"start": start, "end": start + 3, "quote": "abc", "value": value, **more}


def said(source: str, manner: str | None = "direct", stance: str | None = "neutral") -> Json:
    return {"source": source, "manner": manner, "stance": stance, "spans": []}


@pytest.mark.parametrize(
    ("became", "told"),
    [
        ({"for": ["nobody"]}, "values[2].became: 'nobody' is no value of this list"),
        ({"for": ["neutral", "neutral"]}, "a value is named twice"),
        ({"for": ["neutral"], "neutral": ["for"]}, "became each other in a cycle"),
        ({"for": ["for"]}, "became each other in a cycle"),
        ({"for": "neutral"}, "became has to be a list"),
        ({"for": [1]}, "became has to be a list of texts"),
    ],
)
def test_a_value_becomes_others_of_its_list_and_never_itself(became: dict[str, object], told: str) -> None:
    assert told in refusal(with_values("stance", **became))


def test_only_a_retired_value_became_another() -> None:
    document = with_values("stance", **{"for": ["neutral"]})
    del document["variables"][1]["values"][2]["retired"]  # type: ignore[call-overload, index, union-attr]
    assert "'For' is still offered" in refusal(document)


def test_a_long_chain_is_followed_to_its_end() -> None:
    values: list[Json] = [{"key": f"v{n}", "label": "V", "retired": True, "became": [f"v{n + 1}"]} for n in range(999)]
    document = copy.deepcopy(make.CODEBOOK)
    document["variables"][1]["values"] = [*values, {"key": "v999", "label": "V"}]  # type: ignore[call-overload, index]
    assert moved(parse(document).variable("stance"), "v0") == Moved("v999")


def test_one_value_is_replaced_or_asked_again() -> None:
    assert moved(variable("stance", **{"for": ["against"]}), "for") == Moved("against")
    assert moved(variable("stance", **{"for": ["against", "neutral"]}), "for") == Moved(None, asked=True)
    assert moved(variable("stance", **{"for": None}), "for") == Moved("for")
    assert moved(variable("stance", **{"for": ["against"]}), "neutral") == Moved("neutral")


def test_a_set_gets_smaller_where_two_of_it_became_one() -> None:
    side = variable("side", town=["state"])
    assert moved(side, ["town", "state"]) == Moved(["state"])
    assert moved(side, ["town", "army"]) == Moved(["state", "army"])
    assert moved(side, []) == Moved([])
    assert moved(variable("side", town=["state", "army"]), ["town"]) == Moved(None, asked=True)


def test_a_set_in_which_a_value_now_stands_alone_is_asked_again() -> None:
    document = with_values("side", town=["state"])
    document["variables"][2]["exclusive"] = ["state"]  # type: ignore[call-overload, index]
    side = parse(document).variable("side")
    assert moved(side, ["town", "army"]) == Moved(None, asked=True)
    assert moved(side, ["town"]) == Moved(["state"])


def test_marks_keep_their_words_and_are_joined_where_they_became_the_same() -> None:
    framing = variable("framing", naming_state=["praise"])
    assert moved(framing, [mark(4, "naming_state"), mark(0, "praise")]) == Moved([mark(0, "praise"), mark(4, "praise")])
    assert moved(framing, [mark(0, "naming_state"), mark(0, "praise")]) == Moved([mark(0, "praise")])


def test_a_split_mark_stays_where_it_is_and_waits() -> None:
    document = with_values("framing", naming_state=["praise", "blame"])
    document["variables"][6]["values"].append({"key": "blame", "label": "Blame"})  # type: ignore[call-overload, index, union-attr]
    answer: Json = [mark(0, "naming_state"), mark(4, "praise")]
    assert moved(parse(document).variable("framing"), answer) == Moved(answer, asked=True)


def test_marks_that_may_no_longer_overlap_wait() -> None:
    framing = variable("framing", naming_state=["praise"])
    strict = Variable(**{name: getattr(framing, name) for name in framing.__slots__} | {"span": SpanRules("none")})
    answer: Json = [mark(0, "naming_state"), mark(1, "praise")]
    assert moved(strict, answer) == Moved([mark(0, "praise"), mark(1, "praise")], asked=True)


def test_the_values_of_an_attribute_are_moved_with_the_mark() -> None:
    framing = variable("framing")
    tone = SpanAttribute("values", "Tone", "multi", variable("side", town=["army"]).values)
    rich = Variable(**{name: getattr(framing, name) for name in framing.__slots__} | {"span_attributes": (tone,)})
    answer: Json = [mark(0, "praise", attributes={"values": ["town", "state"]})]
    assert moved(rich, answer) == Moved([mark(0, "praise", attributes={"values": ["state", "army"]})])


def test_every_part_of_an_attribution_is_moved() -> None:
    assert moved(variable("attribution", mayor=["army"]), [said("mayor"), said("army")]) == Moved([said("army")])
    indirect = variable("attribution", direct=["indirect"], accusing=["neutral"])
    assert moved(indirect, [said("mayor", stance="accusing")]) == Moved([said("mayor", "indirect")])
    assert moved(indirect, [said("mayor", None, None)]) == Moved([said("mayor", None, None)])


def test_a_split_source_waits_and_a_split_manner_is_open() -> None:
    by_source = variable("attribution", mayor=["army", "residents"])
    assert moved(by_source, [said("mayor")]) == Moved([said("mayor")], asked=True)
    document = with_values("attribution", direct=["indirect", "quoted"])
    document["variables"][0]["manners"].append({"key": "quoted", "label": "Quoted"})  # type: ignore[call-overload, index, union-attr]
    by_manner = parse(document).variable("attribution")
    assert moved(by_manner, [said("mayor")]) == Moved([said("mayor", None)], asked=True)


def test_a_list_taken_over_from_another_question_follows_as_far_as_it_goes() -> None:
    document = with_values("attribution", mayor=["army"], residents=["army"])
    document["variables"][2] |= {"values": None, "values_from": "attribution", "values_without": ["army"]}  # type: ignore[call-overload, index, operator]
    assert moved(parse(document).variable("side"), ["mayor"]) == Moved(["mayor"])


def test_values_that_are_gone_are_named_and_retired_ones_can_be_offered_again() -> None:
    side = variable("side", town=["army"], state=None)
    assert {used.key for used in unknown(side, ["town", "village"])} == {"village"}
    assert [value.retired for value in revived(side).values] == [False, False, False]
    kept = revived(side, kept={Used("values", "state")})
    assert [value.key for value in kept.values if value.retired] == ["town"]


def test_changes_tell_what_a_value_became() -> None:
    merged = with_values("stance", **{"for": ["against"]})
    split = with_values("stance", **{"for": ["against", "neutral"]})
    assert [(c.what, c.into) for c in changes(make.CODEBOOK, merged)] == [("merged", ("Against",))]
    assert [(c.what, c.into) for c in changes(make.CODEBOOK, split)] == [("split", ("Against", "Neutral"))]
    assert [c.what for c in changes(split, make.CODEBOOK)] == ["back in use"]
