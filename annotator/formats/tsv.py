"""The CSV with tabs between the cells; a cell that holds a tab, a line end or a quote stands in quotes here too."""

from collections.abc import Iterable, Iterator

from annotator.core.dataset import Row
from annotator.formats import csv
from annotator.formats.long import COLUMNS, cells


def lines(rows: Iterable[Row]) -> Iterator[str]:
    yield csv.line(COLUMNS, "\t")
    for row in rows:
        yield csv.line(cells(row), "\t")
