from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from projects.models import User
from projects.services.passwords import link_key
from projects.services.second_factor import switch_off_second_factor


class Command(BaseCommand):
    help = "Let somebody in again who has forgotten his password, or lost the app of his second factor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name for signing in")
        act = parser.add_mutually_exclusive_group(required=True)
        act.add_argument("--password-link", action="store_true", help="print a link that sets the password")
        act.add_argument("--second-factor-off", action="store_true", help="ask for no code beside the password")
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="the address under which the site is open")

    def handle(self, *, name: str, password_link: bool, site: str, **options: object) -> None:
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no account named {name}.")
        if password_link:
            self.stdout.write(f"{site.rstrip('/')}{reverse('reset', args=[link_key(user)])}")
            self.stdout.write("It works once, within a day, and ends when the account signs in.")
        else:
            switch_off_second_factor(user=user, code=None)
            self.stdout.write(f"{name} signs in with the password alone.")
