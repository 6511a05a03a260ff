"""Sentences: the reference cases, and our own for each rule with its reason."""

import doctest

import pytest

from annotator.core.sentences import SPLITTER, boundaries, known_languages, languages, split, units


@pytest.mark.parametrize("module", [boundaries, languages, units])
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def pieces(text: str, language: str = "en") -> list[str]:
    return [unit.text for unit in split(text, language)]


def why(text: str) -> str:
    return "; ".join(reason for unit in split(text) for reason in unit.why)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Lt. Ruiz spoke first.", "not split: title Lt."),
        ("It is in vol. 3 of the report.", "not split: number sign vol."),
        ("It closed on Oct. 4 at dusk.", "not split: date Oct. 4"),
        ("They met at 7 p.m. Tuesday there.", "not split: time of day p.m. Tuesday"),
        ("The U.N. Council met.", "not split: abbreviation U.N."),
        ("Prices, e.g. Bread and oil, rose.", "not split: abbreviation e.g."),
        ("P. Marsh wrote it.", "not split: number P. at the start of the line"),
        ("Then P. Marsh wrote it.", "not split: initial P."),
        ("It rained . . . and rained.", "not split: goes on with ."),
        ("“All of it [...] 40 boxes must go,” she said.", "not split: ellipsis in brackets inside a sentence"),
        ('"Why now?" Rosa Field asked.', "not split: quotation and its reporting clause (asked)"),
        ("He works at Yahoo! Finance now.", "not split: name Yahoo!"),
    ],
)
def test_a_boundary_is_refused_and_the_unit_says_why(text: str, reason: str) -> None:
    assert pieces(text) == [text]
    assert reason in why(text)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("They flew to the U.K.", "Nobody met them."),
        ("It opens at 7 p.m.", "Visitors wait outside."),
        ("They chose plan B.", "It failed."),
        ('"Why now?"', "She would not say."),
        ("It was built on Main St.", "The owner left."),
        ("He was 15.", "The others were older."),
        ("It was over!)", "They went home."),
        ("It ended in 2018.[3]", "Rents fell."),
        ("They sold oil, bread, etc.", "Prices fell."),
    ],
)
def test_two_sentences_are_parted(first: str, second: str) -> None:
    assert pieces(f"{first} {second}") == [first, second]


def test_an_abbreviation_that_ends_a_sentence_says_so() -> None:
    assert "split: abbreviation U.S. may end a sentence and It opens one" in why("He left the U.S. It was late.")


@pytest.mark.parametrize("text", ["See Node.js and Data.gov for 3.5 of it.", "Write to A.Marsh@Example.org now."])
def test_dots_inside_names_and_numbers_are_no_ends(text: str) -> None:
    assert pieces(text) == [text]


def test_a_lost_space_is_noticed() -> None:
    assert pieces("The road closed.Nobody passed.") == ["The road closed.", "Nobody passed."]


def test_a_quotation_that_opens_after_a_lost_space_belongs_to_its_own_sentence() -> None:
    assert pieces('The road closed."We wait," he said.') == ["The road closed.", '"We wait," he said.']


def test_a_language_without_word_lists_gets_the_general_rules() -> None:
    assert pieces("Dr. Aho lähti. Kukaan ei jäänyt.", "fi") == ["Dr. Aho lähti.", "Kukaan ei jäänyt."]


def test_english_is_a_language_of_its_own() -> None:
    assert "en" in known_languages()


def test_the_splitter_has_a_name_and_a_version() -> None:
    name, version = SPLITTER.split()

    assert name == "annotator-sentences"
    assert int(version) >= 1
