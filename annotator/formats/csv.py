"""CSV, exact to the character: UTF-8 without a byte order mark, rows end in LF, quotes where they are needed.

Not by the standard library's writer: until Python 3.13 it leaves a carriage return unquoted where rows end in LF, and
readers then see two rows.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from annotator.core.dataset import Row
from annotator.formats.long import COLUMNS, Cell, cells

# A space at either end is quoted, too: some readers drop it otherwise.
_NEEDS_QUOTES = re.compile(r'[",\t\r\n]|^\s|\s$')


def lines(rows: Iterable[Row]) -> Iterator[str]:
    yield line(COLUMNS)
    for row in rows:
        yield line(cells(row))


def table_lines(columns: Sequence[str], rows: Iterable[list[Cell]], delimiter: str = ",") -> Iterator[str]:
    """A table of any columns, its cells written already."""
    yield line(columns, delimiter)
    for row in rows:
        yield line(row, delimiter)


def line(written: Iterable[Cell], delimiter: str = ",") -> str:
    return delimiter.join([quoted(cell) if isinstance(cell, str) else str(cell) for cell in written]) + "\n"


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell
