from django.db import models

from projects.models import Membership, Project


class Snapshot(models.Model):
    """A report frozen with its input and that input's hash. Never changed, never deleted: the database refuses it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="snapshots")
    spec = models.JSONField()
    spec_sha256 = models.CharField(max_length=64)
    input_sha256 = models.CharField(max_length=64)
    result = models.JSONField()
    # The table of ratings as gzip; its own sha256 is `input_sha256`.
    ratings = models.BinaryField(null=True)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "spec_sha256", "input_sha256"], name="snapshot_once")]

    def __str__(self) -> str:
        return self.input_sha256[:12]
