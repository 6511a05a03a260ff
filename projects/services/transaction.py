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


def plan_anew(*models: type[Model]) -> None:
    """Tell the planner of PostgreSQL what a bulk insert has changed: its own collector comes up to a minute later."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in models:
                cursor.execute(f"ANALYZE {model._meta.db_table}")
