"""Labels onto units that exist, as CSV: `article,sentence,annotator,variable,value` (see docs/datasets.md)."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from annotator.core import text
from annotator.core.errors import InvalidError

COLUMNS = ("article", "sentence", "annotator", "variable", "value")
MOST_DIGITS = 7
csv.field_size_limit(10_000_000)


@dataclass(frozen=True, slots=True)
class LabelRow:
    line: int
    article: str
    sentence: int
    annotator: str
    variable: str
    value: str


def read_label_rows(data: bytes) -> list[LabelRow]:
    """The rows of the file; InvalidError with a problem a line when any can't be taken."""
    rows: list[LabelRow] = []
    problems: list[str] = []
    for line, record in _records(data):
        fault = _fault(record)
        if fault:
            problems.append(f"Row {line}: {fault}")
        else:
            rows.append(_row(line, record))
    if problems:
        raise InvalidError("No label was imported.", tuple(problems))
    if not rows:
        raise InvalidError("No label was imported: the file has no row below its header.")
    return rows


def _row(line: int, record: dict[str, str]) -> LabelRow:
    return LabelRow(
        line=line,
        article=record["article"],
        sentence=int(record["sentence"]),
        annotator=record["annotator"],
        variable=record["variable"],
        value=record["value"],
    )


def _records(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        decoded = text.decode(data).text.removeprefix("\ufeff")
    except text.TextError as error:
        raise InvalidError(f"No label was imported: {error}") from error
    if "\0" in decoded:
        raise InvalidError("No label was imported: the file holds a NUL character, so that it is no CSV text.")
    reader = csv.reader(io.StringIO(decoded, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header)
        for record in reader:
            if record:
                yield reader.line_num, _by_column(header, record, reader.line_num)
    except csv.Error as error:
        raise InvalidError(f"No label was imported: row {reader.line_num} is not readable as CSV ({error}).") from error


def _check_header(header: list[str]) -> None:
    missing = [name for name in COLUMNS if name not in header]
    twice = sorted({name for name in header if header.count(name) > 1})
    if missing:
        raise InvalidError(
            f"No label was imported: the header lacks the column {', '.join(missing)}."
            f" The first row has to name the columns {', '.join(COLUMNS)}."
        )
    if twice:
        raise InvalidError(f"No label was imported: the header has a duplicate column, {', '.join(twice)}.")


def _by_column(header: list[str], record: list[str], line: int) -> dict[str, str]:
    if len(record) != len(header):
        raise InvalidError(
            f"No label was imported: row {line} has {len(record)} cells, the header {len(header)}."
            " Put cells that hold a comma in double quotes."
        )
    return dict(zip(header, record, strict=True))


def _fault(record: dict[str, str]) -> str:
    if not record["value"]:
        return "the value is empty. Leave the row out where there is no label; write [] for “none applies”."
    number = record["sentence"].strip()
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        return f"the sentence “{number[:30]}” is not a unit number: 1, 2, 3, ... or 0 for the whole article."
    return ""
