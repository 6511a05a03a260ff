"""Compare the labels with the events, or make them anew from these."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from annotator.services.rebuild import check_labels, rebuild_labels


class Command(BaseCommand):
    help = "Replay the events and mend the labels that differ from them; with --check, only tell."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; exit with 1 when a label differs.")

    def handle(self, *, check: bool, **options: object) -> None:
        count = 0
        for difference in check_labels() if check else rebuild_labels():
            self.stdout.write(str(difference))
            count += 1
        if not count:
            self.stdout.write("Every label is what its events add up to.")
            return
        labels = "1 label differs" if count == 1 else f"{count} labels differ"
        self.stdout.write(f"{labels} from the events{'.' if check else '; mended.'}")
        if check:
            raise SystemExit(1)
