"""The CSV with tabs between the cells; a cell that holds a tab, a line end or a quote stands in quotes here too."""

from collections.abc import Iterable, Iterator, Sequence

from annotator.core.tables import Cells, Column
from annotator.formats import csv
from annotator.formats.written import pieces


def write(columns: Sequence[Column], rows: Iterable[Cells]) -> Iterator[bytes]:
    return pieces(csv.lines(columns, rows, "\t"))
