"""The webhooks of a project, and how the messages to them went."""

from django.db.models import QuerySet

from annotator.models import Delivery, Webhook
from projects.models import Project

SHOWN = 10


def webhooks_of(project: Project) -> QuerySet[Webhook]:
    return Webhook.objects.filter(project=project).order_by("pk")


def newest_deliveries(webhook: Webhook) -> list[Delivery]:
    return list(Delivery.objects.filter(webhook=webhook).defer("body")[:SHOWN])
