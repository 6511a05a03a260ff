from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotator.core.coded_tables import parse_level
from annotator.services.coded_tables import create_from_table
from annotator.services.label_imports import Imported, import_labels

from ._acting import lead_of, refusals_as_errors, round_named


class Command(BaseCommand):
    help = (
        "Import labels from a CSV file: article,sentence,annotator,variable,value onto units that exist; with --create"
        " a table coded elsewhere, item_id,text,annotator,variable,value, as a project of its own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project")
        parser.add_argument("file", type=Path)
        parser.add_argument("--round", help="a round that exists; without it a round “imported” is made and closed")
        parser.add_argument("--create", action="store_true", help="make the project from a table coded elsewhere")
        parser.add_argument(
            "--level",
            action="append",
            default=[],
            metavar="VAR=LEVEL",
            help="with --create: nominal (else), ordinal, ordinal:low,...,high, interval, ratio, masi, jaccard or text",
        )

    def handle(
        self, *, project: str, file: Path, round: str | None, create: bool, level: list[str], **options: object
    ) -> None:
        if (level and not create) or (create and round):
            raise CommandError("--level goes with --create, and --round does not.")
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        with refusals_as_errors():
            if create:
                done = create_from_table(slug=project, data=data, levels=dict(map(parse_level, level)))
            else:
                done = _onto_units(project, data, round)
        self.stdout.write(f"{done.labels} labels of {done.annotators} annotators are in the round “{done.round.name}”.")


def _onto_units(project: str, data: bytes, round: str | None) -> Imported:
    lead = lead_of(project)
    return import_labels(member=lead, data=data, into=round_named(lead, round) if round else None)
