from django.db import models

from projects.models import Assignment, Round, Unit

from .events import Event


class Label(models.Model):
    """One annotator's current answer to one variable on one unit: what the events add up to."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="labels")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="labels")
    variable = models.CharField(max_length=100)
    value = models.JSONField(null=True)
    version = models.PositiveIntegerField()
    last_event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    # The round of the assignment, repeated here so that a report reads one index range.
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="labels")
    # A boundary was mended under it, or a value split: the annotator is asked to confirm.
    to_confirm = models.BooleanField(default=False)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "unit", "variable"], name="label_once")]
        indexes = [models.Index(fields=["round", "variable", "unit"], name="labels_of_variable")]

    def __str__(self) -> str:
        return f"{self.assignment_id}/{self.unit_id}/{self.variable}"
