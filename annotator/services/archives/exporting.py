"""A project written into an archive, table by table, as it stood at one moment."""

from array import array
from base64 import b64encode
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BinaryField, DateField, DateTimeField, Field, ForeignKey, QuerySet, UUIDField

from annotator.formats.project_archive import Part, Row
from annotator.queries.belonging import Table, path_to_project
from projects.models import Project

from .references import INSIDE
from .tables import FEW, KEPT, PARTS, ROWS, fields_of

IDS_AT_ONCE = 20_000


class Numbers:
    """The ids of a project's rows in ascending order; the number of a row is its place, from 1."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._ids: dict[Table, array[int]] = {}

    def ids(self, table: Table) -> "array[int]":
        if table not in self._ids:
            found = self._rows(table).order_by("pk").values_list("pk", flat=True)
            self._ids[table] = array("q", found.iterator(chunk_size=IDS_AT_ONCE))
        return self._ids[table]

    def number(self, table: Table, pk: int) -> int:
        """0 where there is no such row (any more)."""
        ids = self.ids(table)
        place = bisect_left(ids, pk)
        return place + 1 if place < len(ids) and ids[place] == pk else 0

    def _rows(self, table: Table) -> "QuerySet[Any]":
        if table is Project:
            return Project.objects.filter(pk=self._project.pk)
        rows = table._base_manager.filter(**{path_to_project(table): self._project.pk})
        return rows.filter(KEPT[table]) if table in KEPT else rows


def parts(project: Project) -> Iterator[Part]:
    numbers = Numbers(project)
    for name, table in PARTS.items():
        yield name, _rows(table, numbers)


def _rows(table: Table, numbers: Numbers) -> Iterator[Row]:
    writers = {field.name: _writer(field, numbers) for field in fields_of(table)}
    columns = [field.attname for field in fields_of(table)]
    ids = numbers.ids(table)
    at_once = FEW.get(table, ROWS)
    for start in range(0, len(ids), at_once):
        found = table._base_manager.filter(pk__in=list(ids[start : start + at_once])).order_by("pk")
        for values in found.values_list(*columns):
            yield _row(writers, values)


def _row(writers: Mapping[str, Callable[[Any], Any]], values: Sequence[Any]) -> Row:
    return {
        name: None if value is None else write(value)
        for (name, write), value in zip(writers.items(), values, strict=True)
    }


def _writer(field: "Field[Any, Any]", numbers: Numbers) -> Callable[[Any], Any]:
    inside = INSIDE.get(f"{field.model.__name__}.{field.name}")
    if inside is not None:
        return lambda value: inside(value, numbers.number)
    if isinstance(field, ForeignKey):
        table = field.related_model
        return lambda value: numbers.number(table, value)
    return next((write for kind, write in _WRITERS.items() if isinstance(field, kind)), _as_it_is)


def _as_it_is(value: Any) -> Any:
    return value


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def _day(value: date) -> str:
    return value.isoformat()


def _bytes(value: bytes | memoryview) -> str:
    return b64encode(value).decode()


def _uuid(value: UUID) -> str:
    return str(value)


# A field of moments is one of days, too.
_WRITERS: Mapping[type, Callable[[Any], Any]] = {
    DateTimeField: _moment,
    DateField: _day,
    BinaryField: _bytes,
    UUIDField: _uuid,
}
