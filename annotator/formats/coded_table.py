"""A coded table from elsewhere, as CSV: `item_id,text,annotator,variable,value`, optionally `occasion` and `group`."""

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.core.errors import InvalidError

from .table import records

COLUMNS = ("item_id", "text", "annotator", "variable", "value")
OPTIONAL = ("occasion", "group")
REFUSED = "No table was imported"
MOST_OCCASIONS = 99
LONGEST = 200


@dataclass(frozen=True, slots=True)
class CodedRow:
    line: int
    item_id: str
    text: str
    annotator: str
    variable: str
    value: str
    occasion: int
    group: str


def read_coded_rows(data: bytes) -> list[CodedRow]:
    """The rows of the table; InvalidError with a problem a row when any can't be taken."""
    rows: list[CodedRow] = []
    problems: list[str] = []
    for line, record in records(data, required=COLUMNS, optional=OPTIONAL, refused=REFUSED):
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


def _row(line: int, record: Mapping[str, str]) -> CodedRow:
    return CodedRow(
        line=line,
        item_id=record["item_id"],
        text=record["text"],
        annotator=record["annotator"],
        variable=record["variable"],
        value=record["value"],
        occasion=int(record.get("occasion") or 1),
        group=record.get("group", ""),
    )


def _fault(record: Mapping[str, str]) -> str:
    for column in ("item_id", "annotator", "variable"):
        cell = record[column]
        if not cell.strip() or cell != cell.strip():
            return f"the {column} is empty, or has white space at an end."
        if len(cell) > LONGEST:
            return f"the {column} is longer than {LONGEST} characters."
    occasion = record.get("occasion", "")
    if occasion and not (occasion.isascii() and occasion.isdigit() and 1 <= int(occasion[:9]) <= MOST_OCCASIONS):
        return f"the occasion “{occasion[:20]}” is not a number from 1 to {MOST_OCCASIONS}."
    return "" if len(record.get("group", "")) <= LONGEST else f"the group is longer than {LONGEST} characters."
