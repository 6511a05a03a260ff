from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotator.core.annotated import Plan, plan_from_json, plan_to_json
from annotator.core.codebook import CodebookError, Json, load
from annotator.core.errors import InvalidError
from annotator.services.elsewhere_reviews import Export, Review, proposed_plan, read_export, review, storable
from annotator.services.elsewhere_storing import store
from projects.models import Membership

from ._acting import lead_of, refusals_as_errors


class Command(BaseCommand):
    help = (
        "Import documents that were annotated in another tool: an export of Label Studio, doccano, brat, INCEpTION or"
        " WebAnno, Potato, Prodigy, or a coded table. See docs/coming-from-other-tools.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project")
        parser.add_argument("file", type=Path)
        parser.add_argument("--create", action="store_true", help="make the project where there is none")
        parser.add_argument("--map", type=Path, metavar="FILE.json", help="the mapping; without it what is proposed")
        parser.add_argument("--dry-run", action="store_true", help="store nothing; print the mapping and the counts")

    def handle(
        self, *, project: str, file: Path, create: bool, map: Path | None, dry_run: bool, **options: object
    ) -> None:
        with refusals_as_errors():
            lead = lead_of(project, create=create)
            export = read_export(member=lead, name=file.name, data=_bytes(file))
            plan = proposed_plan(member=lead, export=export)
            if map:
                plan = plan_from_json(_mapping(map), plan)
            if dry_run:
                self._tell(export, plan, review(member=lead, export=export, plan=plan))
            else:
                self._store(lead, export, plan)

    def _store(self, lead: Membership, export: Export, plan: Plan) -> None:
        done = store(member=lead, review=storable(member=lead, export=export, plan=plan))
        self.stdout.write(
            f"{done.labels} labels of {done.annotators} annotators are in the round “{done.round.name}”;"
            f" {done.articles} articles and {done.questions} questions are new."
        )
        for what, number in done.lost.items():
            self.stdout.write(f"Left out: {number} {what}.")

    def _tell(self, export: Export, plan: Plan, found: Review) -> None:
        """The mapping goes to standard output, so that it can be kept and edited; the rest to standard error."""
        self.stdout.write(plan_to_json(plan), ending="")
        self.stderr.write(
            f"{export.read.tool}: {len(export.read.documents)} documents ({found.homes.new} new), {len(found.answers)}"
            f" labels, {len(found.questions)} new questions. Nothing was stored."
        )
        for what, number in found.lost.items():
            self.stderr.write(f"Left out: {number} {what}.")
        for problem in found.problems:
            self.stderr.write(problem)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error


def _mapping(file: Path) -> dict[str, Json]:
    try:
        return load(_bytes(file))
    except CodebookError as error:
        raise InvalidError(f"{file}: {error}") from error
