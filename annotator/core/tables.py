"""What a table of a dataset is made of, whatever form it is written in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Cell = str | int | float | bool | datetime | None
Cells = tuple[Cell, ...]
Type = Literal["text", "integer", "number", "boolean", "time", "json"]
"""Of a column: `json` is text that holds JSON. Where there is nothing, every column has None."""


class Figure(str):
    """A number that stands in a column of text: it needs no guard against being taken for a formula."""

    __slots__ = ()


@dataclass(frozen=True)
class Column:
    """`meaning` is English, and marked for translation where it is written."""

    name: str
    type: Type
    meaning: str


@dataclass(frozen=True)
class OpenTable:
    """A table that is read as it goes, once."""

    columns: Sequence[Column]
    rows: Iterator[Cells]


@dataclass(frozen=True)
class Selection:
    """What is wanted of a dataset; an empty part leaves nothing out.

    `rounds` are ids, `variables` keys, `annotators` pseudonyms. `at` is a moment of the past; `under` the number of a
    codebook version that the one round of `rounds` had before it was moved. With `look` only the first articles of each
    round are read: enough to see what a table is like.
    """

    rounds: tuple[int, ...] = ()
    variables: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    annotators: tuple[str, ...] = ()
    at: datetime | None = None
    under: int | None = None
    look: bool = False


EVERYTHING = Selection()
