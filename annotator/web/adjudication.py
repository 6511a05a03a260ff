"""The queue of sentences that wait for a decision."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotator.queries.adjudication import visible_queue, waiting
from annotator.services.adjudication import take_off_queue
from projects.web.numbers import number
from projects.web.pages import member_of, page

AT_ONCE = 20


@require_safe
def adjudication(request: HttpRequest, slug: str) -> HttpResponse:
    """Oldest first; `after` is where a page begins."""
    member = member_of(request, slug, "adjudicate")
    queue = visible_queue(member)
    after = number(request.GET.get("after", ""))
    found = list((queue if after is None else queue.filter(pk__gt=after))[: AT_ONCE + 1])
    context = {
        "rows": waiting(found[:AT_ONCE]),
        "number": queue.count(),
        "after": found[AT_ONCE - 1].pk if len(found) > AT_ONCE else None,
    }
    return page(request, member, "adjudication/queue.html", context)


@require_POST
def leave_queue(request: HttpRequest, slug: str, queued_id: int) -> HttpResponse:
    member = member_of(request, slug, "adjudicate")
    take_off_queue(member=member, queued_id=queued_id)
    messages.success(request, _("Taken off the queue. The labels are as they were."), "good")
    return redirect("adjudication", slug)
