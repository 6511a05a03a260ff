"""A table of articles, one a row: external_id, title, text, known metadata, and columns of one's own."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from projects.readers import limits
from projects.readers.base import REQUIRED, Document, ReadError, check_header, documents, rename
from projects.readers.encoding import read_table_text

_SEPARATORS = (",", ";", "\t", "|")

# The module's own limit of 128 KB a cell would refuse a long article.
csv.field_size_limit(limits.UPLOAD_BYTES)


def read(
    name: str,
    data: bytes,
    *,
    encoding: str | None,
    mapping: Mapping[str, str] | None,
    separators: Sequence[str] = _SEPARATORS,
) -> list[Document]:
    text, source = read_table_text(name, data, encoding)
    separator = _separator(text, mapping, separators)
    records = list(_records(text, separator, mapping))
    return documents(source, records, "the table has no row below its header")


def _separator(text: str, mapping: Mapping[str, str] | None, separators: Sequence[str]) -> str:
    """The separator that makes the required columns out of the header; else the first, for the error to name them."""
    return next((sign for sign in separators if _has_required(text, sign, mapping)), separators[0])


def _has_required(text: str, separator: str, mapping: Mapping[str, str] | None) -> bool:
    try:
        return set(REQUIRED) <= set(_header(_rows(text, separator), mapping))
    except ReadError:
        return False


def _records(text: str, separator: str, mapping: Mapping[str, str] | None) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the rows below the header with the place of each: row 2 is the first, as in a spreadsheet."""
    rows = _rows(text, separator)
    header = _header(rows, mapping)
    check_header(header)
    for number, (line, cells) in enumerate(rows, 2):
        place = f"row {number} (line {line})"
        if len(cells) != len(header):
            raise ReadError(f"{len(cells)} cells where the header has {len(header)} columns", place)
        yield place, dict(zip(header, cells, strict=True))


def _header(rows: Iterator[tuple[int, list[str]]], mapping: Mapping[str, str] | None) -> list[str]:
    _, cells = next(rows, (0, []))
    return rename([cell.strip() for cell in cells], mapping, "the header")


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line that it ends on."""
    return ((line, cells) for line, cells in rows_of(text, separator) if any(cell.strip() for cell in cells))


def rows_of(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row, blank ones too, with the line that it ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise ReadError(
            f"not a valid table, look for a quote that is not closed: {error}", f"line {reader.line_num}"
        ) from error
