"""The history of a project for its leads: who did what, and when."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from projects.models import AuditEntry
from projects.queries.history import Filters, actors, acts, entries
from projects.web.history_words import act_words, detail_words
from projects.web.numbers import number
from projects.web.pages import member_of, page

AT_ONCE = 50


@dataclass(frozen=True)
class Line:
    entry: AuditEntry
    told: str
    details: list[str]


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """`member` and `act` leave the others out; `before` is where a page begins."""
    member = member_of(request, slug, "view history")
    act = request.GET.get("act", "").replace("\0", "")[:60]
    wanted = Filters(number(request.GET.get("member", "")), act, number(request.GET.get("before", "")))
    found = list(entries(member, wanted)[: AT_ONCE + 1])
    kept = {"member": wanted.member, "act": act}
    context = {
        "lines": [Line(entry, act_words(entry.act), detail_words(entry.detail)) for entry in found[:AT_ONCE]],
        "people": actors(member.project_id),
        "acts": [(name, act_words(name)) for name in acts(member.project_id)],
        "wanted": wanted,
        "filters": urlencode({name: value for name, value in kept.items() if value}),
        "older": found[AT_ONCE - 1].pk if len(found) > AT_ONCE else None,
    }
    return page(request, member, "history/list.html", context)
