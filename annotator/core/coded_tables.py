"""The codebook of a table that was coded elsewhere, made from the values that occur in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from annotator.core.codebook import Codebook, Json, Variable
from annotator.core.codebook.fields import key_fault
from annotator.core.errors import InvalidError

KEY = "coded_table"
LEVELS = ("nominal", "ordinal", "interval", "ratio", "masi", "jaccard", "text")
SETS = ("masi", "jaccard")
ORDERED = ("nominal", "ordinal")
"""Levels whose values may be listed: all that are possible, of an ordinal one from low to high."""
PARTED_BY = "|"


@dataclass(frozen=True)
class Level:
    """The level of measurement of a variable; `order` lists its values, those of an ordinal one from low to high."""

    name: str = "nominal"
    order: tuple[str, ...] = ()


def parse_level(text: str) -> tuple[str, Level]:
    """Read VAR=LEVEL or VAR=ordinal:a,b,c. Raises InvalidError for anything else.

    >>> parse_level("severity=ordinal:-1,0,1")
    ('severity', Level(name='ordinal', order=('-1', '0', '1')))
    """
    variable, _sign, said = text.rpartition("=")
    name, _sign, order = said.partition(":")
    if not variable or name not in LEVELS or (order and name not in ORDERED):
        raise InvalidError(f"{text!r} is no level: write VARIABLE=LEVEL with one of {', '.join(LEVELS)}.")
    return variable, Level(name, tuple(order.split(",")) if order else ())


def codebook_document(title: str, seen: Mapping[str, Iterable[str]], levels: Mapping[str, Level]) -> dict[str, Json]:
    """The document of a codebook with one variable for each key of `seen` (variable -> the cells that occur).

    Keys are the spellings of the table where they can be keys, else made; labels are always the spellings.
    """
    seen = {name: list(cells) for name, cells in seen.items()}
    unknown = sorted(set(levels) - set(seen))
    if unknown:
        raise InvalidError(f"The table has no variable {unknown[0]!r}; it has {', '.join(sorted(seen))}.")
    keys = keys_for(seen, "variable")
    variables = [_variable(keys[name], name, cells, levels.get(name, Level())) for name, cells in seen.items()]
    return {
        "format": "conflict-codebook",
        "format_version": 1,
        "key": KEY,
        "title": title,
        "language": "en",
        "version": "1",
        "variables": list[Json](variables),
    }


def _variable(key: str, name: str, cells: Iterable[str], level: Level) -> dict[str, Json]:
    made: dict[str, Json] = {"key": key, "label": name, "scope": "sentence", "required": False}
    if level.name == "text":
        return made | {"type": "text", "max_length": 10_000}
    values = _values(name, cells, level)
    if level.name in SETS:
        return made | {"type": "multi", "measurement": level.name, "values": list[Json](values)}
    # Where everybody gave the same answer there is no scale, and no agreement to speak of either.
    scaled = level.name != "nominal" and len(values) > 1
    kind, measurement = ("ordinal", level.name) if scaled else ("single", "nominal")
    return made | {"type": kind, "measurement": measurement, "values": list[Json](values)}


def _values(name: str, cells: Iterable[str], level: Level) -> list[dict[str, Json]]:
    spellings = {part for cell in cells for part in (cell.split(PARTED_BY) if level.name in SETS else [cell]) if part}
    if level.name in ("interval", "ratio"):
        _check_numbers(name, spellings)
    strange = spellings - set(level.order)
    if level.order and strange:
        raise InvalidError(f"{name}: the value {min(strange)!r} is not in the order given.")
    listed = level.order or (
        ordered(cells, spellings) if level.name in SETS else sorted(spellings, key=by_number_then_alphabet)
    )
    keys = keys_for(listed, "value")
    values: list[dict[str, Json]] = [{"key": keys[spelling], "label": spelling} for spelling in listed]
    if level.name in ("interval", "ratio"):
        for value, spelling in zip(values, listed, strict=True):
            value["code"] = float(spelling)
    return values


def ordered(cells: Iterable[str], spellings: Iterable[str]) -> list[str]:
    """The members of sets in the order in which the cells name them; if these differ, by number, then alphabet."""
    usual = sorted(spellings, key=by_number_then_alphabet)
    after: dict[str, set[str]] = {spelling: set() for spelling in usual}
    for cell in cells:
        for earlier, later in pairwise(cell.split(PARTED_BY)):
            after[later].add(earlier)
    try:
        return list(TopologicalSorter(after).static_order())
    except CycleError:
        return usual


def _check_numbers(name: str, spellings: Iterable[str]) -> None:
    for spelling in spellings:
        try:
            float(spelling)
        except ValueError as error:
            raise InvalidError(f"{name}: {spelling[:40]!r} is not a number, as an interval or ratio needs.") from error


def by_number_then_alphabet(spelling: str) -> tuple[int, float, str]:
    try:
        return (0, float(spelling), spelling)
    except ValueError:
        return (1, 0.0, spelling)


def keys_for(spellings: Iterable[str], what: str) -> dict[str, str]:
    """A key for each spelling: itself where the rules of keys allow it and no other differs by case alone."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for number, spelling in enumerate(spellings, start=1):
        fits = key_fault(spelling) is None and len(spelling) <= 60 and spelling.casefold() not in taken
        found[spelling] = spelling if fits else f"{what}-{number}"
        taken.add(found[spelling].casefold())
    return found


def answer_of(variable: Variable, cell: str) -> Json:
    """A cell as an answer: the keys behind its spellings; an empty cell is the empty set, else no answer."""
    if variable.kind == "text":
        return cell or None
    keys = {value.label: value.key for value in variable.values}
    if variable.kind == "multi":
        return [keys[part] for part in cell.split(PARTED_BY)] if cell else []
    return keys[cell] if cell else None


def cell_of(variable: Variable, answer: Json) -> str:
    """The spelling that came in: the way back of `answer_of`."""
    labels = {value.key: value.label for value in variable.values}
    if isinstance(answer, list):
        return PARTED_BY.join(labels[str(key)] for key in answer)
    return labels.get(str(answer), str(answer))


def seen_values(rows: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """The cells that occur for each variable, each once, in the order of the table."""
    seen: dict[str, dict[str, None]] = {}
    for variable, cell in rows:
        seen.setdefault(variable, {})[cell] = None
    return {variable: list(cells) for variable, cells in seen.items()}


def is_coded_table(book: Codebook) -> bool:
    return book.key == KEY
