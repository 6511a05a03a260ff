from django.db import models
from django.utils.translation import gettext_lazy as _

from .articles import TextVersion
from .codebooks import CodebookVersion
from .members import Membership, Project


class Round(models.Model):
    class Purpose(models.TextChoices):
        TRAINING = "training", _("training")
        PILOT = "pilot", _("pilot")
        RELIABILITY = "reliability", _("reliability")
        MAIN = "main", _("main")
        RETEST = "retest", _("retest")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=100)
    purpose = models.CharField(max_length=12, choices=Purpose)
    codebook_version = models.ForeignKey(CodebookVersion, on_delete=models.PROTECT, related_name="rounds")
    # While a blind round is open, nobody who annotates in it sees another's label, note or agreement.
    blind = models.BooleanField(default=True)
    # Whether the coding screen keeps who published and who wrote an article from its annotators.
    hide_outlet = models.BooleanField(default=False)
    hide_byline = models.BooleanField(default=False)
    # Whether terms of the project's lexicons are underlined for those who annotate.
    hints = models.BooleanField(default=False)
    overlap = models.PositiveIntegerField(default=1, help_text=_("Annotators an article."))
    seed = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="round_name_in_project")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """One annotator's share: one article in one round."""

    class Kind(models.TextChoices):
        LABELS = "labels"
        GOLD = "gold"

    class State(models.TextChoices):
        WAITING = "waiting"
        STARTED = "started"
        DONE = "done"
        RELEASED = "released"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assignments")
    text_version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="assignments")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="assignments")
    occasion = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.LABELS)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    units_done = models.PositiveIntegerField(default=0)
    units_total = models.PositiveIntegerField(default=0)
    # How long the annotator has worked at it, idle time not counted: what its events say, summed.
    active_ms = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "text_version", "member", "occasion"], name="assignment_once")
        ]
        indexes = [models.Index(fields=["member", "state", "id"], name="next_assignment")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.text_version_id}/{self.member_id}"
