"""JSON Lines: one object a row, with the columns of the CSV as keys.

`value` is the text of the CSV's cell for every kind of variable, so that the column has one type: tools that read
JSON into tables (Arrow, BigQuery) refuse a column that is now a number and now a list.
"""

import json
from collections.abc import Iterable, Iterator

from annotator.core.dataset import Row
from annotator.formats.long import COLUMNS, cells


def lines(rows: Iterable[Row]) -> Iterator[str]:
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for row in rows:
        yield encode(dict(zip(COLUMNS, cells(row), strict=True))) + "\n"
