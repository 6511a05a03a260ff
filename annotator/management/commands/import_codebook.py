from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from projects.services.codebooks import import_codebook

from ._acting import lead_of, refusals_as_errors


class Command(BaseCommand):
    help = "Import the JSON document of a codebook; it is published unless --draft is given."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project")
        parser.add_argument("file", type=Path)
        parser.add_argument("--draft", action="store_true")
        parser.add_argument("--create", action="store_true", help="make the project if there is none")

    def handle(self, *, project: str, file: Path, draft: bool, create: bool, **options: object) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        with refusals_as_errors():
            version = import_codebook(member=lead_of(project, create=create), data=data, draft=draft)
        self.stdout.write(f"Codebook version {version.number} is {version.state}.")
