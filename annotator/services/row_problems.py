"""What is wrong with each row of a table: a reader stops at the first, and nobody wants to mend a file row by row."""

import csv
import io
from collections.abc import Iterator

from annotator.core.text import TextError, decode
from annotator.services.article_imports import Request
from annotator.services.tables import separator_of
from projects.readers import ReadError, read_here

MOST_PROBLEMS = 50
MOST_ROWS = 20_000


def row_problems(request: Request) -> tuple[str, ...]:
    """Read each row by itself, up to `MOST_PROBLEMS` problems; empty for a file that is no text table."""
    ending = request.name.rpartition(".")[2].lower()
    try:
        text = decode(request.data, request.encoding).text.removeprefix("\ufeff")
        pieces = (
            _lines(text) if ending == "jsonl" else _rows(text, request.name) if ending in {"csv", "tsv"} else iter(())
        )
        return tuple(_problems(request, pieces, f"row.{ending}"))
    except (TextError, csv.Error):
        return ()


def _problems(request: Request, pieces: Iterator[tuple[str, str]], name: str) -> Iterator[str]:
    found = 0
    for _, (place, piece) in zip(range(MOST_ROWS), pieces, strict=False):
        try:
            read_here(name, piece.encode("utf-8", "surrogatepass"), encoding=None, mapping=request.mapping)
        except ReadError as error:
            if error.where == "the header":
                return
            yield f"{place}: {error.message}."
            found += 1
        if found == MOST_PROBLEMS:
            return


def _lines(text: str) -> Iterator[tuple[str, str]]:
    return ((f"Line {number}", line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def _rows(text: str, name: str) -> Iterator[tuple[str, str]]:
    """Each row as a table of its own under the header of the file."""
    sign = separator_of(name, text)
    rows = (cells for cells in csv.reader(io.StringIO(text, newline=""), delimiter=sign) if any(map(str.strip, cells)))
    header = next(rows, [])
    for number, cells in enumerate(rows, 2):
        piece = io.StringIO()
        csv.writer(piece, delimiter=sign).writerows([header, cells])
        yield f"Row {number}", piece.getvalue()
