"""The one place where a write transaction begins.

PostgreSQL needs nothing special. SQLite has one writer at a time, and its busy wait is an unfair poll: under 32
writers without pause the slowest per cent waited 4 s. A file lock is fair: 1 s. Transactions are never nested
(`durable`): a service that called another one inside its own would hold the lock while it thinks.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model


@contextmanager
def write() -> Iterator[None]:
    """A short transaction that may write. Read and check what you can before it."""
    if connection.vendor != "sqlite":
        with transaction.atomic(durable=True):
            yield
        return
    with (settings.DATA_DIR / "write.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with transaction.atomic(durable=True):
            yield


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside stands as it stood at the first read, whatever is written meanwhile. Nobody waits for it.

    Django's own transactions would not do: they take the write lock of SQLite, and PostgreSQL would see each new row.
    """
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def plan_anew(*models: type[Model]) -> None:
    """Tell the planner of PostgreSQL what a bulk insert has changed: its own collector comes up to a minute later."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in models:
                cursor.execute(f"ANALYZE {model._meta.db_table}")
