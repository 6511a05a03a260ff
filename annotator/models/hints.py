from django.db import models

from projects.models import Assignment, Unit


class HintEvent(models.Model):
    """What became of a hint on an annotator's screen, kept for ever: the database refuses to update or delete it."""

    class Act(models.TextChoices):
        SHOWN = "shown"
        ACCEPTED = "accepted"
        DISMISSED = "dismissed"

    uuid = models.UUIDField(unique=True)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="hint_events")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="hint_events")
    # Key and number of the lexicon; "sources" and the number of the codebook for an alias of a source.
    lexicon = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    # What it proposed: a value, a stance of the cue, or a source.
    value = models.CharField(max_length=100, blank=True)
    # In code points of the text version, end exclusive.
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    act = models.CharField(max_length=10, choices=Act)
    client_time = models.DateTimeField(null=True)
    server_time = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["assignment", "act"], name="hints_by_act")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.lexicon} {self.act}"
