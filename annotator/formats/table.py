"""A CSV file as records, or a refusal that says in which row and what to mend."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from annotator.core import text
from annotator.core.errors import InvalidError

OTHER_MARKS = ";\t|"
csv.field_size_limit(10_000_000)


def records(
    data: bytes, *, required: Sequence[str], optional: Sequence[str] = (), refused: str
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each row below the header with its line number, as column -> cell.

    `refused` begins every message, such as "No label was imported". Raises InvalidError for bytes that are no UTF-8
    or no CSV, missing or doubled columns, and rows of another length than the header.
    """
    reader = csv.reader(io.StringIO(_decoded(data, refused), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header, required, optional, refused)
        for record in reader:
            if record:
                yield reader.line_num, _by_column(header, record, reader.line_num, refused)
    except csv.Error as error:
        raise InvalidError(f"{refused}: row {reader.line_num} is not readable as CSV ({error}).") from error


def _decoded(data: bytes, refused: str) -> str:
    try:
        decoded = text.decode(data).text.removeprefix("\ufeff")
    except text.TextError as error:
        raise InvalidError(f"{refused}: {error}") from error
    if "\0" in decoded:
        raise InvalidError(f"{refused}: the file holds a NUL character, so that it is no CSV text.")
    return decoded


def _check_header(header: Sequence[str], required: Sequence[str], optional: Sequence[str], refused: str) -> None:
    missing = [name for name in required if name not in header]
    twice = sorted({name for name in header if header.count(name) > 1 and name in (*required, *optional)})
    if missing and len(header) == 1 and any(mark in header[0] for mark in OTHER_MARKS):
        raise InvalidError(
            f"{refused}: the columns are not parted by commas. Save the file as CSV with commas (UTF-8)."
        )
    if missing:
        raise InvalidError(
            f"{refused}: the header lacks the column {', '.join(missing)}."
            f" The first row has to name the columns {', '.join(required)}."
        )
    if twice:
        raise InvalidError(f"{refused}: the header has a duplicate column, {', '.join(twice)}.")


def _by_column(header: Sequence[str], record: Sequence[str], line: int, refused: str) -> Mapping[str, str]:
    if len(record) != len(header):
        raise InvalidError(
            f"{refused}: row {line} has {len(record)} cells, the header {len(header)}."
            " Put cells that hold a comma in double quotes."
        )
    return dict(zip(header, record, strict=True))
