"""The agreement report of a table from elsewhere. Nothing of it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.core.agreement import Resample, VariableRatings, report_variable
from annotator.core.elsewhere import Doubt, Grid, Reading, doubts, merged, unit_name, variables
from annotator.core.errors import InvalidError
from annotator.core.ratings_table import packed, question, ratings_lines
from annotator.queries.reports import DEFAULT_SEED, REPLICATES, Frozen, Report
from projects.readers import EncodingError, ReadError
from projects.readers.base import Rows
from projects.readers.tables import checked_rows, read_pasted, read_table

REFUSED = "The table was not read"


class UnknownEncodingError(InvalidError):
    """The file is in an encoding that nobody named; `likely` are our guesses, best first."""

    def __init__(self, message: str, likely: Sequence[str]) -> None:
        super().__init__(message)
        self.likely = likely


@dataclass(frozen=True)
class Calculation:
    """The report of a table, with the ratings that it rests on and what should be looked at before it is believed."""

    frozen: Frozen
    ratings: tuple[VariableRatings, ...]
    doubts: tuple[Doubt, ...]

    @property
    def report(self) -> Report:
        return self.frozen.report


def rows_of_file(*, name: str, data: bytes, encoding: str | None = None) -> Rows:
    try:
        return read_table(name, data, encoding=encoding)
    except EncodingError as error:
        raise UnknownEncodingError(f"{REFUSED}: {error}", error.likely) from error
    except ReadError as error:
        raise InvalidError(f"{REFUSED}: {error}") from error


def rows_of_text(text: str) -> Rows:
    try:
        return read_pasted(text)
    except ReadError as error:
        raise InvalidError(f"{REFUSED}: {error}") from error


def same_rows(rows: Rows) -> Rows:
    """Rows that were read before and come back from a page."""
    try:
        return checked_rows(rows)
    except ReadError as error:
        raise InvalidError(f"{REFUSED}: {error}") from error


def calculate(
    *,
    name: str,
    grid: Grid,
    reading: Reading,
    replicates: int = REPLICATES,
    seed: int | None = None,
    resample: Resample | None = None,
) -> Calculation:
    """Raises InvalidError with rows and columns where the table can't be read as `reading` says."""
    ratings = tuple(merged(item, reading.merges.get(item.key, ())) for item in variables(grid, reading))
    chosen_seed = DEFAULT_SEED if seed is None else seed
    table = packed(ratings_lines(ratings, {unit: unit_name(unit) for item in ratings for unit in item.units}))
    reports = [
        report_variable(item, replicates=replicates or None, seed=chosen_seed, resample=resample) for item in ratings
    ]
    report = Report(
        project="",
        round=name,
        seed=chosen_seed,
        replicates=replicates,
        input_sha256=table.sha256,
        variables=tuple(reports),
    )
    annotators = tuple(dict.fromkeys(annotator for item in ratings for annotator in item.annotators))
    frozen = Frozen(report, annotators, tuple(map(question, ratings)), table)
    return Calculation(frozen, ratings, tuple(doubt for item in ratings for doubt in doubts(item)))
