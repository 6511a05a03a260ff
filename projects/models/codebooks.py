from django.db import models

from .members import Project


class CodebookVersion(models.Model):
    """One version of the codebook, the whole document. The database refuses a change of a published one."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="codebook_versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    document = models.JSONField()
    document_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="number_of_codebook")]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.project_id} codebook {self.number}"


class Lexicon(models.Model):
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="lexicons")
    key = models.SlugField(max_length=60)
    number = models.PositiveIntegerField(default=1)
    document = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "key", "number"], name="number_of_lexicon")]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"
