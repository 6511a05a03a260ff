"""What becomes of answers on units whose boundaries were mended, for one variable."""

from annotator.core.align import align, identity, link_units
from annotator.core.carrying import Ancestor, Ground, Held, Target, carried, unplaced
from annotator.core.codebook import Json
from annotator.core.codebook.model import Kind
from annotator.core.spans import Interval

TEXT = "The mayor blamed the army. Two shops closed."
FIRST, SECOND, WHOLE = Interval(0, 26), Interval(27, 44), Interval(0, 44)
HALVES = [Interval(0, 16), Interval(17, 26)]


def span(start: int, end: int, text: str = TEXT, **more: Json) -> dict[str, Json]:
    return {"start": start, "end": end, "quote": text[start:end], "value": "naming", **more}


def speaker(source: str, *spans: dict[str, Json]) -> dict[str, Json]:
    return {"source": source, "manner": "indirect", "stance": None, "spans": [*spans]}


def carry(
    kind: Kind, old: list[Interval], new: list[Interval], held: list[Held | None], text: str = TEXT
) -> list[Held | None]:
    """The labels on the new units, given those on the old ones."""
    alignment = identity(len(text)) if text == TEXT else align(TEXT, text)
    links = link_units(old, new, alignment)
    found = []
    for index, extent in enumerate(new):
        ancestors = [Ancestor(link, held[link.old]) for link in links if link.new == index]
        exact = all(a.link.whole for a in ancestors)
        found.append(carried(kind, ancestors, Target(extent, exact), Ground(text, alignment)))
    return found


def split(kind: Kind, value: Json) -> list[Held | None]:
    return carry(kind, [FIRST], HALVES, [Held(value, version=3)])


def merge(kind: Kind, one: Json, other: Json) -> Held | None:
    held = [None if value is None else Held(value, version=n) for n, value in ((1, one), (4, other))]
    return carry(kind, [FIRST, SECOND], [WHOLE], held)[0]


def test_a_unit_that_stays_keeps_its_answer_and_counts_on() -> None:
    assert carry("single", [FIRST], [FIRST], [Held("for", version=2)]) == [Held("for", version=3)]
    assert carry("single", [FIRST], [FIRST], [Held("for", to_confirm=True)]) == [Held("for", True, 1)]


def test_both_halves_inherit_an_answer_to_be_confirmed() -> None:
    assert split("single", "for") == [Held("for", True, 4), Held("for", True, 4)]


def test_an_answer_that_was_taken_back_is_not_carried() -> None:
    assert split("single", None) == [None, None]


def test_spans_of_a_split_unit_go_to_their_half() -> None:
    first, second = split("span", [span(4, 9), span(21, 25)])
    assert first == Held([span(4, 9)], True, 4)
    assert second == Held([span(21, 25)], True, 4)


def test_a_span_across_the_cut_is_listed() -> None:
    across = span(10, 20)
    assert split("span", [across]) == [Held([], True, 4), Held([], True, 4)]
    now: list[Json] = [[span(4, 9)], []]
    assert list(unplaced("span", [across, span(4, 9)], now, identity(len(TEXT)))) == [across]
    assert list(unplaced("span", [across], [*now, None], identity(len(TEXT)))) == []


def test_both_halves_inherit_every_speaker_with_the_marks_that_lie_there() -> None:
    source, cue, content = (
        span(*extent, role=role) for extent, role in (((4, 9), "s"), ((10, 16), "c"), ((21, 25), "w"))
    )
    first, second = split("attribution", [speaker("mayor", source, cue, content)])
    assert first == Held([speaker("mayor", source, cue)], True, 4)
    assert second == Held([speaker("mayor", content)], True, 4)


def test_equal_answers_stay_on_a_merge() -> None:
    assert merge("single", "for", "for") == Held("for", version=5)
    assert merge("multi", ["a", "b"], ["a", "b"]) == Held(["a", "b"], version=5)
    assert merge("attribution", [], []) == Held([], version=5)


def test_unequal_answers_come_back_on_a_merge() -> None:
    assert merge("single", "for", "against") == Held(None, True, 5)
    assert merge("attribution", [], [speaker("mayor")]) == Held(None, True, 5)


def test_an_answer_on_one_of_two_merged_units_is_to_be_confirmed() -> None:
    assert merge("single", "for", None) == Held("for", True, 2)


def test_equal_speakers_of_merged_units_keep_the_marks_of_both() -> None:
    found = merge("attribution", [speaker("mayor", span(4, 9))], [speaker("mayor", span(31, 36))])
    assert found == Held([speaker("mayor", span(4, 9), span(31, 36))], version=5)


def test_spans_of_merged_units_are_put_together() -> None:
    assert merge("span", [span(4, 9)], [span(31, 36)]) == Held([span(4, 9), span(31, 36)], True, 5)
    assert merge("span", [], []) == Held([], version=5)


def test_relations_of_merged_units_stay_apart() -> None:
    found = merge("span", [span(4, 9, relation="1")], [span(31, 36, relation="1"), span(37, 43, relation="2")])
    assert found is not None
    assert [item["relation"] for item in found.value] == ["1", "1.2", "2"]  # type: ignore[union-attr, index, call-overload]


def test_what_waits_to_be_settled_goes_on_waiting() -> None:
    assert carry("single", [FIRST], HALVES, [Held(None, True, 2)]) == [Held(None, True, 3), Held(None, True, 3)]
    assert carry("single", [FIRST, SECOND], [WHOLE], [Held(None, True), Held("for")]) == [Held(None, True, 1)]


def test_over_a_moved_boundary_each_unit_keeps_its_own_answer_to_be_confirmed() -> None:
    found = carry("single", [FIRST, SECOND], [Interval(0, 30), Interval(31, 44)], [Held("for"), Held("against")])
    assert found == [Held("for", True, 1), Held("against", True, 1)]


def test_over_a_moved_boundary_spans_go_with_their_words() -> None:
    spans = [Held([span(4, 9)]), Held([span(27, 30), span(31, 36)])]
    found = carry("span", [FIRST, SECOND], [Interval(0, 30), Interval(31, 44)], spans)
    assert found == [Held([span(4, 9), span(27, 30)], True, 1), Held([span(31, 36)], True, 1)]


def test_a_corrected_unit_is_to_be_confirmed_and_its_spans_are_found_again() -> None:
    text = TEXT.replace("blamed", "praised")
    new = [Interval(0, 27), Interval(28, 45)]
    found = carry("span", [FIRST, SECOND], new, [Held([span(10, 16), span(21, 25)]), Held([span(31, 36)])], text)
    assert found == [Held([span(10, 17, text), span(22, 26, text)], True, 1), Held([span(32, 37, text)], False, 1)]
