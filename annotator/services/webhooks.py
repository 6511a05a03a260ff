"""Webhooks: other systems are told what happens in a project, signed as Standard Webhooks says.

A message names things by their ids and never holds an answer. It is sent by the job worker, again after a while where
nobody took it, and given up after the last of `PAUSES`; a webhook that gave up `MOST_FAILURES` in succession is
switched off, and the leads are told.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotator.core.errors import DomainError, InvalidError, NotFoundError
from annotator.models import Delivery, Webhook
from annotator.services.notices import notify
from annotator.services.outbound import Answer, UnreachedError, check_url, post
from annotator.tasks import deliver_message
from projects.models import Membership, Project
from projects.permissions import require
from projects.queries.members import leads
from projects.services import audit
from projects.services.transaction import write

ACT = "manage webhooks"
TEST = "test"
EVENTS: Mapping[str, Promise] = {
    "round.opened": _("a round was opened, or opened again"),
    "round.closed": _("a round was closed"),
    "codebook.published": _("a version of the codebook was published"),
    "decision.made": _("a decision was made, changed or put up for discussion"),
    "job.done": _("a job was done, such as an import or an export"),
}
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 28_800))
LONGEST_URL = 500
MOST_WEBHOOKS, MOST_FAILURES, MOST_KEPT = 10, 5, 100
GONE = 410


def make_webhook(*, lead: Membership, url: str, events: Collection[str]) -> tuple[Webhook, str]:
    """A webhook and its secret, which is told this once."""
    require(lead, ACT)
    url = url.strip()
    if len(url) > LONGEST_URL:
        raise InvalidError(f"The address is too long: {LONGEST_URL} characters at most.")
    check_url(url)
    chosen = [event for event in EVENTS if event in events]
    if not chosen:
        raise InvalidError("Choose at least one kind of event.")
    with write():
        if Webhook.objects.filter(project=lead.project_id).count() >= MOST_WEBHOOKS:
            raise InvalidError(f"A project has at most {MOST_WEBHOOKS} webhooks. Delete one first.")
        made = Webhook.objects.create(
            project_id=lead.project_id, member=lead, url=url, events=chosen, nonce=secrets.token_urlsafe(32)
        )
        audit.record(lead, "make webhook", {"url": url, "events": chosen})
    return made, secret_of(made)


def rotate_secret(*, lead: Membership, webhook_id: int) -> str:
    """A new secret in place of the old one, which signs nothing any more."""
    require(lead, ACT)
    found = webhook_of(lead, webhook_id)
    found.nonce = secrets.token_urlsafe(32)
    with write():
        found.save(update_fields=["nonce"])
        audit.record(lead, "change webhook", {"url": found.url, "secret": "new"})
    return secret_of(found)


def switch_webhook(*, lead: Membership, webhook_id: int, on: bool) -> None:
    require(lead, ACT)
    found = webhook_of(lead, webhook_id)
    with write():
        found.disabled_at, found.failures = None if on else timezone.now(), 0
        found.save(update_fields=["disabled_at", "failures"])
        audit.record(lead, "change webhook", {"url": found.url, "on": on})


def delete_webhook(*, lead: Membership, webhook_id: int) -> None:
    """With the log of its deliveries."""
    require(lead, ACT)
    found = webhook_of(lead, webhook_id)
    with write():
        audit.record(lead, "delete webhook", {"url": found.url})
        found.delete()


def send_test(*, lead: Membership, webhook_id: int) -> None:
    require(lead, ACT)
    _send(webhook_of(lead, webhook_id), TEST, {})


def webhook_of(lead: Membership, webhook_id: int) -> Webhook:
    found = Webhook.objects.select_related("project").filter(project=lead.project_id, pk=webhook_id).first()
    if found is None:
        raise NotFoundError("There is no such webhook.")
    return found


def emit(kind: str, *, project: int, data: Mapping[str, object]) -> None:
    """Tell the project's webhooks that want it, after the transaction of the act."""
    for webhook in Webhook.objects.select_related("project").filter(project=project, disabled_at=None):
        if kind in webhook.events:
            _send(webhook, kind, data)


def _send(webhook: Webhook, kind: str, data: Mapping[str, object]) -> None:
    told = {"project": webhook.project.slug, **data}
    body = json.dumps({"type": kind, "timestamp": timezone.now().isoformat(), "data": told})
    with write():
        made = Delivery.objects.create(webhook=webhook, uuid=uuid4(), kind=kind, body=body)
        kept = Delivery.objects.filter(webhook=webhook).values_list("pk", flat=True)[:MOST_KEPT]
        Delivery.objects.filter(webhook=webhook).exclude(pk__in=list(kept)).delete()
        deliver_message.enqueue(made.pk)


def secret_of(webhook: Webhook) -> str:
    return f"whsec_{base64.b64encode(_key(webhook)).decode()}"


def _key(webhook: Webhook) -> bytes:
    return salted_hmac("annotator.webhook", webhook.nonce, algorithm="sha256").digest()


def signed(webhook: Webhook, delivery: Delivery, timestamp: int) -> dict[str, str]:
    """The headers of Standard Webhooks."""
    content = f"{delivery.uuid}.{timestamp}.{delivery.body}".encode()
    signature = base64.b64encode(hmac.digest(_key(webhook), content, hashlib.sha256)).decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": "annotator",
        "webhook-id": str(delivery.uuid),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }


def deliver(delivery_id: int) -> None:
    """One try; nothing where the message or its webhook is gone, or has been dealt with."""
    waiting = Delivery.objects.select_related("webhook__project").filter(delivered_at=None, given_up_at=None)
    found = waiting.filter(pk=delivery_id, webhook__project__deleted_at=None).first()
    if found is None or (found.webhook.disabled_at is not None and found.kind != TEST):
        return
    answer = _tried(found)
    found.attempts += 1
    found.status, found.answer = answer.status or None, answer.beginning[:200]
    if 200 <= answer.status < 300:
        _took(found)
    elif answer.status == GONE or found.kind == TEST or found.attempts > len(PAUSES):
        _give_up(found)
    else:
        with write():
            found.save()
            deliver_message.using(run_after=timezone.now() + PAUSES[found.attempts - 1]).enqueue(found.pk)


def _tried(delivery: Delivery) -> Answer:
    headers = signed(delivery.webhook, delivery, int(timezone.now().timestamp()))
    try:
        return post(delivery.webhook.url, delivery.body.encode(), headers)
    except (UnreachedError, DomainError) as error:
        return Answer(0, str(error))


def _took(delivery: Delivery) -> None:
    delivery.delivered_at = timezone.now()
    with write():
        delivery.save()
        Webhook.objects.filter(pk=delivery.webhook_id).update(failures=0)


def _give_up(delivery: Delivery) -> None:
    delivery.given_up_at = timezone.now()
    living = Webhook.objects.filter(pk=delivery.webhook_id, disabled_at=None)
    with write():
        delivery.save()
        if delivery.kind != TEST:
            living.update(failures=F("failures") + 1)
        limit = 1 if delivery.status == GONE else MOST_FAILURES
        off = living.filter(failures__gte=limit).update(disabled_at=timezone.now())
    if off:
        _tell_off(delivery.webhook.project)


def _tell_off(project: Project) -> None:
    told = [user for user in leads(project.pk).values_list("user_id", flat=True) if user is not None]
    link = reverse("webhooks", args=[project.slug])
    notify("webhook off", to=told, project=project.pk, link=link, parts={"project": project.title})


def may_send() -> bool:
    """Whether the operator has named any host."""
    return bool(settings.WEBHOOK_HOSTS)
