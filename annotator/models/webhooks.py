from django.db import models

from projects.models import Membership, Project


class Webhook(models.Model):
    """An address of another system that is told what happens in a project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="webhooks")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=500)
    # Keys of `services.webhooks.EVENTS`.
    events = models.JSONField(default=list)
    # The secret is made from it and from the site's own key, and not kept.
    nonce = models.CharField(max_length=43)
    # How many deliveries in succession were given up.
    failures = models.PositiveSmallIntegerField(default=0)
    disabled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One message to a webhook, and what became of it."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    uuid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=40)
    body = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=0)
    # Of the last try: the HTTP status, and the beginning of what came back or went wrong.
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["webhook", "-id"], name="deliveries_of_webhook")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
