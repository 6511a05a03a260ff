"""The whole site as one file, while it is in use, and back into an empty database. The operator's act.

The database is copied by its own program: SQLite's backup, pg_dump. What was uploaded and not read yet is copied too.
Keys are not: whoever finds a backup can't sign anything with it.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from annotator import NAME, VERSION
from annotator.core.errors import InvalidError
from annotator.formats.zipped import File, zip_pieces
from annotator.services.uploads import FOLDER
from projects.models import User

FORMAT, FORM = "annotator-backup", 1
MANIFEST, DATABASE = "manifest.json", "database"
PIECE = 1024 * 1024
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError),
    *(KeyError, TypeError, AttributeError, ValueError),
)


def backup() -> Iterator[bytes]:
    """The bytes of the file."""
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="backup-") as folder:
        copy = Path(folder) / DATABASE
        _copy_database(copy)
        yield from zip_pieces(_files(copy), large=True)


def _files(copy: Path) -> Iterator[File]:
    written: dict[str, str] = {}
    with copy.open("rb") as file:
        yield DATABASE, _noted(file, DATABASE, written)
    for name in sorted(_uploads()):
        with default_storage.open(f"{FOLDER}/{name}") as file:
            yield f"{FOLDER}/{name}", _noted(file, f"{FOLDER}/{name}", written)
    about = {
        "format": FORMAT,
        "version": FORM,
        "software": f"{NAME} {VERSION}",
        "database": connection.vendor,
        "migrations": sorted(map(list, MigrationLoader(connection).applied_migrations)),
        "sha256": written,
    }
    yield MANIFEST, [json.dumps(about, indent=1).encode()]


def _noted(file: IO[bytes], name: str, written: dict[str, str]) -> Iterator[bytes]:
    """The pieces of a file; once they are read its hash is in `written`."""
    sha256 = hashlib.sha256()
    while piece := file.read(PIECE):
        sha256.update(piece)
        yield piece
    written[name] = sha256.hexdigest()


def _uploads() -> list[str]:
    return default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []


def restore(file: IO[bytes]) -> None:
    """Put a backup into the database of this site, which has to be empty: without accounts, or not made yet."""
    if User._meta.db_table in connection.introspection.table_names() and User.objects.exists():
        raise InvalidError("This database is in use: it has accounts. A backup goes into an empty one only.")
    try:
        with zipfile.ZipFile(file) as archive, tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
            about = _manifest(archive)
            for name in about["sha256"]:
                _unpack(archive, name, Path(folder), about["sha256"][name])
            _restore_database(Path(folder) / DATABASE)
            for name in about["sha256"].keys() - {DATABASE}:
                with (Path(folder) / name).open("rb") as upload:
                    default_storage.save(name, upload)
    except _BROKEN as error:
        raise InvalidError("This file is no backup, or it is damaged. Nothing was restored.") from error


def _manifest(archive: zipfile.ZipFile) -> Mapping[str, Any]:
    about: Mapping[str, Any] = json.loads(archive.read(MANIFEST))
    if about["format"] != FORMAT or about["version"] != FORM or DATABASE not in about["sha256"]:
        raise InvalidError("This file is no backup that this version of the program reads.")
    if about["database"] != connection.vendor:
        raise InvalidError(
            f"This backup is of a {about['database']} database; this site uses {connection.vendor}. Single projects"
            " can be taken along by export_project and import_project."
        )
    known = MigrationLoader(None).disk_migrations
    if strange := [name for name in map(tuple, about["migrations"]) if name not in known]:
        raise InvalidError(
            f"This backup was made by a newer version of the program ({about['software']}), or one with other extras:"
            f" {'.'.join(strange[0])} is not known here."
        )
    return about


def _unpack(archive: zipfile.ZipFile, name: str, folder: Path, sha256: str) -> None:
    if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute():
        raise ValueError(name)
    written: dict[str, str] = {}
    (folder / name).parent.mkdir(exist_ok=True)
    with archive.open(name) as packed, (folder / name).open("wb") as file:
        file.writelines(_noted(packed, name, written))
    if written[name] != sha256:
        raise ValueError(name)


def _copy_database(to: Path) -> None:
    if connection.vendor == "postgresql":
        _run_postgres("pg_dump", "--format=custom", "--no-owner", f"--file={to}")
        return
    with closing(_sqlite()) as ours, closing(sqlite3.connect(to)) as copy:
        ours.backup(copy)


def _restore_database(copy: Path) -> None:
    if connection.vendor == "postgresql":
        name = str(connection.settings_dict["NAME"])
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
        _run_postgres("pg_restore", *options, f"--dbname={name}", str(copy))
        return
    connection.close()
    with closing(sqlite3.connect(copy)) as kept, closing(_sqlite()) as ours:
        kept.backup(ours)


def _sqlite() -> sqlite3.Connection:
    return sqlite3.connect(connection.settings_dict["NAME"])


def _run_postgres(program: str, *options: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise InvalidError(f"{program} is not installed on this machine. It comes with the PostgreSQL client.")
    ours = connection.settings_dict
    named = {"PGHOST": ours["HOST"], "PGPORT": ours["PORT"], "PGUSER": ours["USER"], "PGPASSWORD": ours["PASSWORD"]}
    named |= {"PGDATABASE": ours["NAME"]}
    environment = os.environ | {name: str(value) for name, value in named.items() if value}
    done = subprocess.run([found, *options], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InvalidError(f"{program} failed: {done.stderr.strip()[:500]}")
