from django.db import models
from django.utils.translation import gettext_lazy as _

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
    """The adjudicated answer: a layer of its own that never replaces a label. Without a value there is none (yet)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decisions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="decisions")
    variable = models.CharField(max_length=100)
    value = models.JSONField(null=True)
    version = models.PositiveIntegerField()
    # A boundary was mended under it, or a value split: an adjudicator is asked to confirm.
    to_confirm = models.BooleanField(default=False)
    # Put up for discussion, until somebody decides.
    discussed = models.BooleanField(default=False)
    # The versions of the unit's labels when it was decided, summed: another sum, and they have changed since.
    labels_seen = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "unit", "variable"], name="decision_once")]
        indexes = [models.Index(fields=["round", "variable", "unit"], name="decisions_of_variable")]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.unit_id}/{self.variable}"


class DecisionEvent(models.Model):
    """One change of a decision, kept for ever like the events of labels."""

    class Act(models.TextChoices):
        DECIDE = "decide", _("decided")
        AGREED = "agreed", _("taken over, for all agreed")
        DISCUSS = "discuss", _("put up for discussion")
        UNDO = "undo", _("undone")
        CARRIED = "carried", _("carried over mended boundaries")
        MOVED = "moved", _("moved to another codebook")
        MOVED_BACK = "back", _("moved back to the codebook before")

    uuid = models.UUIDField(unique=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="events")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT)
    value = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    sequence = models.PositiveIntegerField()
    act = models.CharField(max_length=8, choices=Act, null=True)  # noqa: DJ001 added to a guarded table
    # What the decision rested on: {"labels_seen": 4, "answers": [[assignment, value], ...]}.
    basis = models.JSONField(null=True)
    to_confirm = models.BooleanField(null=True)
    # Those of one bulk act have one.
    batch = models.UUIDField(null=True, db_index=True)
    move = models.ForeignKey("CodebookMove", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    server_time = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "sequence"], name="decision_event_in_sequence")]

    def __str__(self) -> str:
        return str(self.uuid)
