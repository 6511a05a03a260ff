"""A table of the calculator becomes a project, for whoever asks for it."""

import csv
import io
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace

from annotator.core.agreement import VariableRatings
from annotator.core.coded_tables import PARTED_BY, Level
from annotator.core.elsewhere import Grid, Reading, occasions, texts, variables
from annotator.core.errors import InvalidError
from annotator.core.text import TextError, clean
from annotator.formats.coded_table import COLUMNS
from annotator.services.coded_tables import create_from_table
from annotator.services.label_imports import Imported
from projects.models import User

Row = tuple[str, str, str, str, str, int]
MOST_ANSWERS = 50_000
"""Stored in one request; a longer table is imported by the command."""


def project_of_table(*, user: User, title: str, grid: Grid, reading: Reading) -> Imported:
    """A project with `user` as its lead: a unit an item, a member an annotator, a closed round. All or nothing."""
    first = variables(grid, reading)
    levels = {item.key: Level(item.level, reading.levels.get(item.key, Level()).order) for item in first}
    reading = replace(reading, levels=levels)
    shown = {unit: _cleaned(text) for unit, text in texts(grid, reading).items()}
    rows: list[Row] = []
    for number, occasion in enumerate(occasions(grid, reading), start=1):
        of_occasion = variables(grid, reading, occasion=occasion) if number > 1 else first
        rows.extend(row for item in of_occasion for row in _rows(item, shown, number))
    if len(rows) > MOST_ANSWERS:
        raise InvalidError(
            f"The table has {len(rows)} answers; up to {MOST_ANSWERS} are stored at once. Whoever runs the site can"
            " import a longer one by the command import_labels --create."
        )
    return create_from_table(user=user, title=title, data=_as_csv(rows), levels=levels)


def _rows(item: VariableRatings, shown: Mapping[Hashable, str], occasion: int) -> Iterator[Row]:
    for annotator, answers in zip(item.annotators, item.ratings, strict=True):
        for unit, answer in zip(item.units, answers, strict=True):
            if answer is not None:
                yield _name(unit), shown.get(unit, ""), annotator, item.key, _cell(answer), occasion


def _as_csv(rows: Iterable[Row]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([(*COLUMNS, "occasion"), *rows])
    return out.getvalue().encode()


def _name(unit: Hashable) -> str:
    return " ".join(part for part in unit if part) if isinstance(unit, tuple) else str(unit)


def _cell(answer: object) -> str:
    if isinstance(answer, list):
        return PARTED_BY.join(map(str, answer))
    return f"{answer:.15g}" if isinstance(answer, float) else str(answer)


def _cleaned(text: str) -> str:
    """As texts are kept; one that can't be kept is refused later, with its item."""
    try:
        return clean(text).text
    except TextError:
        return text
