"""The answers of a table, question by question, as the coefficients want them."""

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from annotator.core.agreement import VariableRatings
from annotator.core.coded_tables import ORDERED, PARTED_BY, SETS, Level, by_number_then_alphabet, ordered
from annotator.core.errors import InvalidError

from .entries import Entry, entries
from .grid import Grid
from .guessing import guessed_level
from .reading import Reading
from .spelling import as_number, one_spelling

MOST_VARIABLES = 60
MOST_ANNOTATORS = 1000
MOST_PLACES = 5_000_000
"""Units times annotators of one variable."""
MOST_VALUES = 500
"""Of a variable that is no number and no text: figures of each value, and of each pair of values, take their time."""
LATER = "answers of later occasions, which are not compared"
MARKED_MISSING = "cells that are marked as missing"
KINDS = {
    "nominal": "single",
    "ordinal": "ordinal",
    "interval": "number",
    "ratio": "number",
    "masi": "multi",
    "jaccard": "multi",
    "text": "text",
}
MISSING_CODES = {"99", "999", "9999", "-9", "-99", "-999"}


@dataclass(frozen=True)
class Doubt:
    """Something in the answers to one variable that may be a mistake: `kind` says what, `cells` where."""

    kind: Literal["spelling", "code"]
    variable: str
    cells: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(f"“{cell}”" for cell in self.cells[:6])
        if self.kind == "spelling":
            return f"{self.variable}: {shown} count as different values. Mend the table if they are one."
        return f"{self.variable}: {shown} counts as an answer. If it stands for a missing one, say so."


def variables(grid: Grid, reading: Reading, *, occasion: str | None = None) -> list[VariableRatings]:
    """The ratings of each variable on one occasion, else the first.

    Raises InvalidError with the rows and columns that can't be taken.
    """
    if len(reading.roles) != grid.width:
        raise InvalidError(f"The table has {grid.width} columns; say of each what it is.")
    if fault := reading.fault():
        raise InvalidError(f"The table can't be read like this: {fault}.")
    named: dict[str, list[Entry]] = {}
    for entry in entries(grid, reading):
        named.setdefault(entry.variable, []).append(entry)
    if not named:
        raise InvalidError("The table has no row below its header.")
    _check_size(named)
    if occasion is None:
        occasion = occasions(grid, reading)[0]
    problems: list[str] = []
    made = [_variable(name, own, occasion, reading, problems) for name, own in named.items()]
    if problems:
        raise InvalidError("Some cells of the table can't be taken.", tuple(problems))
    return made


def occasions(grid: Grid, reading: Reading) -> list[str]:
    """The occasions in their order; one without a name where there is no column of them."""
    place = reading.column("occasion")
    if place is None:
        return [""]
    return sorted(set(grid.column(place, header=reading.header)), key=by_number_then_alphabet)


def texts(grid: Grid, reading: Reading) -> dict[Hashable, str]:
    """The text of each unit that has one; of several the first."""
    unit, article, text = (reading.column(role) for role in ("unit", "article", "text"))
    found: dict[Hashable, str] = {}
    if text is None:
        return found
    for number, row in zip(grid.numbers[reading.header :], grid.rows[reading.header :], strict=True):
        which = number if unit is None else ("" if article is None else row[article], row[unit])
        if row[text]:
            found.setdefault(which, row[text])
    return found


def unit_name(unit: Hashable) -> str:
    """What the table calls a unit, inside its article."""
    return str(unit[1]) if isinstance(unit, tuple) else str(unit)


def doubts(ratings: VariableRatings) -> list[Doubt]:
    """What a person should look at before believing the figures."""
    if ratings.kind in ("multi", "text"):
        return []
    counts = Counter(str(answer) for row in ratings.ratings for answer in row if answer is not None)
    found = []
    folded: dict[str, list[str]] = {}
    for cell in counts:
        folded.setdefault(" ".join(cell.casefold().split()), []).append(cell)
    twins = [cell for cells in folded.values() if len(cells) > 1 for cell in sorted(cells)]
    if twins:
        found.append(Doubt("spelling", ratings.key, tuple(twins)))
    codes = [cell for cell in sorted(counts) if _may_mean_missing(cell, counts)]
    return [*found, Doubt("code", ratings.key, tuple(codes))] if codes else found


def _may_mean_missing(cell: str, cells: Iterable[str]) -> bool:
    """A code that is usual for missing, and far from the other numbers."""
    if cell.removesuffix(".0") not in MISSING_CODES:
        return False
    others = [number for other in cells if other != cell and (number := as_number(other)) is not None]
    return bool(others) and abs(float(cell)) > 2 * max(map(abs, others))


def _check_size(named: dict[str, list[Entry]]) -> None:
    if len(named) > MOST_VARIABLES:
        raise InvalidError(f"The table has {len(named)} variables: the limit is {MOST_VARIABLES}. Part it.")
    for name, own in named.items():
        annotators, units = len({entry.annotator for entry in own}), len({entry.unit for entry in own})
        if annotators > MOST_ANNOTATORS or annotators * units > MOST_PLACES:
            raise InvalidError(
                f"{name}: {annotators} annotators and {units} units are too many for the calculator; the limits are"
                f" {MOST_ANNOTATORS} annotators, and {MOST_PLACES} as the product of the two. Make a project of it."
            )


def _variable(
    name: str, entries: Sequence[Entry], occasion: str, reading: Reading, problems: list[str]
) -> VariableRatings:
    """One variable; `problems` collects what is wrong with its cells."""
    given = [entry for entry in entries if entry.occasion == occasion]
    marks = frozenset(reading.missing)
    cells = [entry.cell for entry in given if entry.cell and entry.cell not in marks]
    level = reading.levels.get(name) or guessed_level(cells)
    spelt = one_spelling(cells) if level.name in ORDERED else {}
    values = _values(name, {spelt.get(cell, cell) for cell in cells}, level, problems)
    annotators = list(dict.fromkeys(entry.annotator for entry in given))
    if reading.layout == "long":
        annotators.sort(key=by_number_then_alphabet)
    units = list(dict.fromkeys(entry.unit for entry in given))
    row_of, column_of = _places(annotators), _places(units)
    articles = {entry.unit: entry.article for entry in given}
    ratings: list[list[object]] = [[None] * len(units) for _ in annotators]
    answered = _answered(name, given, problems)
    # In a list of answers a row is an answer, so that an empty cell is the empty set; in a row of many it is nobody's.
    empty_sets = level.name in SETS and reading.layout == "long"
    missing = {LATER: len(entries) - len(given), MARKED_MISSING: 0}
    for entry in answered:
        if entry.cell in marks or not (entry.cell or empty_sets):
            missing[MARKED_MISSING] += 1
        else:
            cell = spelt.get(entry.cell, entry.cell)
            ratings[row_of[entry.annotator]][column_of[entry.unit]] = _answer(entry, cell, level, problems)
    return VariableRatings(
        key=name,
        kind=KINDS[level.name],
        level=level.name,
        annotators=annotators,
        ratings=ratings,
        units=units,
        articles=[articles[unit] for unit in units],
        values=values,
        codes=_codes(values) if level.name == "ordinal" else {},
        missing={reason: number for reason, number in missing.items() if number},
    )


def _places(things: Sequence[Hashable]) -> dict[Hashable, int]:
    return {thing: place for place, thing in enumerate(things)}


def _answered(name: str, entries: Sequence[Entry], problems: list[str]) -> list[Entry]:
    """The entries, each annotator's on a unit once."""
    first: dict[tuple[str, Hashable], Entry] = {}
    for entry in entries:
        earlier = first.setdefault((entry.annotator, entry.unit), entry)
        if earlier is not entry:
            problems.append(
                f"Row {entry.row}: {entry.annotator} answered “{name}” on this unit in row {earlier.row} already"
                " (a duplicate)."
            )
    return list(first.values())


def _values(name: str, cells: Set[str], level: Level, problems: list[str]) -> list[str]:
    """The values in their order; none for numbers and text, which have no list."""
    if level.name in ("interval", "ratio", "text"):
        return []
    if level.name in SETS:
        sets = [_parts(cell) for cell in sorted(cells)]
        return ordered(map(PARTED_BY.join, sets), {part for parts in sets for part in parts})
    if len(cells) > MOST_VALUES:
        problems.append(
            f"{name}: {len(cells)} different values are too many for the level {level.name}, the limit is"
            f" {MOST_VALUES}. Choose interval or ratio for numbers, text for words."
        )
    if not level.order:
        return sorted(cells, key=by_number_then_alphabet)
    strange = sorted(cells - set(level.order), key=by_number_then_alphabet)
    if strange:
        problems.append(f"{name}: the value “{strange[0]}” is not in the order given ({', '.join(level.order)}).")
    return list(level.order)


def _answer(entry: Entry, cell: str, level: Level, problems: list[str]) -> object:
    if level.name in SETS:
        return _parts(cell)
    if level.name not in ("interval", "ratio"):
        return cell
    number = as_number(cell)
    if number is None or (level.name == "ratio" and number < 0):
        wanted = "a number" if number is None else "a number from 0 up, as the ratio level needs"
        problems.append(f"Row {entry.row}, column “{entry.column}”: “{cell[:40]}” is not {wanted}.")
        return None
    return number


def _parts(cell: str) -> list[str]:
    """The members of a set: parted by |, or a list in JSON as our own datasets have it."""
    if cell.startswith("["):
        try:
            listed = json.loads(cell)
        except (ValueError, RecursionError):
            listed = None
        if isinstance(listed, list) and all(isinstance(part, str) for part in listed):
            return [part for part in dict.fromkeys(listed) if part]
    return [part for part in dict.fromkeys(map(str.strip, cell.split(PARTED_BY))) if part]


def _codes(values: Sequence[str]) -> dict[str, float]:
    """The numbers of a scale: the values where they all are numbers that rise or fall, else their ranks."""
    numbers = [number for value in values if (number := as_number(value)) is not None]
    steps = list(pairwise(numbers))
    if len(numbers) == len(values) and (all(a < b for a, b in steps) or all(a > b for a, b in steps)):
        return dict(zip(values, numbers, strict=True))
    return {value: float(rank) for rank, value in enumerate(values, start=1)}
