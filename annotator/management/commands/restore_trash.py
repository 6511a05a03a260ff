"""Bring something back from the trash, however long it has been there."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from annotator.services.trash import bring_back, restore_round
from projects.models import Article, Membership, Role, Round
from projects.services.linking import restore

from ._acting import lead_of, refusals_as_errors


class Command(BaseCommand):
    help = "Bring a deleted project back; with --round or --article that one, of a project in use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project")
        parser.add_argument("--round", help="its name")
        parser.add_argument("--article", help="its external id")

    def handle(self, *, project: str, round: str | None, article: str | None, **options: object) -> None:
        with refusals_as_errors():
            if round:
                lead = lead_of(project)
                back = restore_round(lead=lead, round_id=_thrown_round(lead, round).pk, operator=True)
                self.stdout.write(f"The round is back as “{back.name}”.")
            elif article:
                lead = lead_of(project)
                found = Article.objects.filter(project=lead.project_id, external_id=article, deleted_at__isnull=False)
                restore(member=lead, articles=[one.pk for one in found], operator=True)
                self.stdout.write("The article is back.")
            else:
                self.stdout.write(f"“{bring_back(_lead_of_deleted(project)).title}” is back.")


def _thrown_round(lead: Membership, name: str) -> Round:
    thrown = Round.with_trash.filter(project=lead.project_id, name=name, deleted_at__isnull=False)
    found = thrown.order_by("-deleted_at").first()
    if found is None:
        raise CommandError(f"There is no round {name!r} in the trash of this project.")
    return found


def _lead_of_deleted(slug: str) -> Membership:
    leads = Membership.objects.select_related("project").filter(role=Role.LEAD, left_at=None)
    found = leads.filter(project__slug=slug, project__deleted_at__isnull=False).first()
    if found is None:
        raise CommandError(f"There is no deleted project {slug!r}.")
    return found
