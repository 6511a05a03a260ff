"""The seed article and the segmentation cases of the reference data."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from annotator.core.sentences import prove, split
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
FOLDER = SHARED / "reference" / "segmentation"

NOT_YET: Mapping[str, frozenset[str]] = {
    "russian": frozenset({"ru-01", "ru-02"}),
    "german": frozenset({"de-01"}),
    "spanish": frozenset({"es-01"}),
    "structure": frozenset({"st-04"}),
}
"""Cases by group that wait for the word lists of their language (all but English come with a later issue)."""


def _cases() -> list[Any]:
    path = FOLDER / "cases.json"
    return json.loads(path.read_text(encoding="utf-8"))["cases"] if path.is_file() else []


def _parameter(case: Mapping[str, Any]) -> Any:
    waits = case["id"] in NOT_YET.get(case["group"], ())
    marks = [pytest.mark.xfail(strict=True, reason=f"no word list for {case['lang']} yet")] if waits else []
    return pytest.param(case, id=f"{case['group']}-{case['id']}", marks=marks)


@pytest.mark.parametrize("case", [_parameter(case) for case in _cases()])
def test_a_reference_case_is_cut_exactly(case: Mapping[str, Any]) -> None:
    found = split(case["text"], case["lang"])

    prove(case["text"], found)
    assert [[unit.start, unit.end] for unit in found] == case["spans"]
    if "units" in case:
        assert [unit.kind for unit in found] == [unit["kind"] for unit in case["units"]]


def test_no_english_case_waits() -> None:
    waiting = frozenset().union(*NOT_YET.values())

    assert not [case["id"] for case in _cases() if case["lang"] == "en" and case["id"] in waiting]


def test_the_seed_article_gives_exactly_its_units() -> None:
    gold = json.loads((FOLDER / "seed_article.json").read_text(encoding="utf-8"))
    text = next((SHARED / "seeds").glob("000_*.txt")).read_bytes().decode()

    found = split(text)

    assert [(unit.start, unit.end, unit.kind) for unit in found] == [
        (unit["start"], unit["end"], unit["kind"]) for unit in gold["units"]
    ]
    assert prove(text, found).units == len(gold["units"])
