"""The report of a ratings file from elsewhere, for the command `agreement`."""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

from django.core.management.base import CommandError

from annotator.core.agreement import Resample
from annotator.core.elsewhere import (
    LAYOUTS,
    MISSING_MARKS,
    ROLES,
    Grid,
    Reading,
    grid,
    guess,
    parse_groups,
    parse_levels,
    variables,
)
from annotator.core.elsewhere.merging import Groups
from annotator.services.calculator import Calculation, calculate, rows_of_file


class Wishes(TypedDict):
    """What the command's options say of a file; None where they say nothing."""

    encoding: str | None
    layout: str | None
    no_header: bool
    column: Sequence[str]
    missing: Sequence[str]
    per_question: int | None
    level: Sequence[str]
    merge: Sequence[str]


def add_arguments(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("a table from elsewhere", "what is not said is found in the file")
    group.add_argument("--ratings", type=Path, metavar="FILE", help="CSV, TSV, XLSX or ODS, in place of a project")
    group.add_argument(
        "--level",
        action="append",
        default=[],
        metavar="[VAR=]LEVEL",
        help="nominal, ordinal, ordinal:low,...,high, interval, ratio, masi, jaccard or text; without VAR of all",
    )
    group.add_argument("--layout", choices=LAYOUTS, help="wide: a column an annotator; long: a row an answer")
    group.add_argument("--no-header", action="store_true", help="the first row holds answers")
    group.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="NAME=ROLE",
        help=f"what a column is: {', '.join(filter(None, ROLES['long']))}, or nothing to leave it out",
    )
    group.add_argument("--missing", action="append", default=[], metavar="MARK", help="a cell that counts as missing")
    group.add_argument("--per-question", type=int, metavar="N", help="wide: so many columns in a row are one question")
    group.add_argument(
        "--merge",
        action="append",
        default=[],
        metavar="VAR=VALUE,VALUE,...",
        help="count these values as the first of them; again for another group",
    )
    group.add_argument("--encoding", help="where the file is not UTF-8")


def ratings_calculation(
    path: Path, wishes: Wishes, *, replicates: int, seed: int | None, resample: Resample | None
) -> Calculation:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    table = grid(rows_of_file(name=path.name, data=data, encoding=wishes["encoding"]))
    reading = _reading(table, wishes)
    return calculate(name=path.name, grid=table, reading=reading, replicates=replicates, seed=seed, resample=resample)


def _reading(table: Grid, wishes: Wishes) -> Reading:
    reading = guess(table, layout=wishes["layout"] or "", header=False if wishes["no_header"] else None)
    reading = replace(reading, roles=_roles(table, reading, wishes["column"]))
    if wishes["missing"]:
        reading = replace(reading, missing=(*MISSING_MARKS, *wishes["missing"]))
    if wishes["per_question"] is not None:
        reading = replace(reading, per_question=wishes["per_question"])
    if not wishes["level"] and not wishes["merge"]:
        return reading
    names = [item.key for item in variables(table, reading)]
    return replace(reading, levels=parse_levels(wishes["level"], names), merges=_merges(wishes["merge"], names))


def _merges(said: Sequence[str], names: Sequence[str]) -> dict[str, Groups]:
    merges: dict[str, Groups] = {}
    for text in said:
        variable, _, values = text.rpartition("=")
        if variable not in names:
            raise CommandError(f"--merge {text}: write VAR=VALUE,VALUE with one of {', '.join(names)}.")
        merges[variable] = (*merges.get(variable, ()), *parse_groups(values))
    return merges


def _roles(table: Grid, reading: Reading, said: Sequence[str]) -> tuple[str, ...]:
    roles = dict(zip(table.names(header=reading.header), reading.roles, strict=False))
    for text in said:
        name, _, role = text.rpartition("=")
        if name not in roles or role not in ROLES[reading.layout]:
            known = ", ".join(role for role in ROLES[reading.layout] if role)
            raise CommandError(f"--column {text}: the columns are {', '.join(roles)}; each is one of {known}.")
        roles[name] = role
    return tuple(roles.values()) if said else reading.roles
