"""Send the e-mail of the day to everybody who wants one. Run it once a day."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from annotator.services.notice_mail import send_digests


class Command(BaseCommand):
    help = "Send one e-mail with what is new to each person who wants that once a day. Run it daily."

    def handle(self, **options: object) -> None:
        if not settings.EMAIL_CONFIGURED:
            raise CommandError("No e-mail is configured: set EMAIL_URL.")
        self.stdout.write(f"E-mails sent: {send_digests()}")
