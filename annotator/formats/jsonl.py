"""JSON Lines: one object a row, with the columns of the CSV as keys.

`value` is the text of the CSV's cell for every kind of variable, so that the column has one type: tools that read
JSON into tables (Arrow, BigQuery) refuse a column that is now a number and now a list.
"""

import json
from collections.abc import Iterable, Iterator, Sequence

from annotator.core.dataset import Row
from annotator.formats.long import COLUMNS, Cell, cells


def lines(rows: Iterable[Row]) -> Iterator[str]:
    yield from table_lines(COLUMNS, map(cells, rows))


def table_lines(columns: Sequence[str], rows: Iterable[list[Cell]]) -> Iterator[str]:
    """A table of any columns, its cells written already."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for row in rows:
        yield encode(dict(zip(columns, row, strict=True))) + "\n"
