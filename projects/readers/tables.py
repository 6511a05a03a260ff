"""Any table as rows of text, whatever its columns are: for ratings that were made elsewhere."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from annotator.core.text import is_storable
from projects.readers import contained
from projects.readers.base import ReadError, Rows, limited
from projects.readers.csv import rows_of
from projects.readers.encoding import read_table_text
from projects.readers.kinds import check_content

TEXTS = ("csv", "tsv", "txt")
SPREADSHEETS = ("xlsx", "ods")
ENDINGS = (*TEXTS, *SPREADSHEETS)
# A tab or a semicolon is hardly ever part of a rating; a comma may be a decimal one, and a bar part a set.
_SEPARATORS = ("\t", ";", ",", "|")
_LOOKED_AT = 200


def read_table(name: str, data: bytes, *, encoding: str | None = None) -> Rows:
    """All rows of a table, blank ones too, so that row n of the file is the nth; of a spreadsheet its longest sheet.

    Raises `ReadError`, and of its kind `EncodingError` where an encoding has to be chosen.
    """
    ending = name.rpartition(".")[2].strip().lower()
    if ending not in ENDINGS:
        raise ReadError(f"the formats that are read as a table are {', '.join(f'.{known}' for known in ENDINGS)}")
    if not data.strip():
        raise ReadError("the file is empty")
    check_content(data, ending)
    if ending in SPREADSHEETS:
        return checked_rows(contained.all_rows(name, data))
    text, _ = read_table_text(name, data, encoding)
    return read_pasted(text, separators="\t" if ending == "tsv" else _SEPARATORS)


def read_pasted(text: str, separators: Sequence[str] = _SEPARATORS) -> Rows:
    """The rows of a table that is text already."""
    return checked_rows(limited(cells for _, cells in rows_of(text, _separator(text, separators))))


def checked_rows(rows: Rows) -> Rows:
    """The same rows, if a page can show them. Raises `ReadError` for what is no text."""
    for number, row in enumerate(rows, start=1):
        if not is_storable("".join(row)):
            raise ReadError("a cell holds a NUL or half a character, so that it is no text", f"row {number}")
    return rows


def _separator(text: str, separators: Sequence[str]) -> str:
    """The sign that gives most rows the same number of cells, two or more; of equally good ones the first."""
    return max(separators, key=lambda sign: _evenness(text, sign))


def _evenness(text: str, separator: str) -> float:
    try:
        lengths = [len(cells) for _, cells in islice(rows_of(text, separator), _LOOKED_AT) if any(cells)]
    except ReadError:
        return 0.0
    (usual, times), *_ = Counter(lengths).most_common(1) or [(0, 0)]
    return times / len(lengths) if usual > 1 else 0.0
