"""Serve the site: web workers and one job worker, on loopback unless told otherwise."""

import hashlib
import ipaddress
import socket
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.executor import MigrationExecutor

from annotator.server import Options, Site

# Files that come with apps of which we use the Python alone.
UNUSED = ["rest_framework"]


class Command(BaseCommand):
    help = "Serve the site with gunicorn, and work off its background jobs."
    # The checks are run below, with those of the database, which Django leaves out otherwise.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="Web processes; each serves 8 requests at a time.")
        parser.add_argument("--no-worker", action="store_true", help="Leave background jobs to other machines.")
        parser.add_argument(
            "--prepare", action="store_true", help="First bring the database up to date and make the demo project."
        )

    def handle(self, *, host: str, port: int, workers: int, no_worker: bool, prepare: bool, **options: object) -> None:
        self.refuse_unsafe(host)
        self.check(databases=[DEFAULT_DB_ALIAS])
        self.bring_up_to_date(prepare)
        collect_static()
        refuse_taken(host, port)
        if prepare:
            call_command("demo", stdout=self.stdout, stderr=self.stderr)
        connections.close_all()
        chosen = Options(host=host, port=port, workers=workers, with_jobs=not no_worker)
        Site(chosen, when_ready=lambda: self.announce(chosen)).run()

    def refuse_unsafe(self, host: str) -> None:
        """What is harmless on one's own machine is not where others can reach it."""
        if is_loopback(host):
            return
        problems = []
        if settings.DEBUG:
            problems.append("DEBUG is on: error pages would show the settings. Unset DEBUG.")
        if "*" in settings.ALLOWED_HOSTS:
            problems.append("ALLOWED_HOSTS admits every name. List the names by which this site is reached.")
        elif all(is_loopback(name) for name in settings.ALLOWED_HOSTS):
            problems.append("ALLOWED_HOSTS lists no name by which others could reach this site. Set it.")
        if len(settings.SECRET_KEY) < 32:
            problems.append("SECRET_KEY is shorter than 32 characters. Unset it, and one is made and stored.")
        if problems:
            raise CommandError(f"Not serving on {host}:\n" + "\n".join(f"- {problem}" for problem in problems))
        if not settings.HTTPS:
            self.stderr.write("Warning: HTTPS is not set, so passwords travel readable. Put a TLS proxy in front.")

    def bring_up_to_date(self, prepare: bool) -> None:
        if not unapplied():
            return
        if not prepare:
            raise CommandError("The database is not up to date. Run: python manage.py migrate")
        self.stdout.write("Bringing the database up to date ...")
        call_command("migrate", interactive=False, verbosity=0)

    def announce(self, options: Options) -> None:
        self.stdout.write(f"Serving on http://{options.bind}/ (stop with Ctrl-C)")
        self.stdout.flush()


def refuse_taken(host: str, port: int) -> None:
    """Say at once what gunicorn would say after seven seconds of trying."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            raise CommandError(
                f"Can't listen on {host}, port {port}: {error.strerror}. Is it served already? Another port:"
                f" make run PORT={port + 1}"
            ) from error


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def unapplied() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static() -> None:
    """Collect static files, unless those collected before are still the same."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    state = static_state()
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNUSED)
    stamp.write_text(state)


def static_state() -> str:
    """A hash over name, size and time of every static file of the site."""
    rows = []
    for finder in get_finders():
        for name, storage in finder.list(UNUSED):
            found = Path(storage.path(name)).stat()
            rows.append(f"{name} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()
