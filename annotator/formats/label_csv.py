"""Labels onto units that exist, as CSV: `article,sentence,annotator,variable,value` (see docs/datasets.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.core.errors import InvalidError

from .table import records

COLUMNS = ("article", "sentence", "annotator", "variable", "value")
MOST_DIGITS = 7
REFUSED = "No label was imported"


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
    for line, record in records(data, required=COLUMNS, refused=REFUSED):
        fault = _fault(record)
        if fault:
            problems.append(f"Row {line}: {fault}")
        else:
            rows.append(_row(line, record))
    if problems:
        raise InvalidError(f"{REFUSED}.", tuple(problems))
    if not rows:
        raise InvalidError(f"{REFUSED}: the file has no row below its header.")
    return rows


def _row(line: int, record: Mapping[str, str]) -> LabelRow:
    return LabelRow(
        line=line,
        article=record["article"],
        sentence=int(record["sentence"]),
        annotator=record["annotator"],
        variable=record["variable"],
        value=record["value"],
    )


def _fault(record: Mapping[str, str]) -> str:
    if not record["value"]:
        return "the value is empty. Leave the row out where there is no label; write [] for “none applies”."
    number = record["sentence"].strip()
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        return f"the sentence “{number[:30]}” is not a unit number: 1, 2, 3, ... or 0 for the whole article."
    return ""
