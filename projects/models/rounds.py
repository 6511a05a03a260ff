from django.db import models
from django.utils.translation import gettext_lazy as _

from .articles import TextVersion
from .codebooks import CodebookVersion
from .members import Membership, Project


class LivingRounds(models.Manager["Round"]):
    """All rounds but those in the trash: whoever asks for rounds never meets one."""

    def get_queryset(self) -> models.QuerySet["Round"]:
        return super().get_queryset().filter(deleted_at=None)


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
    hide_headline = models.BooleanField(default=False)
    # Instead of one rule for all: arms to which shares are drawn, [{"key": "masked", "hide": ["outlet", "headline"]}].
    arms = models.JSONField(default=list, blank=True)
    # Whether terms of the project's lexicons are underlined for those who annotate.
    hints = models.BooleanField(default=False)
    overlap = models.PositiveIntegerField(default=1, help_text=_("Annotators an article."))
    seed = models.PositiveBigIntegerField(default=0)
    # What was asked of the draw, so that it can be drawn again; null where everybody labels everything.
    draw = models.JSONField(null=True, blank=True)
    # A retest gives annotators articles of this earlier round again.
    retest_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="retests")
    # Whether the gold answer is shown after each answer, and which share of them has to be met to pass.
    feedback = models.BooleanField(default=False)
    pass_mark = models.FloatField(null=True, blank=True)
    # How often an annotator may try to reach it.
    tries = models.PositiveSmallIntegerField(default=1)
    # Only who has passed that training round may label in this one.
    requires = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="required_by")
    # Whether an adjudicator has to say why he decides.
    reason_required = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # A frozen round is closed for good: nothing of it changes any more.
    frozen_at = models.DateTimeField(null=True, blank=True)
    # In the trash since then, and closed: where it was open, `closed_at` is the same moment.
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = LivingRounds()
    with_trash = models.Manager["Round"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"], condition=models.Q(deleted_at=None), name="round_name_in_project"
            )
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """One annotator's share: one article in one round."""

    class Kind(models.TextChoices):
        LABELS = "labels"
        GOLD = "gold"

    class Why(models.TextChoices):
        """What the draw gave the share for. Annotators never see it."""

        WORK = "work"
        OVERLAP = "overlap"
        GOLD = "gold"
        RETEST = "retest"

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
    why = models.CharField(max_length=8, choices=Why, default=Why.WORK)
    # The key of the round's arm that the share was drawn to.
    arm = models.CharField(max_length=40, blank=True)
    # Before this moment the annotator isn't given the share; null = at once.
    available_from = models.DateTimeField(null=True, blank=True)
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
        indexes = [
            models.Index(fields=["member", "state", "id"], name="next_assignment"),
            # Columns that saves don't change, or only twice a share.
            models.Index(fields=["round", "member", "state", "units_total"], name="shares_of_round"),
            models.Index(fields=["round"], condition=models.Q(why="gold"), name="gold_shares_of_round"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.text_version_id}/{self.member_id}"
