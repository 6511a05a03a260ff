from django.db import models

from projects.models import CodebookVersion, Membership, Round


class CodebookMove(models.Model):
    """A round that went on to a later version of the codebook, with its labels; perhaps taken back since."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="codebook_moves")
    from_version = models.ForeignKey(CodebookVersion, on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey(CodebookVersion, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="codebook_moves")
    # The id of the last event before the move, 0 = there was none: the round as it stood is what events up to it say.
    last_event = models.PositiveBigIntegerField()
    # How many labels were changed, and how many of these are asked again.
    changed = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    # Null while the labels are still being brought along, or back.
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.round_id} from {self.from_version_id} to {self.to_version_id}"

    @property
    def followed(self) -> int:
        """The labels that took the value which theirs became."""
        return self.changed - self.asked
