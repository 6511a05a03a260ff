"""Start-up checks: databases that would lose acknowledged labels are refused."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection

NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs"}


def file_system_of(path: Path, mounts: str) -> str:
    """The type of the file system that holds `path`, from the text of /proc/mounts."""
    best, kind = "", ""
    for line in mounts.splitlines():
        _, point, fs, *_ = line.split()
        if path.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, fs
    return kind


@register()
def sqlite_not_on_a_share(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """SQLite's write-ahead log needs shared memory, which network file systems lack."""
    mounts = Path("/proc/mounts")
    if connection.vendor != "sqlite" or not mounts.exists():
        return []
    kind = file_system_of(settings.DATA_DIR.resolve(), mounts.read_text())
    if kind not in NETWORK_FILE_SYSTEMS:
        return []
    return [
        Warning(
            f"DATA_DIR lies on a network share ({kind}); SQLite can lose data there.",
            hint="Set DATA_DIR to a local disk, or DATABASE_URL to a PostgreSQL database.",
            id="annotator.W001",
        )
    ]


@register(Tags.database)
def postgresql_is_durable(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    if not databases or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(DURABLE)])
        return [
            Error(f"PostgreSQL runs with {name} = off: a crash would lose saved labels.", id="annotator.E001")
            for name, setting in cursor.fetchall()
            if setting == "off"
        ]


DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
