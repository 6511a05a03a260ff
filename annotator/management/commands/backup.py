from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from annotator.services.backups import backup

from ._acting import refusals_as_errors
from ._files import write_whole


class Command(BaseCommand):
    help = "Write the whole site, accounts included, to one file; it may be in use. A file that exists is replaced."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: object) -> None:
        with refusals_as_errors():
            # It holds what people sign in with.
            write_whole(file, backup(), mode=0o600)
        self.stdout.write(f"The site is in {file}.")
