"""Compare labels with events and tallies with labels, or make them anew from these."""

from argparse import ArgumentParser
from collections.abc import Iterable

from django.core.management.base import BaseCommand

from annotator.services.rebuild import check_labels, rebuild_labels
from annotator.services.tallies import wrong_tallies


class Command(BaseCommand):
    help = "Replay the events, mend the labels and tallies that differ from them; with --check, only tell."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; exit with 1 when something differs.")

    def handle(self, *, check: bool, **options: object) -> None:
        labels = self._told(check_labels() if check else rebuild_labels())
        tallies = self._told(wrong_tallies(mend=not check))
        mended = "." if check else "; mended."
        if labels:
            differ = "1 label differs" if labels == 1 else f"{labels} labels differ"
            self.stdout.write(f"{differ} from the events{mended}")
        if tallies:
            differ = "1 tally differs" if tallies == 1 else f"{tallies} tallies differ"
            self.stdout.write(f"{differ} from the labels{mended}")
        if not labels and not tallies:
            self.stdout.write("Every label is what its events add up to.")
        elif check:
            raise SystemExit(1)

    def _told(self, differences: Iterable[object]) -> int:
        told = [self.stdout.write(str(difference)) for difference in differences]
        return len(told)
