from django.db import models

from projects.models import Membership, Project


class Job(models.Model):
    """Long work: its progress, its heartbeat, and what came of it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="jobs")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(max_length=40)
    spec = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict, blank=True)
    message = models.TextField(blank=True)
    cancel_asked = models.BooleanField(default=False)
    heartbeat = models.DateTimeField(null=True, blank=True)
    # Machine and process that work on it, by which a dead one is known at once.
    worker = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="jobs_of_project")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
