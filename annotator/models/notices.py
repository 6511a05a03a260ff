from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models import Project

from .notes import Note


class Notice(models.Model):
    """Something that a person should know of: one line with a link. It never carries anybody's labels."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="notices")
    # A key of `services.notices.WORDS`, which says what `parts` it names.
    kind = models.CharField(max_length=40)
    parts = models.JSONField(default=dict, blank=True)
    # A path of this site.
    link = models.CharField(max_length=300)
    # The thread that it is about, if one: read there, it is read here.
    note = models.ForeignKey(Note, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="notices_of_user"),
            models.Index(fields=["user", "project"], condition=models.Q(read_at=None), name="unread_notices"),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"


class MailWish(models.Model):
    """Which notices a person also wants by e-mail; who has said nothing wants the answers to his own notes."""

    class Wish(models.TextChoices):
        NONE = "none", _("none")
        ANSWERS = "answers", _("answers to my notes, at once")
        AT_ONCE = "at once", _("all, at once")
        DAILY = "daily", _("all, once a day")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_wish")
    wish = models.CharField(max_length=8, choices=Wish, default=Wish.ANSWERS)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.wish}"
