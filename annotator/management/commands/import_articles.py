from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotator.services.article_imports import Request, import_files

from ._acting import lead_of, refusals_as_errors


class Command(BaseCommand):
    help = "Import articles from files of any supported format; all of them or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project")
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--create", action="store_true", help="make the project if there is none")
        parser.add_argument("--encoding", help="of the files, where they are not UTF-8")
        parser.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD", help="a column of a table")
        parser.add_argument("--codable", help="kinds of unit offered for labelling, parted by commas, or all")

    def handle(
        self,
        *,
        project: str,
        files: list[Path],
        create: bool,
        encoding: str | None,
        map: list[str],
        codable: str | None,
        **options: object,
    ) -> None:
        kinds = [kind.strip() for kind in codable.split(",")] if codable else None
        columns = dict(_pair(entry) for entry in map) or None
        with refusals_as_errors():
            requests = [
                Request(file.name, _bytes(file), encoding=encoding, mapping=columns, codable=kinds) for file in files
            ]
            number = import_files(member=lead_of(project, create=create), requests=requests)
        self.stdout.write(f"{number} articles came in.")


def _pair(entry: str) -> tuple[str, str]:
    column, sign, field = entry.partition("=")
    if not sign:
        raise CommandError(f"--map {entry}: write COLUMN=FIELD, such as --map headline=title.")
    return column, field


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
