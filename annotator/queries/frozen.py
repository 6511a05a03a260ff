"""A report with its ratings as two columns of a table, and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotator.core.plain import plain, rebuilt
from annotator.core.ratings_table import Packed, Question
from annotator.queries.reports import Frozen, Report


@dataclass(frozen=True)
class _Result:
    report: Report
    annotators: tuple[str, ...]
    questions: tuple[Question, ...]


def to_stored(frozen: Frozen) -> dict[str, Any]:
    """The JSON beside the ratings."""
    return plain(_Result(frozen.report, frozen.annotators, frozen.questions))


def from_stored(result: Mapping[str, Any], ratings: bytes) -> Frozen:
    found = rebuilt(_Result, result)
    return Frozen(found.report, found.annotators, found.questions, Packed(ratings, found.report.input_sha256))
