"""Webhooks: which other systems are told what happens here, how it went, and their secrets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.errors import InvalidError
from annotator.models import Delivery, Webhook
from annotator.queries.deliveries import newest_deliveries, webhooks_of
from annotator.services.webhooks import (
    ACT,
    EVENTS,
    delete_webhook,
    make_webhook,
    may_send,
    rotate_secret,
    send_test,
    switch_webhook,
)
from projects.models import Membership
from projects.web.pages import member_of, page


@dataclass(frozen=True)
class Row:
    webhook: Webhook
    deliveries: list[Delivery]

    @property
    def events(self) -> list[Promise]:
        return [EVENTS[event] for event in self.webhook.events if event in EVENTS]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, and a form for a new one. A secret is on the answer to the POST only."""
    lead = member_of(request, slug, ACT)
    if request.method != "POST":
        return _page(request, lead, {})
    try:
        made, secret = make_webhook(lead=lead, url=request.POST.get("url", ""), events=request.POST.getlist("event"))
    except InvalidError as error:
        typed = {"typed": request.POST.get("url", ""), "chosen": request.POST.getlist("event")}
        return _page(request, lead, {"error": error, **typed}, status=400)
    return _page(request, lead, {"secret": secret, "of": made.url})


@never_cache
@require_POST
def change_webhook(request: HttpRequest, slug: str, webhook_id: int) -> HttpResponse:
    """`act` is test, rotate, on, off or delete."""
    lead = member_of(request, slug, ACT)
    act = request.POST.get("act", "")
    if act == "rotate":
        return _page(request, lead, {"secret": rotate_secret(lead=lead, webhook_id=webhook_id)})
    if act not in ACTS:
        raise InvalidError("Choose what is to be done with the webhook.")
    messages.success(request, ACTS[act](lead, webhook_id), extra_tags="good")
    return redirect("webhooks", slug)


def _page(request: HttpRequest, lead: Membership, more: Mapping[str, object], status: int = 200) -> HttpResponse:
    rows = [Row(webhook, newest_deliveries(webhook)) for webhook in webhooks_of(lead.project)]
    context = {"rows": rows, "events": EVENTS.items(), "may_send": may_send(), "chosen": list(EVENTS), **more}
    return page(request, lead, "webhooks/list.html", context, status)


def _test(lead: Membership, webhook_id: int) -> str:
    send_test(lead=lead, webhook_id=webhook_id)
    return _("A test is on its way. Load the page again in a moment to see how it went.")


def _switched(*, on: bool) -> Callable[[Membership, int], str]:
    def act(lead: Membership, webhook_id: int) -> str:
        switch_webhook(lead=lead, webhook_id=webhook_id, on=on)
        return _("The webhook is on.") if on else _("The webhook is off: nothing is sent to it.")

    return act


def _deleted(lead: Membership, webhook_id: int) -> str:
    delete_webhook(lead=lead, webhook_id=webhook_id)
    return _("The webhook is deleted.")


ACTS: Mapping[str, Callable[[Membership, int], str]] = {
    "test": _test,
    "on": _switched(on=True),
    "off": _switched(on=False),
    "delete": _deleted,
}
