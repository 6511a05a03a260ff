"""An archive read into the database, as a project that nobody can open before all of it is there."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import DateField, DateTimeField, Field, ForeignKey, Model
from django.utils import timezone

from annotator.core.errors import InvalidError
from annotator.formats.project_archive import Archive, Row, file_name
from annotator.queries.belonging import Table
from projects.models import Project
from projects.services.transaction import write

from .finishing import FINISH
from .references import ARRIVED, INSIDE
from .tables import FEW, PARTS, ROWS, fields_of, project_key

EARLIEST, LATEST = 1970, 9998
UNFIT = (ValidationError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a forged value may raise."""
Progress = Callable[[int, int], None]
"""Told how many rows are stored, and of how many."""


class _LaterError(Exception):
    """A row is named that isn't stored yet."""


@dataclass(frozen=True)
class _Due:
    """What a field of a row is set to once all rows are there."""

    table: Table
    number: int
    field: "Field[Any, Any]"
    value: Any


@dataclass
class Loading:
    """What is stored so far: the ids of each table by the numbers of the rows, and what is still to be set."""

    archive: Archive
    project: Project
    progress: Progress
    most_unpacked: int | None = None
    """Bytes that may come of all packed fields together."""
    unpacked: int = 0
    ids: dict[Table, "array[int]"] = field(default_factory=dict)
    due: list[_Due] = field(default_factory=list)
    stored: int = 0

    def load(self) -> None:
        self.ids[Project] = array("q", [self.project.pk])
        for part, table in PARTS.items():
            if table is not Project:
                self._load(part, table)
        self._set_due()

    def id(self, table: Table, number: int) -> int:
        """The id of a row by its number; 0 stays 0. Raises _LaterError where it isn't stored yet."""
        ids = self.ids.get(table, ())
        if type(number) is int and 0 <= number <= len(ids):
            return ids[number - 1] if number else 0
        part = next(name for name, archived in PARTS.items() if archived is table)
        if type(number) is int and 0 < number <= self.archive.rows_of[part]:
            raise _LaterError
        raise ValueError(f"there is no line {str(number)[:20]} in {file_name(part)}")

    def _load(self, part: str, table: Table) -> None:
        self.ids[table] = array("q")
        rows = map(Maker(self, part).made, enumerate(self.archive.rows(part), start=1))
        while some := list(islice(rows, FEW.get(table, ROWS))):
            with write():
                self.ids[table].extend(insert(table, some))
            self.stored += len(some)
            self.progress(self.stored, sum(self.archive.rows_of.values()))

    def _set_due(self) -> None:
        waiting = iter(self.due)
        while some := list(islice(waiting, ROWS)):
            with write():
                for one in some:
                    try:
                        value = _reader(one.field, self.id)(one.value)
                    except UNFIT as error:
                        part = next(name for name, table in PARTS.items() if table is one.table)
                        raise _unfit(part, one.number, one.field.name, error) from error
                    row = one.table._base_manager.filter(pk=self.ids[one.table][one.number - 1])
                    row.update(**{one.field.attname: value})


class Maker:
    """Makes the rows of one part, not stored yet."""

    def __init__(self, loading: Loading, part: str) -> None:
        self._loading, self._part, self._table = loading, part, PARTS[part]
        self._fields = {one.name: (one, _reader(one, loading.id)) for one in fields_of(self._table)}
        columns = self._table._meta.concrete_fields
        self._said = {one.attname: one.get_default() for one in columns if one.name not in self._fields}
        if (own := project_key(self._table)) is not None:
            self._said[own] = loading.project.pk
        self._columns = [one.attname for one in columns]
        # An earlier program may not have had these fields.
        self._later = {name: one.get_default() for name, (one, _) in self._fields.items() if _may_be_absent(one)}

    def made(self, numbered: tuple[int, Row]) -> Model:
        number, row = numbered
        where = f"{file_name(self._part)}, line {number}"
        if row.keys() != self._fields.keys():
            row = self._later | row
            if odd := sorted(row.keys() ^ self._fields.keys()):
                raise InvalidError(f"{where}: “{odd[0][:40]}” is missing, or only known to a newer program.")
        said = dict(self._said)
        name = ""
        try:
            for name, (one, read) in self._fields.items():
                try:
                    said[one.attname] = read(row[name])
                except _LaterError:
                    self._loading.due.append(_Due(self._table, number, one, row[name]))
                    said[one.attname] = None if one.null else {} if isinstance(row[name], dict) else 0
            made = self._table(*[said[column] for column in self._columns])
            if self._table in FINISH:
                name = "the whole line"
                self._loading.unpacked += FINISH[self._table](made) or 0
                most = self._loading.most_unpacked
                if most is not None and self._loading.unpacked > most:
                    raise ValueError(f"more than {most:,} bytes are packed in it and those before")
        except UNFIT as error:
            raise _unfit(self._part, number, name, error) from error
        return made


def _unfit(part: str, number: int, name: str, error: Exception) -> InvalidError:
    told = error.messages[0] if isinstance(error, ValidationError) else str(error)
    return InvalidError(f"{file_name(part)}, line {number}: “{name}” can’t be as it is there ({told[:200]}).")


def project_of(archive: Archive, slug: str) -> Project:
    """The project as it will be, not stored yet, with the address `slug` where one is given."""
    rows = list(archive.rows("project"))
    if len(rows) != 1:
        raise InvalidError(f"{file_name('project')} has {len(rows)} lines; one is right.")
    loading = Loading(archive, Project(), lambda done, total: None)
    made = Maker(loading, "project").made((1, rows[0] | ({"slug": slug} if slug else {})))
    assert isinstance(made, Project)
    return made


def insert(table: Table, rows: Sequence[Model]) -> Iterator[int]:
    """Store rows as they are, and give their ids, ascending.

    Django's bulk_create would put the present moment into every field that notes when a row was made: only what it is
    made of itself can be told that the rows are raw.
    """
    fields = [one for one in table._meta.concrete_fields if not one.primary_key]
    at_once = connection.ops.bulk_batch_size(fields, rows)
    for start in range(0, len(rows), at_once):
        some = rows[start : start + at_once]
        found = table._base_manager.all()._insert(some, fields, [table._meta.pk], raw=True)  # type: ignore[attr-defined]
        yield from (pk for (pk,) in found)


def _as_it_is(value: Any) -> Any:
    return value


def _reader(one: "Field[Any, Any]", to: Callable[[Table, int], int]) -> Callable[[Any], Any]:
    name = f"{one.model.__name__}.{one.name}"
    if name in INSIDE:
        inside, arrived = INSIDE[name], ARRIVED.get(name, _as_it_is)
        return lambda value: _emptied(one) if value is None else arrived(inside(value, to))
    if isinstance(one, ForeignKey):
        table = one.related_model
        return lambda value: (None if value is None else to(table, value)) or _emptied(one)
    choices = {value for value, _ in one.flatchoices}

    def read(value: Any) -> Any:
        if value is None:
            return _emptied(one)
        found = one.to_python(value)
        one.run_validators(found)
        if choices and found not in choices and found != "":
            raise ValueError(f"{str(found)[:40]} is not one of {', '.join(map(str, sorted(choices)))}")
        if isinstance(one, DateTimeField) and timezone.is_naive(found):
            raise ValueError("a moment without its offset")
        if isinstance(one, DateField) and not EARLIEST <= found.year <= LATEST:
            raise ValueError(f"the year {found.year}")
        if one.default in (dict, list) and not isinstance(found, one.default):
            raise ValueError("another kind of JSON")
        return found

    return read


def _may_be_absent(one: "Field[Any, Any]") -> bool:
    return one.null or one.has_default() or (one.blank and one.empty_strings_allowed)


def _emptied(one: "Field[Any, Any]") -> object:
    if not one.null:
        raise ValueError("it is empty")
    return None
