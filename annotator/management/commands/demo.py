from django.core.management.base import BaseCommand

from annotator.services.demo import make_demo

from ._acting import refusals_as_errors


class Command(BaseCommand):
    help = "Make the demo project; a second call changes nothing and prints its sign-in again."

    def handle(self, **options: object) -> None:
        with refusals_as_errors():
            demo = make_demo()
        self.stdout.write("The demo project is at /p/demo/. Sign in with the password")
        self.stdout.write(f"\n    {demo.password}\n")
        self.stdout.write(f"\nas {demo.lead} (project lead) or {', '.join(demo.annotators)} (annotators).")
