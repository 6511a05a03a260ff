"""The seed article and the segmentation cases of the reference data."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from annotator.core.sentences import prove, split
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
FOLDER = SHARED / "reference" / "segmentation"


def _cases() -> list[Any]:
    path = FOLDER / "cases.json"
    return json.loads(path.read_text(encoding="utf-8"))["cases"] if path.is_file() else []


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case['group']}-{case['id']}") for case in _cases()])
def test_a_reference_case_is_cut_exactly(case: Mapping[str, Any]) -> None:
    found = split(case["text"], case["lang"])

    prove(case["text"], found)
    assert [[unit.start, unit.end] for unit in found] == case["spans"]
    if "units" in case:
        assert [unit.kind for unit in found] == [unit["kind"] for unit in case["units"]]


def test_the_seed_article_gives_exactly_its_units() -> None:
    gold = json.loads((FOLDER / "seed_article.json").read_text(encoding="utf-8"))
    text = next((SHARED / "seeds").glob("000_*.txt")).read_bytes().decode()

    found = split(text)

    assert [(unit.start, unit.end, unit.kind) for unit in found] == [
        (unit["start"], unit["end"], unit["kind"]) for unit in gold["units"]
    ]
    assert prove(text, found).units == len(gold["units"])
