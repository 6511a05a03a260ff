"""A CSV that is safe to open in Excel or LibreOffice, and therefore not exact.

A text cell that begins like a formula gets a leading apostrophe (OWASP, "CSV injection"); answers to number variables
are no text and keep their sign. The byte order mark is there because Excel takes a CSV without one for Windows-1252.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from annotator.core.dataset import Row
from annotator.formats import csv
from annotator.formats.long import COLUMNS, Cell, cells

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_VALUE = COLUMNS.index("value")


def lines(rows: Iterable[Row]) -> Iterator[str]:
    yield "\ufeff" + csv.line(COLUMNS)
    for row in rows:
        exempt = _VALUE if isinstance(row.value, int | float) else None
        yield csv.line(cell if place == exempt else _guarded(cell) for place, cell in enumerate(cells(row)))


def table_lines(columns: Sequence[str], rows: Iterable[list[Cell]]) -> Iterator[str]:
    """A table of any columns, its cells written already: what is a number is no formula."""
    yield "\ufeff" + csv.line(columns)
    for row in rows:
        yield csv.line(cell if _NUMBER.fullmatch(str(cell)) else _guarded(cell) for cell in row)


def _guarded(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
