"""A CSV that is safe to open in Excel or LibreOffice, and therefore not exact.

A text cell that begins like a formula gets a leading apostrophe (OWASP, "CSV injection"); numbers, those given as
answers among them, keep their sign. The byte order mark is there because Excel takes a CSV without one for
Windows-1252.
"""

from collections.abc import Iterable, Iterator, Sequence

from annotator.core.tables import Cell, Cells, Column, Figure
from annotator.formats import csv
from annotator.formats.written import pieces

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(columns: Sequence[Column], rows: Iterable[Cells]) -> Iterator[bytes]:
    return pieces(_lines(columns, rows))


def _lines(columns: Sequence[Column], rows: Iterable[Cells]) -> Iterator[str]:
    yield "\ufeff" + csv.line([column.name for column in columns])
    for row in rows:
        yield csv.line(map(_guarded, row))


def _guarded(cell: Cell) -> Cell:
    is_formula = isinstance(cell, str) and not isinstance(cell, Figure) and cell.startswith(_FORMULA)
    return f"'{cell}" if is_formula else cell
