"""The rows of a table with as many cells each."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.core.errors import InvalidError

MOST_COLUMNS = 1000
LONGEST_NAME = 200


@dataclass(frozen=True)
class Grid:
    """`rows` are those with something in them, cells without white space at their ends; `numbers` count from 1."""

    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]

    @property
    def width(self) -> int:
        return len(self.rows[0])

    def column(self, place: int, *, header: bool) -> list[str]:
        return [row[place] for row in self.rows[header:]]

    def names(self, *, header: bool) -> list[str]:
        """The columns' names; those without one are counted.

        >>> grid([["unit", ""], ["1", "yes"]]).names(header=True)
        ['unit', 'Column 2']
        """
        given = self.rows[0] if header else [""] * self.width
        return [name[:LONGEST_NAME] or f"Column {place}" for place, name in enumerate(given, start=1)]


def grid(rows: Sequence[Sequence[str]]) -> Grid:
    """Take the rows of a file, blank ones too. Raises InvalidError with the rows that are too short or too long."""
    kept = [(number, [cell.strip() for cell in row]) for number, row in enumerate(rows, start=1)]
    kept = [(number, row) for number, row in kept if any(row)]
    if not kept:
        raise InvalidError("The table is empty.")
    width = max(_filled(row) for _, row in kept)
    if width > MOST_COLUMNS:
        raise InvalidError(f"The table has {width} columns: the limit is {MOST_COLUMNS}.")
    _check_lengths(kept, width)
    return Grid([row[:width] for _, row in kept], [number for number, _ in kept])


def _check_lengths(rows: Sequence[tuple[int, list[str]]], width: int) -> None:
    """The first row says how many cells there are; empty ones may hang on at the end."""
    first = max(_filled(rows[0][1]), min(len(rows[0][1]), width))
    problems = [
        f"Row {number}: {len(row)} cells where the first row has {first}."
        for number, row in rows
        if len(row) < first or _filled(row) > first
    ]
    if problems:
        raise InvalidError("The rows of the table are not equally long.", tuple(problems))


def _filled(row: Sequence[str]) -> int:
    """How many cells there are up to the last that is not empty."""
    return max((place for place, cell in enumerate(row, start=1) if cell), default=0)
