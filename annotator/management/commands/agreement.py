from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from annotator.formats.reports import REPORT_FORMATS
from annotator.queries.reports import REPLICATES, agreement_report, newest_labelled

from ._acting import lead_of, refusals_as_errors, round_named

MOST_REPLICATES = 100_000


class Command(BaseCommand):
    help = "The agreement report of a round; without --round of the newest one that has labels."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project")
        parser.add_argument("--round", help="its name")
        parser.add_argument("--variable", help="only this one; an attribution's part as KEY.source and so on")
        parser.add_argument("--replicates", type=int, default=REPLICATES, help="of the bootstrap; 0 for no interval")
        parser.add_argument("--seed", type=int)
        parser.add_argument("--format", choices=sorted(REPORT_FORMATS), default="table")

    def handle(
        self,
        *,
        project: str,
        round: str | None,
        variable: str | None,
        replicates: int,
        seed: int | None,
        format: str,
        **options: object,
    ) -> None:
        if not 0 <= replicates <= MOST_REPLICATES:
            raise CommandError(f"--replicates: choose 0 to {MOST_REPLICATES}.")
        lead = lead_of(project)
        found = round_named(lead, round) if round else newest_labelled(lead.project_id)
        if found is None:
            raise CommandError(f"No round of {project!r} has labels yet.")
        with refusals_as_errors():
            report = agreement_report(found, variable=variable, replicates=replicates, seed=seed)
        self.stdout.write(REPORT_FORMATS[format].write(report.as_dict()))
