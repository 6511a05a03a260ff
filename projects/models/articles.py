from django.db import models
from django.utils.translation import gettext_lazy as _

from .members import Project


class PublishedArticles(models.Manager["Article"]):
    """All articles but those of an import that is not finished: whoever asks for articles never meets half of one."""

    def get_queryset(self) -> models.QuerySet["Article"]:
        return super().get_queryset().filter(pending_import=None)


class ItemText(models.TextChoices):
    GIVEN = "given"
    ABSENT = "absent"


class Article(models.Model):
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="articles")
    external_id = models.CharField(max_length=200)
    title = models.CharField(max_length=500)
    # The readers limit these five to 2,000 characters.
    outlet = models.CharField(max_length=2000, blank=True)
    author = models.CharField(max_length=2000, blank=True)
    published_at = models.CharField(max_length=2000, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    language = models.CharField(max_length=2000, default="en")
    metadata = models.JSONField(default=dict, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    # Of the bytes as uploaded, so that a researcher can tell which file an article came from.
    file_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    encoding = models.CharField(max_length=40, blank=True)
    # Whether it is one item of a table that was coded elsewhere, and whether that table gave its text.
    item_text = models.CharField(max_length=6, choices=ItemText, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    # A linked copy is labelled once, as its original: no round draws it. Originals are never copies themselves.
    linked_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies")
    # Set where the text was put together from a page's layout: no round draws it before a lead has released it.
    review_wanted_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    # Set while the import that brings the article in is not finished.
    pending_import = models.UUIDField(null=True, blank=True, editable=False)

    objects = PublishedArticles()
    with_pending = models.Manager["Article"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "external_id"], name="external_id_in_project"),
            models.CheckConstraint(condition=~models.Q(linked_to=models.F("id")), name="linked_to_another"),
        ]
        indexes = [
            models.Index(fields=["project", "id"], name="articles_by_age"),
            models.Index(fields=["project", "title", "id"], name="articles_by_title"),
            models.Index(
                fields=["pending_import"], condition=models.Q(pending_import__isnull=False), name="pending_articles"
            ),
            models.Index(
                fields=["project", "-deleted_at"],
                condition=models.Q(deleted_at__isnull=False),
                name="articles_in_trash",
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title

    @property
    def waits_for_review(self) -> bool:
        return self.review_wanted_at is not None and self.reviewed_at is None


class TextVersion(models.Model):
    """The immutable text of an article. The database refuses a change of `text` and `sha256`."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="text_versions")
    number = models.PositiveIntegerField(default=1)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    splitter = models.CharField(max_length=40)
    splitter_version = models.CharField(max_length=20)
    # What the project asked of the splitter, and which kinds it offered for labelling: with the text and the splitter
    # they give the units again. Null where nothing was asked.
    options = models.JSONField(null=True, blank=True)
    # Changes made on decoding, and the proof that the units cover the text.
    changes = models.JSONField(default=dict, blank=True)
    proof = models.JSONField(default=dict, blank=True)
    # True while the import is not finished, else null: a new column that isn't nullable would cost SQLite the guards.
    pending = models.BooleanField(null=True, blank=True, editable=False)
    # `annotator.core.duplicates.wording_key`, by which equal wording is found; null until it is worked out.
    wording_key = models.CharField(max_length=64, null=True, blank=True, editable=False)  # noqa: DJ001
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="number_of_text_version")]
        indexes = [
            models.Index(fields=["wording_key"], name="texts_by_wording"),
            models.Index(fields=["article"], condition=models.Q(wording_key=None), name="texts_without_key"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} v{self.number}"


class Unit(models.Model):
    """A stretch of a text version. Index 0 is the whole article; sentences count from 1."""

    text_version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="units")
    index = models.PositiveIntegerField()
    kind = models.CharField(max_length=16)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    codable = models.BooleanField(default=True)
    # Whether an empty or new line of the text stands before it: paragraphs are told by the space between.
    new_line = models.BooleanField(default=True)
    why = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text_version", "index"], name="index_in_text_version"),
            models.CheckConstraint(condition=models.Q(start__lt=models.F("end")), name="unit_not_empty"),
        ]
        ordering = ["index"]

    def __str__(self) -> str:
        return f"{self.text_version_id}#{self.index}"


class UnitLineage(models.Model):
    """Which unit of an earlier text version a unit came from, when a boundary was mended."""

    class Kind(models.TextChoices):
        SAME = "same"
        MOVED = "moved"
        SPLIT = "split"
        MERGED = "merged"

    new_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ancestors")
    old_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="descendants")
    kind = models.CharField(max_length=8, choices=Kind)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["new_unit", "old_unit"], name="lineage_once")]

    def __str__(self) -> str:
        return f"{self.old_unit_id} {self.kind} {self.new_unit_id}"


class CopyPair(models.Model):
    """Two articles of a project that look like copies of one another; `article` came in first."""

    class Kind(models.TextChoices):
        FILE = "file", _("same file")
        WORDING = "wording", _("same wording")
        NEAR = "near", _("nearly the same")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="copy_pairs")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    jaccard = models.FloatField()
    containment = models.FloatField()
    # When a lead said that both are articles of their own.
    kept_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "other"], name="copy_pair_once"),
            models.CheckConstraint(condition=models.Q(article__lt=models.F("other")), name="copy_pair_in_order"),
        ]
        ordering = ["article_id", "other_id"]

    def __str__(self) -> str:
        return f"{self.article_id} {self.kind} {self.other_id}"
