"""Remove a deleted project for good."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from annotator.services.purging import purge_project

from ._acting import refusals_as_errors


class Command(BaseCommand):
    help = "Remove everything of a project that is in the trash for more than 30 days. Nothing brings it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project")
        parser.add_argument("--now", metavar="PROJECT", default="", help="its address once more: before the 30 days")

    def handle(self, *, project: str, now: str, **options: object) -> None:
        with refusals_as_errors():
            gone = purge_project(slug=project, typed=now)
        self.stdout.write(
            f"{project} is gone: {sum(gone.values()):,} rows, {gone.get('Label', 0):,} labels among them."
        )
