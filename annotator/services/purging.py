"""A project removed for good, which alone lifts the guards of the database: the operator's act, and what becomes of an
archive that was refused half-way.

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

from django.conf import settings
from django.db import connection
from django.utils import timezone

from annotator.core.errors import InvalidError, NotFoundError
from annotator.models import Job
from annotator.queries.belonging import Table, children_first, hangs_on, path_to_project
from annotator.services.dataset_jobs import forget
from annotator.services.uploads import forget_all
from projects import immutable
from projects.models import Membership, Project
from projects.queries.trash import KEPT
from projects.services.transaction import write

BATCH = 25_000
PARENTS = 1_000
LOG = "purged.jsonl"


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
    forget(list(Job.objects.filter(project=project).values_list("pk", flat=True)))
    forget_all(list(Membership.objects.filter(project=project).values_list("pk", flat=True)))
    gone = remove_rows(project)
    _log(project, gone)
    return gone


def remove_rows(project: Project) -> Counter[str]:
    """Everything of a project that nobody can open; how many rows of each table went."""
    gone = Counter[str]()
    for table in children_first():
        _loosen(table, project)
        for ids in _batches(table, project):
            _remove(table, ids)
            gone[table.__name__] += len(ids)
    _remove(Project, [project.pk])
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


def _loosen(table: Table, project: Project) -> None:
    """Rows of one table that point to each other would have to go at once."""
    for key in hangs_on()[table]:
        if key.related_model is table:
            with write():
                pointing = table._base_manager.filter(
                    **{path_to_project(table): project.pk, f"{key.name}__isnull": False}
                )
                pointing.update(**{key.name: None})


def _batches(table: Table, project: Project) -> Iterator[list[int]]:
    """The ids of the project's rows, found by what they hang on: each batch is one index range."""
    key = hangs_on()[table][0]
    parent, ids = key.related_model, [project.pk]
    if parent is not Project:
        ids = list(parent._base_manager.filter(**{path_to_project(parent): project.pk}).values_list("pk", flat=True))
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
