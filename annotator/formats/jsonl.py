"""JSON Lines: one object a row, with the columns of the table as keys.

A column has one type, for tools that read JSON into tables (Arrow, BigQuery) refuse one that is now a number and now a
list: an answer is text here, whatever its kind. Where there is nothing, a column of text has "", any other null.
"""

import json
from collections.abc import Iterable, Iterator, Sequence

from annotator.core.tables import Cells, Column
from annotator.formats.written import pieces, text_of


def write(columns: Sequence[Column], rows: Iterable[Cells]) -> Iterator[bytes]:
    return pieces(_lines(columns, rows))


def _lines(columns: Sequence[Column], rows: Iterable[Cells]) -> Iterator[str]:
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    names = [column.name for column in columns]
    texts = [place for place, column in enumerate(columns) if column.type in ("text", "json", "time")]
    for row in rows:
        cells = list(row)
        for place in texts:
            cells[place] = text_of(cells[place])
        yield encode(dict(zip(names, cells, strict=True))) + "\n"
