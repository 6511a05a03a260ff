"""The ratings behind a report as one table, from which every figure can be recomputed, and what one must know to do so.

A row an answer; an answer of several values or spans takes a row for each, an empty one a row with the state "none".
What is missing has no row. Units stand in the order in which they were compared, for articles are drawn in that order.
"""

import csv
import gzip
import hashlib
import io
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotator.core.agreement import VariableRatings
from annotator.core.agreement.variable import coded, numeric

COLUMNS = (
    "variable",
    "article",
    "sentence",
    "unit_start",
    "unit_end",
    "annotator",
    "state",
    "value",
    "span_start",
    "span_end",
)
AT_ONCE = 10_000
QUICK = 2
"""Three times as fast as gzip's usual level, and a fifth larger."""
CLOSED = {"nominal", "ordinal", "interval", "ratio"}
NOWHERE = (0, 0)
"""The extent of a unit from elsewhere, whose text nobody gave."""
Cells = tuple[object, ...]


def ratings_lines(compared: Iterable[VariableRatings], numbers: Mapping[Hashable, Hashable]) -> Iterator[str]:
    """The table as CSV, in pieces of some thousand rows; `numbers` maps a unit to its number in the article."""
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


@dataclass(frozen=True)
class Packed:
    """A table as gzip, the same bytes for the same table, and the sha256 of the table itself."""

    data: bytes
    sha256: str

    def lines(self) -> Iterator[str]:
        with gzip.open(io.BytesIO(self.data), "rt", encoding="utf-8", newline="") as file:
            yield from file


def packed(pieces: Iterable[str]) -> Packed:
    digest, out = hashlib.sha256(), io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=QUICK, mtime=0) as file:
        for piece in pieces:
            digest.update(piece.encode())
            file.write(piece.encode())
    return Packed(out.getvalue(), digest.hexdigest())


def _rows(compared: Iterable[VariableRatings], numbers: Mapping[Hashable, Hashable]) -> Iterator[Cells]:
    for item in compared:
        extents = item.extents or [NOWHERE] * len(item.units)
        for unit, article, extent, *answers in zip(item.units, item.articles, extents, *item.ratings, strict=True):
            for annotator, answer in zip(item.annotators, answers, strict=True):
                if answer is not None:
                    for cells in _cells(answer):
                        yield (item.key, article, numbers[unit], *extent, annotator, *cells)


def _cells(answer: object) -> Sequence[Cells]:
    """State, value, start and end of the rows of an answer."""
    if not isinstance(answer, list):
        return (("answered", answer, "", ""),)
    return [_item(item) for item in answer] or (("none", "", "", ""),)


def _item(item: object) -> Cells:
    if isinstance(item, dict):
        return "answered", item.get("value"), item["start"], item["end"]
    return "answered", item, "", ""


@dataclass(frozen=True)
class KnownValue:
    """A value in the order of the scale; `code` is the codebook's, `number` what interval and ratio reckon with.

    Answers that the codebook does not know come last.
    """

    value: str
    code: float | None
    number: float | None
    in_codebook: bool


@dataclass(frozen=True)
class Question:
    """What one must know of a variable, beside its ratings, to recompute its figures."""

    key: str
    label: str
    kind: str
    level: str
    values: tuple[KnownValue, ...]


def question(ratings: VariableRatings) -> Question:
    return Question(ratings.key, ratings.label, ratings.kind, ratings.scale, tuple(_values(ratings)))


def _values(ratings: VariableRatings) -> Iterator[KnownValue]:
    if not ratings.values or ratings.kind == "span" or ratings.scale not in CLOSED:
        yield from (KnownValue(str(value), None, None, True) for value in ratings.values)
        return
    answers = coded(ratings)
    for label, number in zip(answers.labels, numeric(answers, ratings.codes).labels, strict=True):
        key = str(label)
        yield KnownValue(key, ratings.codes.get(key), float(str(number)), key in ratings.values)
