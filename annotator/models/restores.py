from django.db import models

from projects.models import Article, Membership, Round


class LabelRestore(models.Model):
    """One annotator's labels in a round, or on one article of it, put back as they stood at a moment of the past."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="label_restores")
    annotator = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="labels_restored")
    # Null where all articles of the round are meant.
    article = models.ForeignKey(Article, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="label_restores")
    as_of = models.DateTimeField()
    # How many labels were changed.
    changed = models.PositiveIntegerField(default=0)
    restored_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.annotator_id} as of {self.as_of:%Y-%m-%d %H:%M}"
