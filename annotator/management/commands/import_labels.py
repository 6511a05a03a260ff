from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotator.services.label_imports import import_labels

from ._acting import lead_of, refusals_as_errors, round_named


class Command(BaseCommand):
    help = "Import labels from a CSV file onto units that exist: article,sentence,annotator,variable,value."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project")
        parser.add_argument("file", type=Path)
        parser.add_argument("--round", help="a round that exists; without it a round “imported” is made and closed")

    def handle(self, *, project: str, file: Path, round: str | None, **options: object) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        with refusals_as_errors():
            lead = lead_of(project)
            into = round_named(lead, round) if round else None
            done = import_labels(member=lead, data=data, into=into)
        self.stdout.write(f"{done.labels} labels of {done.annotators} annotators are in the round “{done.round.name}”.")
