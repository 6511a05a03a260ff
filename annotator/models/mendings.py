from django.db import models

from projects.models import Membership, TextVersion


class Mending(models.Model):
    """Why a text version follows another: the boundaries that were mended, or taken back."""

    after = models.OneToOneField(TextVersion, on_delete=models.PROTECT, related_name="mending")
    before = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="mendings")
    # Where an earlier mending was undone: the text version whose units and labels came back.
    restores = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="mendings")
    # As annotator.core.mending writes them; empty for an undo.
    edits = models.JSONField(default=list, blank=True)
    # The unchanged stretches [old, new, length] of the two texts; null where the text is the same.
    blocks = models.JSONField(null=True, blank=True)
    # Spans that no unit holds whole any more: {"assignment", "unit" (old), "variable", "span"}.
    unplaced = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.before_id} to {self.after_id}"
