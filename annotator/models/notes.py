from django.db import models

from projects.models import CodebookVersion, Membership, Round, Unit


class Note(models.Model):
    """A question or remark on a unit, answered in a thread."""

    # Made in the browser, so that a note that is sent twice is stored once.
    uuid = models.UUIDField(unique=True, null=True, blank=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="notes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="notes")
    variable = models.CharField(max_length=100, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(blank=True)
    # Unsure: the annotator asks for a second look at this unit.
    flag = models.BooleanField(default=False)
    # Written for all annotators of the unit, who read it beside the sentence.
    to_annotators = models.BooleanField(default=False)
    needs_decision = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    # Where the answer became an edge rule: in which version, at which question (or part, "x.source") and value.
    rule_version = models.ForeignKey(
        CodebookVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    rule_key = models.CharField(max_length=100, blank=True)
    rule_value = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["round", "unit"], name="notes_of_unit"),
            models.Index(fields=["round"], condition=models.Q(settled_at=None, parent=None), name="open_notes"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
