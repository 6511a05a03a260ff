from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.urls import reverse

from projects.models import Role
from projects.services.members import invite

from ._acting import lead_of, refusals_as_errors


class Command(BaseCommand):
    help = "Print an invitation to a project: the way in for the first lead of a project that a command made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project")
        parser.add_argument("--role", choices=Role.values, default=Role.LEAD)
        parser.add_argument("--create", action="store_true", help="make the project if there is none")
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="the address under which the site is open")

    def handle(self, *, project: str, role: str, create: bool, site: str, **options: object) -> None:
        with refusals_as_errors():
            key = invite(lead=lead_of(project, create=create), role=role)
        self.stdout.write(f"{site.rstrip('/')}{reverse('join', args=[key])}")
        self.stdout.write("For one person, for 14 days. It is not shown again.")
