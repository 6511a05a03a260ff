"""The site as an operator runs it: `manage.py serve` in processes of its own, on a database of its own."""

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any
from uuid import uuid4

import psycopg

from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Site:
    """Start, kill, stop. `data` is its DATA_DIR; `database_url` is empty for SQLite."""

    data: Path
    database_url: str = ""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        own = {"DJANGO_SETTINGS_MODULE": "annotator.settings", "DATA_DIR": str(self.data)}
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return kept | own | ({"DATABASE_URL": self.database_url} if self.database_url else {})

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a Python command on the site's database, such as `manage.py migrate` or `-m tests.fill`."""
        whole = [sys.executable, *command]
        return subprocess.run(whole, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        return self.run("manage.py", *command)

    def fill(self, writers: int) -> "Filled":
        """Make the tables, and a study in which as many annotators are signed in."""
        self.migrate()
        return Filled(**self.told("study", str(writers)))

    def fill_articles(self, codebook: Path, *articles: Path, hints: bool = False) -> list["Desk"]:
        """Make the tables, and a study in which the lead labels articles of which every unit is offered."""
        self.migrate()
        return [
            Desk(**made) for made in self.told("hinted" if hints else "articles", str(codebook), *map(str, articles))
        ]

    def migrate(self) -> None:
        """Make the tables by a copy of a database that has them, for that is ten times as fast."""
        if self.database_url:
            _copy_tables(self.database_url)
        else:
            shutil.copy(_empty_database(), self.data / _empty_database().name)

    def told(self, *command: str) -> Any:
        """What a command of tests/fill.py prints."""
        done = self.run("-m", "tests.fill", *command)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start(self, *options: str) -> None:
        """Start the server and wait until it says that it listens."""
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port), *options]
        log = (self.data / "serve.log").open("a")
        own_group = {"start_new_session": True}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True, **own_group
        )
        assert self.process.stdout is not None
        lines = iter(self.process.stdout.readline, "")
        assert any(line.startswith("Serving on") for line in lines), (self.data / "serve.log").read_text()

    def kill(self) -> None:
        """SIGKILL to every process at once, as a power cut would have it but for the disk's own cache."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """End the server politely; its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=30)


@dataclass(frozen=True)
class Filled:
    """What tests/fill.py made: the project, the cookie of its lead's session, and each writer's with his assignment."""

    slug: str
    lead: str
    units: list[int]
    writers: list[dict[str, str]]


@dataclass(frozen=True)
class Desk:
    """What tests/fill.py made: the project, and the assignment of an annotator who is signed in."""

    slug: str
    username: str
    assignment: str
    session: str

    @property
    def path(self) -> str:
        return f"/p/{self.slug}/code/{self.assignment}/"


@cache
def _empty_database() -> Path:
    """An SQLite database with all tables and nothing in them, made once a process."""
    folder = Path(mkdtemp(prefix="annotator-tables-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    done = Site(folder).manage("migrate", "-v0")
    assert done.returncode == 0, done.stderr
    return folder / "db.sqlite3"


@cache
def _template(server: str) -> str:
    """The name of such a database on PostgreSQL, made once a process and dropped at its end with all others."""
    name = f"tables_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    with TemporaryDirectory() as folder:
        done = Site(Path(folder), server.rpartition("/")[0] + f"/{name}").manage("migrate", "-v0")
    assert done.returncode == 0, done.stderr
    return name


def _copy_tables(url: str) -> None:
    server, name = os.environ["TEST_DATABASE_URL"], url.rpartition("/")[2]
    template = _template(server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


@contextmanager
def site(data: Path) -> Iterator[Site]:
    """A site on the kind of database that these tests run on, killed at the end whatever happens."""
    with database() as url:
        made = Site(data, url)
        try:
            yield made
        finally:
            if made.process is not None and made.process.poll() is None:
                made.kill()


@contextmanager
def database() -> Iterator[str]:
    """A new database on the server of `python -m tests.postgres`, else the empty text: SQLite."""
    server = os.environ.get("TEST_DATABASE_URL", "")
    if not server:
        yield ""
        return
    name = f"site_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield server.rpartition("/")[0] + f"/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
