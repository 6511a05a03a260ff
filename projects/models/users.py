import hashlib
from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone


class User(AbstractUser):
    """A person with an account. What he may do is said by his memberships, not here."""

    def get_display_name(self) -> str:
        return self.get_full_name() or self.username


class TokenQuerySet(models.QuerySet["Token"]):
    def usable(self, now: datetime | None = None) -> "TokenQuerySet":
        return self.filter(expires_at__gt=now or timezone.now(), revoked_at=None)


class Token(models.Model):
    """A key to the API. Only its hash is kept; the key itself is shown once."""

    class Scope(models.TextChoices):
        READ = "read"
        WRITE = "write"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    key_hash = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.READ)
    # Ids of the projects that it opens; null = all of its user's.
    projects = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Written at most once an hour.
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="token_name_of_user")]

    def __str__(self) -> str:
        return self.name


def hash_key(key: str) -> str:
    """The keys are 256 random bits, so that a plain hash, without salt or stretching, gives nothing away."""
    return hashlib.sha256(key.encode()).hexdigest()
