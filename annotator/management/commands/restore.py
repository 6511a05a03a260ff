from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotator.services.backups import restore

from ._acting import refusals_as_errors


class Command(BaseCommand):
    help = "Put a backup into an empty database. Run migrate afterwards, where it is of an earlier version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: object) -> None:
        try:
            with refusals_as_errors(), file.open("rb") as opened:
                restore(opened)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"{file} is restored. Run migrate before the site is served.")
