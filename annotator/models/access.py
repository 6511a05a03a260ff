from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models import Membership, Round


class AccessEntry(models.Model):
    """That a member was served others' answers of a round: one row a member, round, thing and day (UTC)."""

    class What(models.TextChoices):
        REPORT = "report", _("agreement")
        SNAPSHOT = "snapshot", _("a kept report")
        ANSWERS = "answers", _("single answers")
        DATASET = "dataset", _("a dataset")
        HINTS = "hints", _("the log of hints")
        NOTES = "notes", _("notes of others")
        QUEUE = "queue", _("the adjudication queue")
        OVERVIEW = "overview", _("figures of the overview")

    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="access_entries")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="access_entries")
    what = models.CharField(max_length=12, choices=What)
    day = models.DateField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "member", "what", "day"], name="access_once_a_day"),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.member_id} {self.what} {self.round_id} {self.day}"
