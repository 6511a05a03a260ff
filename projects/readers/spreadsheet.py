"""Excel workbooks and OpenDocument spreadsheets: tables as in CSV, typed cells as text.

Formulas are never run: the result that was stored with them is the cell. All visible sheets with the needed columns
are read.
"""

import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from annotator.core.text import sha256_bytes
from projects.readers import xml
from projects.readers.archive import Archive
from projects.readers.base import (
    REQUIRED,
    Document,
    Json,
    ReadError,
    Rows,
    Source,
    check_header,
    documents,
    limited,
    rename,
)

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta

_WHAT = "spreadsheet"
_SHOWN = 5
_EXACT_INTEGERS = 10**15
"""Numbers in a spreadsheet have 15 digits; up to here a whole one is written without a point."""


def read(name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    _check_parts(data)
    sheets = _sheets(data)
    if not sheets:
        raise ReadError("the table is empty: there is no article in it")
    headers = _headers(sheets, mapping)
    complete = [sheet for sheet, header in headers.items() if set(REQUIRED) <= set(header)]
    if not complete:
        check_header(next(iter(headers.values())))
    records = [record for sheet in complete for record in _records(sheet, headers[sheet], sheets[sheet])]
    return documents(Source(name, sha256_bytes(data), ""), records, "the table has no row below its header")


def first_rows(data: bytes) -> Rows:
    """Return the header and the first rows of the longest sheet, before anybody has said what the columns are."""
    header, *rows = _longest_sheet(data)
    names = _names(header)
    shown = ([_text(cell) for cell in row[: len(names)]] for row in rows)
    return [names, *islice((row for row in shown if any(map(str.strip, row))), _SHOWN)]


def all_rows(data: bytes) -> Rows:
    """Return all rows of the longest sheet."""
    return limited([_text(cell) for cell in row] for row in _longest_sheet(data))


def _longest_sheet(data: bytes) -> list[list[Cell]]:
    _check_parts(data)
    sheets = _sheets(data)
    if not sheets:
        raise ReadError("the table is empty: there is no article in it")
    return max(sheets.values(), key=len)


def _check_parts(data: bytes) -> None:
    archive = Archive(data, _WHAT)
    for part in archive.names:
        if part.endswith((".xml", ".rels")):
            # Whole: the library never ends on a table that is cut off inside its XML.
            xml.check(archive.read(part), _WHAT)


def _sheets(data: bytes) -> dict[str, list[list[Cell]]]:
    """Return the rows of each visible sheet that has any, blank rows above the header dropped."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        read = {name: book.get_sheet_by_name(name).to_python() for name in visible}
    except (CalamineError, ValueError, OSError) as error:
        raise ReadError(f"the {_WHAT} is damaged and can't be read: {error}") from error
    return {name: rows for name, rows in read.items() if any(any(map(_text, row)) for row in rows)}


def _headers(sheets: Mapping[str, Sequence[Sequence[Cell]]], mapping: Mapping[str, str] | None) -> dict[str, list[str]]:
    """The header of each sheet; a column that is mapped has to be in one of them, not in all."""
    names = {sheet: _names(rows[0]) for sheet, rows in sheets.items()}
    wanted, known = mapping or {}, {name for header in names.values() for name in header}
    missing = {column: field for column, field in wanted.items() if column not in known}
    return {
        sheet: _header(header, {c: f for c, f in wanted.items() if c in header} | missing, sheet)
        for sheet, header in names.items()
    }


def _names(row: Sequence[Cell]) -> list[str]:
    names = [_text(cell).strip() for cell in row]
    while names and not names[-1]:
        names.pop()
    return names


def _header(names: Sequence[str], mapping: Mapping[str, str], sheet: str) -> list[str]:
    if "" in names:
        column = names.index("") + 1
        raise ReadError(f"column {column} has no name in the header", f"sheet “{sheet}”, the header")
    return rename(names, mapping, f"sheet “{sheet}”, the header")


def _records(
    sheet: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for number, row in enumerate(rows[1:], 2):
        cells = [_text(cell) for cell in row]
        place = f"sheet “{sheet}”, row {number}"
        if any(cell.strip() for cell in cells[len(header) :]):
            raise ReadError(f"a cell stands right of the header's {len(header)} columns", place)
        if any(cell.strip() for cell in cells):
            yield place, dict(zip(header, cells, strict=False))


def _text(cell: Cell) -> str:
    """Write a typed cell as text: 7 for a whole number, 2026-03-01 for a date, true for a truth value.

    >>> _text(7.0), _text(0.1), _text(dt.datetime(2026, 3, 1)), _text(True)
    ('7', '0.1', '2026-03-01', 'true')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT_INTEGERS:
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)
