"""The kinds of lines, on texts of our own."""

import doctest

import pytest

from annotator.core import layout, markers, wording
from annotator.core.sentences import split

BODY = "The ferry left the old harbour on Monday with forty people on board."
LATER = "It came back in the evening, and the pier was full of people again."


@pytest.mark.parametrize("module", [layout, markers, wording])
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def kinds(*lines: str) -> list[str]:
    return [unit.kind for unit in split("\n".join(lines))]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Published: 3 May 2021, 10:30 GMT", "date"),
        ("2021-05-03", "date"),
        ("SEE ALSO: The harbour in winter", "promo"),
        ("Photo by Rosa Field", "credit"),
        ("(Reporting by Rosa Field; editing by Tom Reed)", "credit"),
        ("Clarification: The ferry has two decks.", "correction"),
        ("This article was amended on 3 May to give the right name.", "correction"),
        ("© 2021 The Harbour Times. All rights reserved.", "boilerplate"),
        ("Passengers wait at the pier [Rosa Field/EPA]", "caption"),
        ("FILE PHOTO: The pier in June", "caption"),
        ("• Forty people were on board.", "list_item"),
        ("Read the letter to the end, she said.", "sentence"),
        ("More people came on Tuesday.", "sentence"),
        ("Sources said that the ferry was late.", "sentence"),
        ("Copyright laws were not the cause.", "sentence"),
        ("By Friday, the ferry was back.", "sentence"),
    ],
)
def test_a_line_in_the_body_is_typed_by_its_wording(line: str, kind: str) -> None:
    assert kinds("Ferry leaves harbour", BODY, BODY, line, BODY, BODY, BODY)[3] == kind


def test_a_head_with_all_its_furniture() -> None:
    head = ("Ferry leaves harbour", "It was the first in weeks.", "Rosa Field, harbour correspondent", "3 May 2021")

    assert kinds(*head, BODY) == ["headline", "dek", "byline", "date", "sentence"]


def test_a_line_under_the_headline_that_the_body_repeats_is_a_dek() -> None:
    assert kinds("Ferry leaves harbour", BODY, "It rained.", f"{BODY} It was late.")[:3] == [
        "headline",
        "dek",
        "sentence",
    ]


def test_without_evidence_the_line_under_the_headline_is_a_sentence() -> None:
    assert kinds("Ferry leaves harbour", BODY, "It rained.") == ["headline", "sentence", "sentence"]


def test_a_first_line_that_ends_like_a_sentence_is_no_headline() -> None:
    assert kinds(BODY, "It rained.") == ["sentence", "sentence"]


def test_a_single_line_is_running_text() -> None:
    assert kinds("Ferry leaves harbour") == ["sentence"]


def test_a_short_line_before_running_text_is_a_subhead() -> None:
    assert kinds("Ferry leaves harbour", BODY, "A long wait", LATER) == ["headline", "sentence", "subhead", "sentence"]


def test_a_short_line_with_nothing_after_it_is_a_sentence() -> None:
    assert kinds("Ferry leaves harbour", BODY, "A long wait") == ["headline", "sentence", "sentence"]


def test_lines_that_wrap_are_no_subheads() -> None:
    assert kinds("Ferry leaves harbour", BODY, "The crew had waited for the", "tide to turn.")[2] == "sentence"


def test_one_question_is_a_sentence_and_several_are_subheads() -> None:
    once = kinds("Ferry leaves harbour", BODY, "Who paid?", BODY)
    twice = kinds("Ferry leaves harbour", BODY, "Who paid?", BODY, "What now?", BODY)

    assert once[2] == "sentence"
    assert (twice[2], twice[4]) == ("subhead", "subhead")


def test_a_number_makes_a_list_item_only_beside_another() -> None:
    items = kinds("Ferry leaves harbour", BODY, "1. It rained.", "2. It was late.", LATER)

    assert items == ["headline", "sentence", "list_item", "list_item", "sentence"]


def test_a_quotation_that_the_body_holds_too_is_a_pullquote() -> None:
    said = "“Nobody told us that the boat would leave at noon.”"

    assert kinds("Ferry leaves harbour", BODY, said, f"{said} she said.")[2] == "pullquote"
    assert kinds("Ferry leaves harbour", BODY, said, BODY)[2] == "sentence"


def test_the_title_under_a_lone_promo_belongs_to_it() -> None:
    assert kinds("Ferry leaves harbour", BODY, "READ MORE", "The harbour in winter", BODY)[2:4] == ["promo", "promo"]


def test_a_typed_line_says_why() -> None:
    assert split(f"Ferry leaves harbour\n{BODY}")[0].why == ("headline: the first line, and no full stop ends it",)
