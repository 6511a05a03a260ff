"""A CSV that is safe to open in Excel or LibreOffice, and therefore not exact.

A text cell that begins like a formula gets a leading apostrophe (OWASP, "CSV injection"); answers to number variables
are no text and keep their sign. The byte order mark is there because Excel takes a CSV without one for Windows-1252.
"""

from collections.abc import Iterable, Iterator

from annotator.core.dataset import Row
from annotator.formats import csv
from annotator.formats.long import COLUMNS, Cell, cells

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_VALUE = COLUMNS.index("value")


def lines(rows: Iterable[Row]) -> Iterator[str]:
    yield "\ufeff" + csv.line(COLUMNS)
    for row in rows:
        exempt = _VALUE if isinstance(row.value, int | float) else None
        yield csv.line(cell if place == exempt else _guarded(cell) for place, cell in enumerate(cells(row)))


def _guarded(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
