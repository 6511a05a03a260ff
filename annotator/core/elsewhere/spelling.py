"""Cells as numbers, and numbers that are spelt in two ways."""

import re
from collections.abc import Iterable

_NUMBER = re.compile(r"[+-]?(\d{1,15}([.,]\d{0,15})?|[.,]\d{1,15})([eE][+-]?\d{1,2})?", re.ASCII)


def as_number(cell: str) -> float | None:
    """The number that a cell spells, with a decimal point or comma; None where it is none.

    >>> as_number("-1,5"), as_number("1e3"), as_number("12:30")
    (-1.5, 1000.0, None)
    """
    return float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None


def one_spelling(cells: Iterable[str]) -> dict[str, str]:
    """Cell -> how its number is written, where all cells are numbers and two spell the same one; else nothing.

    Programs write a column of whole numbers with a gap in it as 1.0, 2.0: that is no other answer than 1, 2.

    >>> one_spelling(["1", "1.0", "2"])["1.0"]
    '1'
    """
    numbers = {cell: as_number(cell) for cell in set(cells)}
    if None in numbers.values() or len(set(numbers.values())) == len(numbers):
        return {}
    return {cell: f"{number:.15g}" for cell, number in numbers.items()}
