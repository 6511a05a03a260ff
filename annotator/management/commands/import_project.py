from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotator.services.archives import import_archive
from projects.models import User

from ._acting import refusals_as_errors

STEP = 100_000


class Command(BaseCommand):
    told = 0
    help = "Bring in a project from a file that export_project wrote: all of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--slug", default="", help="another address than it had")
        parser.add_argument("--lead", metavar="USER", help="the account that leads it; without it invite somebody")
        parser.add_argument("--as", dest="pseudonym", default="", help="which of its leads the account is")

    def handle(self, *, file: Path, slug: str, lead: str | None, pseudonym: str, **options: object) -> None:
        user = User.objects.filter(username=lead, is_active=True).first() if lead else None
        if lead and user is None:
            raise CommandError(f"There is no account named {lead}.")
        try:
            with refusals_as_errors(), file.open("rb") as opened:
                member = import_archive(file=opened, user=user, slug=slug, lead=pseudonym, progress=self.tell)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"“{member.project.title}” is at /p/{member.project.slug}/, led by “{member.pseudonym}”.")

    def tell(self, done: int, total: int) -> None:
        """A line for every so many rows."""
        if done // STEP > self.told:
            self.told = done // STEP
            self.stdout.write(f"{done:,} of {total:,} rows")
