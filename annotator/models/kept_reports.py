from django.db import models

from projects.models import Round


class KeptReport(models.Model):
    """The newest report of a large round, kept so that its page need not wait; a later one takes its place."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="kept_reports")
    selection_sha256 = models.CharField(max_length=64)
    # Which state of the labels it was computed from.
    state = models.CharField(max_length=64)
    result = models.JSONField()
    # What the figures rest on: the table of ratings as gzip.
    ratings = models.BinaryField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "selection_sha256"], name="report_kept_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.computed_at:%Y-%m-%d %H:%M}"
