"""Cells as text, for the forms that know nothing else: CSV and its kin."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from annotator.core.tables import Cell, Cells, Column
from annotator.formats.outlet import PIECE

MOST_KEPT, LONGEST_KEPT = 5_000, 1_000


def text_of(cell: Cell) -> str:
    """`yes` and `no`, times in UTC to the microsecond, numbers as short as they are exact; nothing where nothing is."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return time_text(cell) if isinstance(cell, datetime) else repr(cell).removesuffix(".0")


def time_text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


class Written(dict[Cell, str]):
    """How each cell is written, kept for the next: texts, names and numbers come again in row after row.

    A number equals a truth value, so columns of these come as text already (`as_text`).
    """

    def __init__(self, write: Callable[[str], str]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, cell: Cell) -> str:
        if isinstance(cell, datetime):
            # Needs no quotes, and hardly comes again.
            return time_text(cell)
        written = self._write(text_of(cell))
        if len(self) > MOST_KEPT:
            self.clear()
        if len(written) <= LONGEST_KEPT:
            self[cell] = written
        return written


def as_text(columns: Sequence[Column], rows: Iterable[Cells]) -> Iterable[Cells]:
    """The rows with the cells of truth values and fractions as text."""
    places = [place for place, column in enumerate(columns) if column.type in ("boolean", "number")]
    return _replaced(places, rows) if places else rows


def _replaced(places: Sequence[int], rows: Iterable[Cells]) -> Iterator[Cells]:
    for row in rows:
        cells = list(row)
        for place in places:
            cells[place] = text_of(cells[place])
        yield tuple(cells)


def pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """Many lines a piece: a write to the network for each would cost more than the line."""
    held: list[str] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    if held:
        yield "".join(held).encode()
