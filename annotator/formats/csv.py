"""CSV, exact to the character: UTF-8 without a byte order mark, rows end in LF, quotes where they are needed.

Not by the standard library's writer: until Python 3.13 it leaves a carriage return unquoted where rows end in LF, and
readers then see two rows.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from annotator.core.tables import Cell, Cells, Column
from annotator.formats.written import Written, as_text, pieces, text_of

# A space at either end is quoted, too: some readers drop it otherwise.
_NEEDS_QUOTES = re.compile(r'[",\t\r\n]|^\s|\s$')


def write(columns: Sequence[Column], rows: Iterable[Cells]) -> Iterator[bytes]:
    return pieces(lines(columns, rows))


def lines(columns: Sequence[Column], rows: Iterable[Cells], delimiter: str = ",") -> Iterator[str]:
    yield line([column.name for column in columns], delimiter)
    written = Written(quoted).__getitem__
    for row in as_text(columns, rows):
        yield delimiter.join(map(written, row)) + "\n"


def line(cells: Iterable[Cell], delimiter: str = ",") -> str:
    return delimiter.join([quoted(text_of(cell)) for cell in cells]) + "\n"


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell
