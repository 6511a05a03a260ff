"""Ratings as small integers: one row a rater, one column a unit."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from .arrays import MISSING, FloatArray, IntArray
from .coefficient import SINGLE
from .patterns import Patterns, by_count, by_rater

MOST_WHOLE = 10_000
"""Whole numbers up to here are read as codes, without looking for the distinct ones."""


@dataclass(frozen=True, eq=False)
class Coded:
    """Ratings told apart once for all coefficients: `by_rater` holds codes, one place a rater, into `labels`.

    `counted` are the `patterns` where they are there already.
    """

    by_rater: Patterns
    labels: tuple[Hashable, ...]
    counted: Patterns | None = None

    @classmethod
    def of(cls, codes: IntArray, labels: Sequence[Hashable]) -> "Coded":
        """From codes (raters, units); -1 is a missing rating."""
        return cls(by_rater(codes), tuple(labels))

    @property
    def codes(self) -> IntArray:
        """The code of each rating (raters, units)."""
        return self.by_rater.slots[self.by_rater.of_unit].T

    @property
    def raters(self) -> int:
        return int(self.by_rater.slots.shape[1])

    @property
    def units(self) -> int:
        return self.by_rater.units

    @property
    def any_rating(self) -> bool:
        return self.by_rater.number_with(1) > 0

    @cached_property
    def patterns(self) -> Patterns:
        """The units' patterns without regard to who rated."""
        return self.counted or by_count(self.by_rater)

    def dropped(self, used: int) -> dict[str, int]:
        """How many units were left out because fewer than two raters answered."""
        return {SINGLE: self.units - used} if used < self.units else {}

    def of_raters(self, rows: Sequence[int] | IntArray) -> "Coded":
        """The same units as rated by some of the raters."""
        return Coded(self.by_rater.read(self.by_rater.slots[:, rows]), self.labels)

    def of_active(self) -> "Coded":
        """Without the raters who rated nothing."""
        active = (self.by_rater.slots != MISSING).any(axis=0)
        return self if active.all() else self.of_raters(np.flatnonzero(active))

    @cached_property
    def by_all(self) -> "Coded":
        """The units that all raters rated."""
        return Coded(self.by_rater.at_least(self.raters), self.labels)

    def presence(self, label: Hashable) -> "Coded":
        """1 where `label` was given (for sets: is among the labels given), 0 where another was, whoever rated."""
        if label not in self._presence:
            self._presence[label] = self._present(label)
        return self._presence[label]

    @cached_property
    def _presence(self) -> dict[Hashable, "Coded"]:
        return {}

    def _present(self, label: Hashable) -> "Coded":
        present = [label in own if isinstance(own, frozenset) else own == label for own in self.labels]
        given = np.append(np.array(present, dtype=np.int64), MISSING)[self.patterns.slots]
        found = self.patterns.read(-np.sort(-given, axis=1))
        return Coded(found, (0, 1), found)

    def read(self, codes: Sequence[int] | IntArray, labels: Sequence[Hashable]) -> "Coded":
        """The same ratings with `codes[c]`, into other labels, where the code was c."""
        lookup = np.append(np.array(codes, dtype=np.int64), MISSING)
        return Coded(self.by_rater.read(lookup[self.by_rater.slots]), tuple(labels))


Ratings = Sequence[Sequence[object]] | npt.NDArray[np.float64] | Coded


def encode(ratings: Ratings, categories: Sequence[Hashable] | None = None) -> Coded:
    """Turn ratings into integers.

    `ratings` holds one sequence a rater with one entry a unit; None (or NaN) is missing and any collection but a
    string is a set of labels. A 2-D float array (raters, units) is read without a Python loop. `categories` is
    the codebook: it fixes the order and counts labels that nobody used; without it the labels that occur are
    ordered by number, then by alphabet. Raises ValueError on ragged ratings and on a label outside `categories`.

    >>> encode([["b", None], ["a", "b"]]).codes.tolist()
    [[1, -1], [0, 1]]
    """
    if isinstance(ratings, Coded):
        return ratings
    if isinstance(ratings, np.ndarray):
        return (
            _encode_array(ratings, categories)
            if ratings.dtype != object
            else _encode_rows(ratings.tolist(), categories)
        )
    return _encode_rows(ratings, categories)


def _encode_array(ratings: npt.NDArray[np.float64], categories: Sequence[Hashable] | None) -> Coded:
    if ratings.ndim != 2:
        raise ValueError(f"Ratings have {ratings.ndim} dimension(s); give one row a rater and one column a unit.")
    read = _whole_numbers(ratings) or _numbers(ratings)
    used = np.unique(read.by_rater.slots[read.by_rater.slots != MISSING])
    labels = [read.labels[code] for code in used.tolist()]
    order = _places(labels, categories)
    places = np.zeros(len(read.labels), dtype=np.int64)
    places[used] = [order[label] for label in labels]
    return read.read(places, tuple(order))


def _whole_numbers(ratings: npt.NDArray[np.float64]) -> Coded | None:
    """Small whole numbers are codes as they are; None where the ratings are others."""
    with np.errstate(invalid="ignore"):
        short = ratings.astype(np.int16)
    known = short == ratings
    if not known.any() or np.count_nonzero(known) < np.count_nonzero(ratings == ratings):
        return None
    short = np.where(known, short, short.flat[known.argmax()])
    low, high = int(short.min()), int(short.max())
    if low < -MOST_WHOLE or high > MOST_WHOLE:
        return None
    codes = (short - np.int16(low - 1)) * known - np.int16(1)
    return Coded.of(codes, np.arange(low, high + 1, dtype=ratings.dtype).tolist())


def _numbers(ratings: npt.NDArray[np.float64]) -> Coded:
    known = ratings == ratings
    seen, places = np.unique(ratings[known], return_inverse=True)
    codes = np.full(ratings.shape, MISSING, dtype=np.int64)
    codes[known] = places
    return Coded.of(codes, seen.tolist())


def _encode_rows(ratings: Sequence[Sequence[object]], categories: Sequence[Hashable] | None) -> Coded:
    width = len(ratings[0]) if len(ratings) else 0
    for number, row in enumerate(ratings, start=1):
        if len(row) != width:
            raise ValueError(
                f"Rater {number} has {len(row)} entries, rater 1 has {width}: give one entry a unit, None if missing."
            )
    rows = [_hashable(row) for row in ratings]
    label_of = {entry: _label(entry) for entry in set().union(*rows)}
    order = _places({label for label in label_of.values() if label is not None}, categories)
    code_of = {entry: MISSING if label is None else order[label] for entry, label in label_of.items()}
    codes = [np.fromiter(map(code_of.__getitem__, row), np.int64, width) for row in rows]
    return Coded.of(np.array(codes, dtype=np.int64).reshape(len(rows), width), tuple(order))


def _hashable(row: Sequence[object]) -> Sequence[Hashable]:
    """The row as it is where its entries can be looked up at once, else (lists, sets) as labels."""
    try:
        set(row)
    except TypeError:
        return [_label(entry) for entry in row]
    return row


def _label(entry: object) -> Hashable | None:
    if isinstance(entry, str) or entry is None:
        return entry
    if isinstance(entry, float) and entry != entry:
        return None
    if isinstance(entry, list | Collection) and not isinstance(entry, dict | Mapping):
        return frozenset(entry)
    if not isinstance(entry, Hashable):
        raise ValueError(f"{entry!r} is no rating: give a label, a number or a collection of labels.")
    return entry


def _places(seen: Iterable[Hashable], categories: Sequence[Hashable] | None) -> dict[Hashable, int]:
    """Each label's code. A codebook lists single labels, so sets of them keep their own order behind it."""
    labels = sorted(seen, key=_rank)
    sets = [label for label in labels if isinstance(label, frozenset)]
    if categories is None or sets:
        return {label: code for code, label in enumerate(labels)}
    places = {label: code for code, label in enumerate(categories)}
    unknown = [label for label in labels if label not in places]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not one of the categories.")
    return places


def _rank(label: Hashable) -> tuple[int, float, tuple[str, ...]]:
    if isinstance(label, int | float | np.number):
        return 0, float(label), ()
    if isinstance(label, frozenset):
        return 2, float(len(label)), tuple(sorted(map(str, label)))
    return 1, 0.0, (str(label),)


def numbers(labels: Sequence[Hashable]) -> FloatArray:
    """Labels as numbers, for metrics that subtract them. Raises ValueError if one is not a number."""
    for label in labels:
        if not isinstance(label, int | float | np.number):
            raise ValueError(f"{label!r} is not a number; interval and ratio need numbers.")
    return np.array(labels, dtype=np.float64)
