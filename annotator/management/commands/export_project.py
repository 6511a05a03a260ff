from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from annotator.services.archives import export_archive

from ._acting import lead_of, refusals_as_errors
from ._files import write_whole


class Command(BaseCommand):
    help = "Write everything of a project to one file, members as pseudonyms. A file that exists is replaced."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.zip")

    def handle(self, *, project: str, out: Path, **options: object) -> None:
        with refusals_as_errors():
            write_whole(out, export_archive(member=lead_of(project), operator=True))
        self.stdout.write(f"The project {project} is in {out}.")
