from django.db import models

from .members import Membership, Project


class AuditEntry(models.Model):
    """An act that is not labelling: who did what to what, and when."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="audit_entries")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True)
    act = models.CharField(max_length=60)
    detail = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="audit_of_project")]

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d %H:%M}"
