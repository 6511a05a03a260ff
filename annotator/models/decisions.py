from django.db import models

from projects.models import Membership, Round, Unit


class QueuedUnit(models.Model):
    """A unit that somebody put up for adjudication, and on which question."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="queued_units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="queued")
    # The key of a variable, or of a part of an attribution ("x.source").
    variable = models.CharField(max_length=100)
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="queued_units")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "unit", "variable"], name="queued_once")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.unit_id}/{self.variable}"


class Decision(models.Model):
    """The adjudicated answer: a layer of its own that never replaces a label."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decisions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="decisions")
    variable = models.CharField(max_length=100)
    value = models.JSONField(null=True)
    version = models.PositiveIntegerField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "unit", "variable"], name="decision_once")]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.unit_id}/{self.variable}"


class DecisionEvent(models.Model):
    """One change of a decision, kept for ever like the events of labels."""

    uuid = models.UUIDField(unique=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="events")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT)
    value = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    sequence = models.PositiveIntegerField()
    server_time = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "sequence"], name="decision_event_in_sequence")]

    def __str__(self) -> str:
        return str(self.uuid)
