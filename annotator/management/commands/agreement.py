from argparse import ArgumentParser
from pathlib import Path
from typing import cast

from django.core.management.base import BaseCommand, CommandError

from annotator.formats.reports import REPORT_FORMATS
from annotator.queries.reports import REPLICATES, Report, agreement_report, newest_labelled

from . import _ratings
from ._acting import lead_of, refusals_as_errors, round_named

MOST_REPLICATES = 100_000


class Command(BaseCommand):
    help = (
        "The agreement report of a round; without --round of the newest one that has labels. With --ratings FILE"
        " that of a table from elsewhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", nargs="?")
        parser.add_argument("--round", help="its name")
        parser.add_argument("--variable", help="only this one; an attribution's part as KEY.source and so on")
        parser.add_argument("--replicates", type=int, default=REPLICATES, help="of the bootstrap; 0 for no interval")
        parser.add_argument("--seed", type=int)
        parser.add_argument("--format", choices=sorted(REPORT_FORMATS), default="table")
        _ratings.add_arguments(parser)

    def handle(
        self,
        *,
        project: str | None,
        ratings: Path | None,
        round: str | None,
        variable: str | None,
        replicates: int,
        seed: int | None,
        format: str,
        **options: object,
    ) -> None:
        if not 0 <= replicates <= MOST_REPLICATES:
            raise CommandError(f"--replicates: choose 0 to {MOST_REPLICATES}.")
        if (project is None) == (ratings is None) or (ratings and (round or variable)):
            raise CommandError("Name a project, or a file by --ratings; --round and --variable go with a project.")
        with refusals_as_errors():
            if ratings:
                wishes = cast(_ratings.Wishes, options)
                made = _ratings.ratings_calculation(ratings, wishes, replicates=replicates, seed=seed)
                self.stderr.write("".join(f"{doubt}\n" for doubt in made.doubts), ending="")
                report = made.report
            else:
                report = _of_round(str(project), round, variable=variable, replicates=replicates, seed=seed)
        self.stdout.write(REPORT_FORMATS[format].write(report.as_dict()))


def _of_round(project: str, name: str | None, *, variable: str | None, replicates: int, seed: int | None) -> Report:
    lead = lead_of(project)
    found = round_named(lead, name) if name else newest_labelled(lead.project_id)
    if found is None:
        raise CommandError(f"No round of {project!r} has labels yet.")
    return agreement_report(found, variable=variable, replicates=replicates, seed=seed)
