"""What holds for the units of any text, and that none takes more than linear time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.sentences import KINDS, ProofError, Unit, prove, split

PIECES = st.sampled_from(
    [
        *(".", "!", "?", "…", "...", ".”", '"', "'", "(", ")", "[", "]", "«", "»", "—", "-", ":", ",", "。"),
        *(" ", " ", " ", " ", "\n", "\n", "\r\n", "\t", "\u2028", "\u00a0", "\u200f", "🙂", "👍🏽"),
        *(
            "Gen",
            "U.S",
            "No",
            "5",
            "1",
            "He",
            "said",
            "asked",
            "d",
            "By",
            "READ MORE:",
            "•",
            "Rosa Field",
            "3 May 2021",
            *(
                "т. д",
                "г",
                "И",
                "z. B",
                "II",
                "EE. UU",
                "etc",
                "кто",
                "д",
                "ثم",
                "قال",
                "؟",
                "كتب:",
                "À LIRE",
                "``",
                "[3]",
            ),
        ),
    ]
)
LINE_ENDS = frozenset("\n\r\x0b\x0c\x85\u2028\u2029")
NEWSLIKE = st.lists(PIECES, max_size=60).map("".join)
ANY_TEXT = st.text() | NEWSLIKE


@given(ANY_TEXT, st.sampled_from(["en", "ar", "de", "es", "fr", "ru", "tr", "xx", "general", ""]))
def test_the_units_of_any_text_are_proved_and_the_same_each_time(text: str, language: str) -> None:
    found = split(text, language)

    assert prove(text, found).units == len(found)
    assert {unit.kind for unit in found} <= set(KINDS)
    assert split(text, language) == found


@given(ANY_TEXT)
def test_no_unit_crosses_a_line_end(text: str) -> None:
    assert all(LINE_ENDS.isdisjoint(unit.text) for unit in split(text))


PATTERNS = [
    *(
        ".",
        "(",
        '"',
        "“",
        "a",
        " ",
        "\n",
        "\u0301",
        "👍",
        "。",
        "[1]",
        "U.S. ",
        "a.",
        '." ',
        ". (",
        '?" A',
        ".👍 ",
        ".A",
    ),
    *("He left.The", "No. 5 ", "1. a\n", "READ MORE\nx\n", "3 May 2021\n", '"Aaaaaaaaaaaaaaaaaaaaaaaa\n', "“aaaa”\n"),
    *(
        "т. ",
        "1. ",
        "1. Z",
        "د. ",
        "؟",
        "“ ",
        '. "',
        " [1]",
        ".[1] ",
        "a\u0301\u0302",
        "\u202e\u2067A. ",
        "A; ",
        "Ab. c ",
    ),
    *("a\nb.\n", "Why?\nIt rained a lot.\n", "• x\n", "By Rosa Field\n", "(A. B) ", "))) A"),
]


@pytest.mark.parametrize("pattern", PATTERNS, ids=ascii)
def test_a_long_hostile_text_comes_to_an_end(pattern: str) -> None:
    """Quadratic time would take hours on these 200,000 characters."""
    text = pattern * (200_000 // len(pattern))

    assert prove(text, split(text)).covered == sum(map(len, text.split()))


@pytest.mark.parametrize(
    ("units", "reason"),
    [
        ([], "in no unit"),
        ([Unit(0, 4, "sentence", "One.")], "between 4 and 9"),
        ([Unit(0, 5, "sentence", "One. "), Unit(5, 9, "sentence", "Two.")], "white space"),
        ([Unit(0, 4, "sentence", "One."), Unit(3, 9, "sentence", ". Two.")], "inside the unit before"),
        ([Unit(0, 9, "sentence", "One. two.")], "is not the text"),
        ([Unit(0, 10, "sentence", "One. Two.")], "of 9 characters"),
    ],
)
def test_the_proof_fails_on_units_that_do_not_cover_their_text(units: list[Unit], reason: str) -> None:
    with pytest.raises(ProofError, match=reason):
        prove("One. Two.", units)
