"""The access log: who was served others' answers, of which round, and when."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from annotator.queries.access_log import entries
from projects.models import Membership, Round
from projects.web.numbers import number
from projects.web.pages import member_of, page

AT_ONCE = 50


@require_safe
def access_log(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first, of one `round` or `member` or of all; `before` is where a page begins."""
    member = member_of(request, slug, "view access log")
    round_id, member_id = (number(request.GET.get(name, "")) for name in ("round", "member"))
    found = entries(member.project_id, round_id=round_id, member_id=member_id)
    before = number(request.GET.get("before", ""))
    if before is not None:
        found = found.filter(pk__lt=before)
    shown = list(found[: AT_ONCE + 1])
    context = {
        "entries": shown[:AT_ONCE],
        "older": shown[AT_ONCE - 1].pk if len(shown) > AT_ONCE else None,
        "rounds": Round.objects.filter(project=member.project),
        "members": Membership.objects.filter(project=member.project).order_by("pseudonym"),
        "round_id": round_id,
        "member_id": member_id,
    }
    return page(request, member, "access/list.html", context)
