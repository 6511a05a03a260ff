from django.db import models

from projects.models import Assignment, CodebookVersion, Membership, Round, Unit

from .decisions import Decision


class GoldAnswer(models.Model):
    """The answer that annotators are measured against. Never edited: a change retires it and makes the next."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="gold")
    variable = models.CharField(max_length=100)
    value = models.JSONField()
    # Shown to an annotator in training who missed it.
    explanation = models.TextField(blank=True)
    codebook_version = models.ForeignKey(CodebookVersion, on_delete=models.PROTECT, related_name="+")
    # Where it came from: a decision, or the share of a lead who answered himself.
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="gold")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="gold_made")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "variable"], condition=models.Q(retired_at=None), name="gold_once")
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.variable}"


class GoldScore(models.Model):
    """How many gold answers a finished share met, kept so that no page compares them all again."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="gold_score")
    # Of the assignment, repeated here so that a round is summed from one index range.
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    answers = models.PositiveIntegerField()
    met = models.PositiveIntegerField()
    # The Monday of the week in which it was finished.
    week = models.DateField()
    # When the share had last changed as it was compared: a later change makes this stale.
    as_of = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.met} of {self.answers}"


class TrainingResult(models.Model):
    """What a try at a training round came to. It stands, whatever is answered later."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="training_results")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="training_results")
    # The occasion of the shares; 0 where a lead let the annotator through.
    occasion = models.PositiveIntegerField()
    answers = models.PositiveIntegerField(default=0)
    met = models.PositiveIntegerField(default=0)
    passed = models.BooleanField()
    let_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "member", "occasion"], name="result_once_a_try")]
        ordering = ["occasion"]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.member_id}/{self.occasion}"

    @property
    def per_cent(self) -> float | None:
        return 100 * self.met / self.answers if self.answers else None
