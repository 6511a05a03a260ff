"""Our own cases, 25 a language, written before the word lists: docs/splitter.md gives their first-look score."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from annotator.core.sentences import known_languages, prove, split

FILES = sorted((Path(__file__).parent / "data").glob("sentences_*.json"))


def _cases() -> list[Any]:
    found = []
    for path in FILES:
        document = json.loads(path.read_text(encoding="utf-8"))
        language = document["language"]
        found += [pytest.param(language, case, id=f"{language}: {case['about']}") for case in document["cases"]]
    return found


def _expected(case: Mapping[str, Sequence[Any]]) -> tuple[str, list[tuple[str, str]]]:
    """The text of a case, and its units as (kind, text)."""
    if "lines" in case:
        return "\n".join(line for _, line in case["lines"]), [(kind, line) for kind, line in case["lines"]]
    return " ".join(case["sentences"]), [("sentence", sentence) for sentence in case["sentences"]]


@pytest.mark.parametrize(("language", "case"), _cases())
def test_our_own_case_is_cut_and_typed_exactly(language: str, case: Mapping[str, Sequence[Any]]) -> None:
    text, units = _expected(case)

    found = split(text, language)

    prove(text, found)
    assert [(unit.kind, unit.text) for unit in found] == units


def test_every_language_with_word_lists_has_cases_of_its_own() -> None:
    assert {path.stem.removeprefix("sentences_") for path in FILES} == set(known_languages())
