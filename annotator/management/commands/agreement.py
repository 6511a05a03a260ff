from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import cast

from django.core.management.base import BaseCommand, CommandError

from annotator.core.agreement import Resample
from annotator.formats.bundle import Basis
from annotator.formats.downloads import NAMES, report_file
from annotator.queries.reports import REPLICATES, Frozen, frozen_report, newest_labelled, told
from annotator.queries.selections import Selection

from . import _ratings
from ._acting import lead_of, moment, refusals_as_errors, round_named

MOST_REPLICATES = 100_000


class Command(BaseCommand):
    help = (
        "The agreement report of a round; without --round of the newest one that has labels. With --ratings FILE"
        " that of a table from elsewhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", nargs="?")
        parser.add_argument("--round", help="its name")
        parser.add_argument("--as-of", metavar="MOMENT", help="as the round stood then, such as 2026-11-01T12:00Z")
        parser.add_argument("--variable", help="only this one; an attribution's part as KEY.source and so on")
        parser.add_argument("--replicates", type=int, default=REPLICATES, help="of the bootstrap; 0 for no interval")
        parser.add_argument("--seed", type=int)
        parser.add_argument(
            "--resample",
            choices=["units", "articles"],
            help="what is drawn for the intervals; else articles where there are ten or more",
        )
        parser.add_argument("--format", choices=sorted(NAMES), default="table")
        parser.add_argument("--out", type=Path, help="write to this file; xlsx and bundle need it")
        _ratings.add_arguments(parser)

    def handle(
        self,
        *,
        project: str | None,
        ratings: Path | None,
        round: str | None,
        as_of: str | None,
        variable: str | None,
        replicates: int,
        seed: int | None,
        resample: Resample | None,
        format: str,
        out: Path | None,
        **options: object,
    ) -> None:
        if not 0 <= replicates <= MOST_REPLICATES:
            raise CommandError(f"--replicates: choose 0 to {MOST_REPLICATES}.")
        if (project is None) == (ratings is None) or (ratings and (round or variable or as_of)):
            raise CommandError(
                "Name a project, or a file by --ratings; --round, --variable and --as-of go with a project."
            )
        with refusals_as_errors():
            if ratings:
                wishes = cast(_ratings.Wishes, options)
                made = _ratings.ratings_calculation(
                    ratings, wishes, replicates=replicates, seed=seed, resample=resample
                )
                self.stderr.write("".join(f"{doubt}\n" for doubt in made.doubts), ending="")
                found = made.frozen
            else:
                selection = Selection(
                    variables=(variable,) if variable else (), resample=(resample,) if resample else ()
                )
                at = moment(as_of)
                found = _of_round(str(project), round, selection, replicates=replicates, seed=seed, at=at)
        basis = Basis(found.annotators, found.questions, found.ratings.lines())
        content = report_file(format, found.report.as_dict(), basis).content
        if out:
            out.write_bytes(content.encode() if isinstance(content, str) else content)
        elif isinstance(content, str):
            self.stdout.write(content)
        else:
            raise CommandError(f"--format {format} is no text: name a file with --out.")


def _of_round(
    project: str, name: str | None, selection: Selection, *, replicates: int, seed: int | None, at: datetime | None
) -> Frozen:
    lead = lead_of(project)
    found = round_named(lead, name) if name else newest_labelled(lead.project_id)
    if found is None:
        raise CommandError(f"No round of {project!r} has labels yet.")
    return told(found, frozen_report(found, selection, replicates=replicates, seed=seed, at=at))
