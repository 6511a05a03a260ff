from django.conf import settings
from django.db import models


class AnsweredRequest(models.Model):
    """A request that was sent with a key of its own, and its answer: for a day a repeat is answered alike."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="answered_requests")
    key_hash = models.CharField(max_length=64)
    request_sha256 = models.CharField(max_length=64)
    # Null while the first request is still at work.
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key_hash"], name="request_key_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key_hash[:8]}"
