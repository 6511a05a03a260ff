"""The CSV with tabs between the cells; a cell that holds a tab, a line end or a quote stands in quotes here too."""

from collections.abc import Iterable, Iterator, Sequence

from annotator.core.dataset import Row
from annotator.formats import csv
from annotator.formats.long import COLUMNS, Cell, cells


def lines(rows: Iterable[Row]) -> Iterator[str]:
    yield csv.line(COLUMNS, "\t")
    for row in rows:
        yield csv.line(cells(row), "\t")


def table_lines(columns: Sequence[str], rows: Iterable[list[Cell]]) -> Iterator[str]:
    yield from csv.table_lines(columns, rows, "\t")
