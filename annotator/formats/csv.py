"""CSV, exact to the character: UTF-8 without a byte order mark, rows end in LF, quotes where they are needed.

Not by the standard library's writer: until Python 3.13 it leaves a carriage return unquoted where rows end in LF, and
readers then see two rows.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from annotator.core.tables import Cell, Cells, Column
from annotator.formats.written import Written, as_text, pieces, text_of

TOGETHER = 50
# A space at either end is quoted, too: some readers drop it otherwise.
_NEEDS_QUOTES = re.compile(r'[",\t\r\n]|^\s|\s$')


def write(columns: Sequence[Column], rows: Iterable[Cells]) -> Iterator[bytes]:
    return pieces(lines(columns, rows))


def lines(columns: Sequence[Column], rows: Iterable[Cells], delimiter: str = ",") -> Iterator[str]:
    """Some rows at once: to hand on each by itself would take as long as to write it."""
    yield line([column.name for column in columns], delimiter)
    written, rest = Written(quoted).__getitem__, iter(as_text(columns, rows))
    while some := list(islice(rest, TOGETHER)):
        yield "\n".join([delimiter.join(map(written, row)) for row in some]) + "\n"


def line(cells: Iterable[Cell], delimiter: str = ",") -> str:
    return delimiter.join([quoted(text_of(cell)) for cell in cells]) + "\n"


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell
