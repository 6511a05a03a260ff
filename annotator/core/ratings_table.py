"""The ratings behind a report as one CSV file, from which every figure can be recomputed.

A row an answer; an answer of several values or spans takes a row for each, an empty one a row with the state "none".
What is missing has no row. The sha256 of these lines is the input hash of the report.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from annotator.core.agreement import VariableRatings

COLUMNS = (
    "variable",
    "annotator",
    "article",
    "sentence",
    "unit_start",
    "unit_end",
    "state",
    "value",
    "span_start",
    "span_end",
)
AT_ONCE = 10_000
Cells = tuple[object, ...]


def ratings_lines(compared: Iterable[VariableRatings], numbers: Mapping[object, int]) -> Iterator[str]:
    """The CSV in pieces of some thousand rows; `numbers` maps a unit to its number in the article."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for written, row in enumerate(_rows(compared, numbers), start=1):
        writer.writerow(row)
        if not written % AT_ONCE:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def input_sha256(compared: Iterable[VariableRatings], numbers: Mapping[object, int]) -> str:
    digest = hashlib.sha256()
    for piece in ratings_lines(compared, numbers):
        digest.update(piece.encode())
    return digest.hexdigest()


def _rows(compared: Iterable[VariableRatings], numbers: Mapping[object, int]) -> Iterator[Cells]:
    for item in compared:
        units = [
            (article, numbers[unit], start, end)
            for unit, article, (start, end) in zip(item.units, item.articles, item.extents, strict=True)
        ]
        for annotator, answers in zip(item.annotators, item.ratings, strict=True):
            for unit, answer in zip(units, answers, strict=True):
                if answer is not None:
                    for cells in _cells(answer):
                        yield (item.key, annotator, *unit, *cells)


def _cells(answer: object) -> Sequence[Cells]:
    """State, value, start and end of the rows of an answer."""
    if not isinstance(answer, list):
        return (("answered", answer, "", ""),)
    return [_item(item) for item in answer] or (("none", "", "", ""),)


def _item(item: object) -> Cells:
    if isinstance(item, dict):
        return "answered", item.get("value"), item["start"], item["end"]
    return "answered", item, "", ""
