"""The cells of a table that hold answers, each with what was answered, by whom, and where it stands."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple

from annotator.core.errors import InvalidError

from .grid import Grid
from .guessing import questions
from .reading import Reading

ONLY_QUESTION = "ratings"
"""The name of the question in a table that names none."""


class Entry(NamedTuple):
    """One cell; `column` is the name of its column, for messages."""

    variable: str
    article: str
    unit: Hashable
    annotator: str
    cell: str
    row: int
    column: str
    occasion: str = ""


def entries(grid: Grid, reading: Reading) -> Iterator[Entry]:
    """Raises InvalidError for units or columns that are there twice, and rows without a unit or an annotator."""
    return _wide(grid, reading) if reading.layout == "wide" else _long(grid, reading)


def _wide(grid: Grid, reading: Reading) -> Iterator[Entry]:
    names = grid.names(header=reading.header)
    places = reading.columns("annotator")
    unit, article = reading.column("unit"), reading.column("article")
    _check_distinct(grid, reading, unit, article)
    columns = _columns(reading, places, names)
    for number, row in _below_header(grid, reading):
        of = _cell(row, article)
        which = number if unit is None else (of, row[unit])
        for place in places:
            yield Entry(columns[place].question, of, which, columns[place].annotator, row[place], number, names[place])


class _Column(NamedTuple):
    question: str
    annotator: str


def _columns(reading: Reading, places: Sequence[int], names: Sequence[str]) -> Mapping[int, _Column]:
    """What each column of annotators holds. Raises InvalidError where two have the same name."""
    size = reading.per_question or len(places)
    own = [names[place] for place in places]
    parted = questions(own, size) if reading.header and reading.per_question else []
    found = []
    for number, name in enumerate(own):
        question, place = divmod(number, size)
        head, ends = parted[question] if parted else ("", ())
        annotator = name if reading.header else f"Annotator {place + 1}"
        usual = f"Question {question + 1}" if reading.per_question else ONLY_QUESTION
        found.append(_Column(head or usual, ends[place] if head else annotator))
    _check_names([f"{column.question} {column.annotator}" for column in found] if parted else own)
    return dict(zip(places, found, strict=True))


def _check_distinct(grid: Grid, reading: Reading, unit: int | None, article: int | None) -> None:
    if unit is None:
        return
    seen: dict[tuple[str, str], int] = {}
    problems = []
    for number, row in _below_header(grid, reading):
        key = (_cell(row, article), row[unit])
        if seen.setdefault(key, number) != number:
            problems.append(f"Row {number}: the unit “{row[unit]}” stands in row {seen[key]} already.")
    if problems:
        raise InvalidError("A unit stands in two rows.", tuple(problems))


def _long(grid: Grid, reading: Reading) -> Iterator[Entry]:
    names = grid.names(header=reading.header)
    values = reading.columns("value")
    _check_names([names[place] for place in values])
    _check_filled(grid, reading, names)
    unit, annotator, article, variable, occasion = (
        reading.column(role) for role in ("unit", "annotator", "article", "variable", "occasion")
    )
    bare = not reading.header and len(values) == 1
    for number, row in _below_header(grid, reading):
        of = _cell(row, article)
        for place in values:
            name = ONLY_QUESTION if bare else names[place]
            yield Entry(
                variable=name if variable is None else row[variable],
                article=of,
                unit=(of, _cell(row, unit)),
                annotator=_cell(row, annotator),
                cell=row[place],
                row=number,
                column=names[place],
                occasion=_cell(row, occasion),
            )


def _check_filled(grid: Grid, reading: Reading, names: Sequence[str]) -> None:
    """Every answer needs a unit, an annotator and, if there are several, a variable."""
    needed = [place for role in ("unit", "annotator", "variable") for place in reading.columns(role)]
    problems = [
        f"Row {number}: the column “{names[place]}” is empty."
        for number, row in _below_header(grid, reading)
        for place in needed
        if not row[place]
    ]
    if problems:
        raise InvalidError("Some rows of the table can't be taken.", tuple(problems))


def _check_names(names: Sequence[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise InvalidError(f"Two columns have the same name in the header (a duplicate): “{twice[0]}”.")


def _below_header(grid: Grid, reading: Reading) -> Iterator[tuple[int, Sequence[str]]]:
    return zip(grid.numbers[reading.header :], grid.rows[reading.header :], strict=True)


def _cell(row: Sequence[str], place: int | None) -> str:
    return "" if place is None else row[place]
