"""A project removed for good: the operator's act alone, and the only one that lifts the guards of the database.

What belongs to a project is found from the models' foreign keys, so that a new table is never forgotten. Children go
before what they hang on, in batches of short transactions: the site stays in use meanwhile, and a purge that was
interrupted is finished by starting it again. A batch of a guarded table lifts its guard and puts it back in its own
transaction: whatever happens to the process, the guard is there afterwards.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from graphlib import TopologicalSorter

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import ForeignKey, Model
from django.utils import timezone

from annotator.core.errors import InvalidError, NotFoundError
from annotator.services.uploads import forget_all
from projects import immutable
from projects.models import Membership, Project
from projects.queries.trash import KEPT
from projects.services.transaction import write

BATCH = 25_000
PARENTS = 1_000
LOG = "purged.jsonl"
OURS = ("projects", "annotator")
Table = type[Model]


def purge_project(*, slug: str, typed: str = "") -> Mapping[str, int]:
    """Remove everything of a project that is in the trash for more than 30 days, or at once where `typed` is its slug.

    How many rows of each table went; one line of it is added to `purged.jsonl` in the DATA_DIR.
    """
    project = Project.objects.filter(slug=slug).first()
    if project is None:
        raise NotFoundError(f"There is no project “{slug}”.")
    _refuse_early(project, typed)
    with write():  # from here on no lead can bring it back, and what is interrupted goes on without a word more
        Project.objects.filter(pk=project.pk).update(deleted_at=timezone.now() - KEPT - timedelta(days=1))
    forget_all(list(Membership.objects.filter(project=project).values_list("pk", flat=True)))
    gone = Counter[str]()
    for table in _children_first():
        _loosen(table, project)
        for ids in _batches(table, project):
            _remove(table, ids)
            gone[table.__name__] += len(ids)
    _remove(Project, [project.pk])
    _log(project, gone)
    return gone


def _refuse_early(project: Project, typed: str) -> None:
    if project.deleted_at is None:
        raise InvalidError(f"“{project.title}” is in use. A lead has to delete it first.")
    if typed and typed != project.slug:
        raise InvalidError(f"“{typed}” is not the address of this project, “{project.slug}”. Nothing was removed.")
    if not typed and project.deleted_at > timezone.now() - KEPT:
        until = f"{project.deleted_at + KEPT:%Y-%m-%d %H:%M} UTC"
        raise InvalidError(
            f"A lead can restore “{project.title}” until {until}. Say --now {project.slug} to go before."
        )


@cache
def _hangs_on() -> Mapping[Table, Sequence[ForeignKey[Model, Model]]]:
    """For each table that belongs to projects its foreign keys to such tables, the nearest to the project first.

    One that can't be empty is nearer than one that can.
    """
    found: dict[Table, Sequence[ForeignKey[Model, Model]]] = {Project: ()}
    tables = [table for table in apps.get_models() if table._meta.app_label in OURS]
    keys = {table: [f for f in table._meta.concrete_fields if isinstance(f, ForeignKey)] for table in tables}
    for certain in (True, False):
        while new := [t for t in tables if t not in found and any(_leads(k, found, certain) for k in keys[t])]:
            found |= {t: [k for k in keys[t] if _leads(k, found, certain)] for t in new}
    return found | {
        table: [*first, *(key for key in keys[table] if key not in first and key.related_model in found)]
        for table, first in found.items()
    }


def _leads(key: ForeignKey[Model, Model], known: Mapping[Table, object], certain: bool) -> bool:
    return key.related_model in known and key.related_model != key.model and not (certain and key.null)


def _children_first() -> list[Table]:
    """Every table but that of projects, those that hang on others before these."""
    hangs = {table: {k.related_model for k in keys if k.related_model != table} for table, keys in _hangs_on().items()}
    parents_first = TopologicalSorter(hangs).static_order()
    return [table for table in reversed([*parents_first]) if table is not Project]


def _path(table: Table) -> str:
    """How a filter gets from the table to the project."""
    key = _hangs_on()[table][0]
    return key.name if key.related_model is Project else f"{key.name}__{_path(key.related_model)}"


def _loosen(table: Table, project: Project) -> None:
    """Rows of one table that point to each other would have to go at once."""
    for key in _hangs_on()[table]:
        if key.related_model is table:
            with write():
                pointing = table._base_manager.filter(**{_path(table): project.pk, f"{key.name}__isnull": False})
                pointing.update(**{key.name: None})


def _batches(table: Table, project: Project) -> Iterator[list[int]]:
    """The ids of the project's rows, found by what they hang on: each batch is one index range."""
    key = _hangs_on()[table][0]
    parent, ids = key.related_model, [project.pk]
    if parent is not Project:
        ids = list(parent._base_manager.filter(**{_path(parent): project.pk}).values_list("pk", flat=True))
    for start in range(0, len(ids), PARENTS):
        rows = table._base_manager.filter(**{f"{key.name}__in": ids[start : start + PARENTS]}).order_by()
        while some := list(rows.values_list("pk", flat=True)[:BATCH]):
            yield some


def _remove(table: Table, ids: Sequence[int]) -> None:
    with write(), _unguarded(table):
        rows = table._base_manager.filter(pk__in=ids)
        rows._raw_delete(rows.db)


@contextmanager
def _unguarded(table: Table) -> Iterator[None]:
    """Inside the caller's transaction."""
    of_table = [g for g in immutable.OF_PROJECTS + immutable.OF_ANNOTATOR if g.table == table._meta.db_table]
    immutable.remove(connection, tuple(of_table))
    yield
    if of_table and connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # no trigger can be made on a table whose keys are still to be checked
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    immutable.install(connection, tuple(of_table))


def _log(project: Project, gone: Mapping[str, int]) -> None:
    line = {"at": timezone.now().isoformat(), "project": project.slug, "title": project.title, "rows": gone}
    with (settings.DATA_DIR / LOG).open("a", encoding="utf-8") as log:
        log.write(json.dumps(line, ensure_ascii=False) + "\n")
