"""What a project may ask of the splitter, and what it is told to look at."""

import doctest
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from annotator.core import sentences
from annotator.core.sentences import (
    Doubt,
    KindRule,
    SplitOptions,
    doubts,
    kind_rules,
    prove,
    split,
    stored_options,
    wishes,
)

NEWS = st.lists(
    st.sampled_from(
        [
            *("It rained", "He", "Kpt", "etc", "“", "”", "«", "»", '"', ".", "?", "...", ";", "; ", " ", " ", "\n"),
            *("1", "A", "d", "said Rosa", "z. B", "؟", "ثم", "—", "(", ")", "[...]", "[3]", "\u200f", "🙂"),
        ]
    ),
    max_size=50,
).map("".join)
OPTIONS = st.builds(
    SplitOptions,
    never_split_after=st.lists(st.sampled_from(["Kpt.", "etc", "A", "", " ", "rained?"]), max_size=3).map(tuple),
    keep_quotations_whole=st.booleans(),
    minimum_length=st.integers(-1, 40),
    soft_maximum_length=st.integers(-1, 40),
)


@pytest.mark.parametrize("module", [sentences, kind_rules, stored_options, wishes])
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def pieces(text: str, options: SplitOptions) -> list[str]:
    return [unit.text for unit in split(text, options=options)]


def why(text: str, options: SplitOptions) -> str:
    return "; ".join(reason for unit in split(text, options=options) for reason in unit.why)


@pytest.mark.parametrize("word", ["Kpt", "Kpt."])
def test_a_project_names_an_abbreviation_with_or_without_its_full_stop(word: str) -> None:
    text = "We met Kpt. Reed there. The uKpt. Boat was late."
    options = SplitOptions(never_split_after=(word,))

    assert pieces(text, options) == ["We met Kpt. Reed there.", "The uKpt.", "Boat was late."]
    assert "not split: the project never splits after Kpt." in why(text, options)


def test_a_project_names_a_phrase_with_another_end_mark() -> None:
    text = "They sang Where Next? The hall was full."

    assert pieces(text, SplitOptions(never_split_after=("Where Next?",))) == [text]


@pytest.mark.parametrize("text", ["“We wait. Nobody comes,” she said.", '"We wait. Nobody comes," she said.'])
def test_a_quotation_is_kept_whole(text: str) -> None:
    options = SplitOptions(keep_quotations_whole=True)

    assert len(split(text)) == 2
    assert pieces(text, options) == [text]
    assert "not split: the project keeps quotations whole" in why(text, options)


def test_what_follows_a_quotation_kept_whole_is_parted_from_it() -> None:
    text = "«We wait. We hope.» They left. It rained."

    assert pieces(text, SplitOptions(keep_quotations_whole=True)) == ["«We wait. We hope.»", "They left.", "It rained."]


def test_a_quotation_that_is_never_closed_hides_nothing() -> None:
    assert len(split("He said: “We wait. It rained. They left.", options=SplitOptions(keep_quotations_whole=True))) == 3


def test_a_short_sentence_is_joined_to_the_next_and_a_last_one_to_the_one_before() -> None:
    text = "No. Nobody came to the pier. Why?"
    options = SplitOptions(minimum_length=6)

    assert pieces(text, options) == [text]
    assert "shorter than the 6 characters that the project asks for" in why(text, options)
    assert pieces("No.\nNobody came.", options) == ["No.", "Nobody came."]


def test_a_long_sentence_is_cut_at_the_last_semicolon_that_fits() -> None:
    text = "It rained; it was late; nobody came; the pier was empty. They left."
    options = SplitOptions(soft_maximum_length=25)

    assert pieces(text, options) == ["It rained; it was late;", "nobody came;", "the pier was empty.", "They left."]
    assert "split: at a semicolon, because longer than 25 characters" in why(text, options)


def test_a_long_sentence_without_semicolons_stays() -> None:
    text = "The pier, the harbour and the old town were empty."

    assert pieces(text, SplitOptions(soft_maximum_length=10)) == [text]


@given(NEWS, OPTIONS, st.sampled_from(["en", "ar", "de", "es", "fr", "ru", "tr", "xx"]))
def test_units_are_proved_and_doubts_stand_at_their_ends_whatever_is_asked(
    text: str, options: SplitOptions, language: str
) -> None:
    found = split(text, language, options=options)
    listed = doubts(text, language, options=options)

    assert prove(text, found).units == len(found)
    ends = {unit.end for unit in found}
    assert [doubt.offset for doubt in listed] == sorted(doubt.offset for doubt in listed)
    for doubt in listed:
        assert (doubt.offset in ends) == doubt.split, doubt


@given(NEWS, st.integers(1, 40))
def test_no_sentence_is_shorter_than_asked_unless_its_line_is(text: str, shortest: int) -> None:
    for line in text.splitlines():
        found = split(line, options=SplitOptions(minimum_length=shortest))
        assert len(found) < 2 or all(len(unit.text) >= shortest for unit in found)


@pytest.mark.parametrize("pattern", ["“", '"A. ', "A; ", "«A.» ", "A. ", "”“", ";", "Kpt. "])
def test_options_take_linear_time(pattern: str) -> None:
    """Quadratic time would take hours on these 100,000 characters."""
    text = pattern * (100_000 // len(pattern))
    options = SplitOptions(("Kpt.", "Node."), True, 20, 40)

    assert prove(text, split(text, options=options)).covered == sum(map(len, text.split()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They waited... Nothing came.", [Doubt(14, True, "an ellipsis before a capital")]),
        ("The U.N. Council met.", [Doubt(8, False, "an abbreviation before a capital")]),
        ("He left the U.S. It rained.", [Doubt(16, True, "an abbreviation before a capital")]),
        ("“Why now?” Rosa Field asked.", [Doubt(10, False, "a quotation before its speaker")]),
        ("“Why now?” Rosa Field left.", [Doubt(10, True, "a quotation before a capital")]),
        ("The road closed.Nobody passed.", [Doubt(16, True, "no space after the mark")]),
        ("It rained again. then it stopped.", [Doubt(16, False, "a full stop before lower case")]),
        ("Plain words. No doubt at all.", []),
    ],
)
def test_a_doubtful_boundary_is_listed_with_its_reason(text: str, expected: list[Doubt]) -> None:
    assert doubts(text) == expected


def test_a_line_without_an_end_mark_among_sentences_is_doubtful() -> None:
    page = "Ferry leaves\nIt rained all day long.\nThe crew had waited for the\ntide to turn.\nNobody came."

    assert [doubt.reason for doubt in doubts(page)] == ["the next line goes on in lower case"]


def test_the_command_takes_every_option_and_lists_doubts(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text("“We met Kpt. Reed. He left,” she said; it rained... Why? No.", encoding="utf-8")
    out = StringIO()

    call_command(
        *("split", file, "--json", "--doubts", "--never-split-after", "Kpt", "--keep-quotations-whole"),
        *("--minimum-length", "5", "--soft-maximum-length", "45"),
        stdout=out,
    )

    answer = json.loads(out.getvalue())
    assert [unit["text"] for unit in answer["units"]] == [
        "“We met Kpt. Reed. He left,” she said;",
        "it rained...",
        "Why? No.",
    ]
    assert answer["doubts"][0] == {"offset": 38, "split": True, "reason": "a semicolon"}


def test_the_command_lists_doubts_as_text(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text("They waited... Nothing came.", encoding="utf-8")
    out = StringIO()

    call_command("split", file, "--doubts", stdout=out)

    assert "split They waited...| Nothing came.  (an ellipsis before a capital)" in out.getvalue()


@pytest.mark.parametrize(
    ("match", "words", "expected"),
    [
        ("begins", "read MORE", ["READ  MORE: tides."]),
        ("is", "nobody came.", ["Nobody came."]),
        ("contains", "اقرا", ["اقرأ أيضًا: المد."]),
        ("ends", "tides.", ["READ  MORE: tides.", "It was the tides."]),
    ],
)
def test_a_rule_gives_its_kind_to_all_units_of_a_pattern_and_says_so(
    match: str, words: str, expected: list[str]
) -> None:
    text = "It was the tides. READ  MORE: tides. Nobody came. اقرأ أيضًا: المد."
    rule = KindRule(match, words, "boilerplate")

    found = [unit for unit in split(text, options=SplitOptions(kind_rules=(rule,))) if unit.kind == "boilerplate"]

    assert sorted(unit.text for unit in found) == sorted(expected)
    assert all(unit.why[-1].startswith("boilerplate, not sentence: a rule of the project") for unit in found)


def test_where_several_rules_fit_the_last_decides() -> None:
    rules = (KindRule("begins", "It", "promo"), KindRule("ends", "rained.", "caption"))

    assert [unit.kind for unit in split("It rained. It snowed.", options=SplitOptions(kind_rules=rules))] == [
        "caption",
        "promo",
    ]
