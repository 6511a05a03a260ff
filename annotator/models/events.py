from django.db import models

from projects.models import Assignment, Unit


class Event(models.Model):
    """One change of a label, kept for ever: the database refuses to update or delete it."""

    uuid = models.UUIDField(unique=True)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="events")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="events")
    variable = models.CharField(max_length=100)
    # SQL NULL = the answer was taken back.
    value = models.JSONField(null=True)
    base_version = models.PositiveIntegerField()
    sequence = models.PositiveIntegerField()
    # Null where the annotator chose. Set where a mended boundary carried the answer over from an earlier unit: whether
    # he is asked to confirm it. It isn't a choice of his, and an undo of the mending may replace it.
    to_confirm = models.BooleanField(null=True)
    # Set where a later version of the codebook changed the answer, or the undo of it; `to_confirm` is never null then.
    move = models.ForeignKey("CodebookMove", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    # Set where a lead put the answer back as it once stood, or undid that; `to_confirm` is never null then.
    restore = models.ForeignKey("LabelRestore", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    # Active milliseconds, idle ones not counted, since the annotator's choice before: on this unit, and on others.
    active_ms = models.PositiveIntegerField(null=True)
    elsewhere_ms = models.PositiveIntegerField(null=True)
    client_time = models.DateTimeField(null=True)
    server_time = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "unit", "variable", "sequence"], name="event_in_sequence")
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.uuid)
