"""A workbook of one sheet. Cells are typed, never formulas or links, whatever their text begins with."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from annotator.core.errors import InvalidError
from annotator.core.tables import Cell, Cells, Column, Figure
from annotator.formats.outlet import PIECE
from annotator.formats.written import text_of

MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 1_048_575, 16_384, 32_767
"""What Excel opens: rows below the head, columns, and UTF-16 units in a cell."""
# The same rows give the same bytes.
MADE = datetime(2000, 1, 1)
INSTEAD = "Take CSV or Parquet, which have no such limit."


def write(columns: Sequence[Column], rows: Iterable[Cells]) -> Iterator[bytes]:
    """All rows are read before the first piece is out: a workbook begins with what its end says."""
    if len(columns) > MOST_COLUMNS:
        raise InvalidError(f"A workbook has {MOST_COLUMNS:,} columns at most, and this is {len(columns):,}. {INSTEAD}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.xlsx")
        _fill(path, columns, rows)
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def _fill(path: Path, columns: Sequence[Column], rows: Iterable[Cells]) -> None:
    with Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)}) as book:
        book.set_properties({"created": MADE})
        sheet = book.add_worksheet("data")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [column.name for column in columns], book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            if number > MOST_ROWS:
                raise InvalidError(f"A workbook has {MOST_ROWS:,} rows at most, and this table has more. {INSTEAD}")
            for place, cell in enumerate(row):
                _write(sheet, number, place, cell, columns[place])


def _write(sheet: Worksheet, row: int, place: int, cell: Cell, column: Column) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, place, cell)
    elif isinstance(cell, int | float | Figure):
        sheet.write_number(row, place, float(cell))
    elif cell is not None:
        text = text_of(cell)
        length = len(text) if len(text) * 2 <= MOST_CHARACTERS else len(text.encode("utf-16-le")) // 2
        if length > MOST_CHARACTERS:
            raise InvalidError(
                f"Row {row + 1}, column {column.name}: a cell of a workbook has {MOST_CHARACTERS:,} characters at most,"
                f" as Excel counts them, and this text has {length:,}. {INSTEAD}"
            )
        sheet.write_string(row, place, text)
