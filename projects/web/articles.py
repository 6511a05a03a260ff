"""The list of articles, and one article with its units and its proof."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from projects.permissions import can
from projects.queries import access, overview
from projects.queries.texts import newest_text, unit_texts
from projects.web.pages import member_of, page

PER_PAGE = 50


@require_safe
def article_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first, a page at a time from the article `before`: no page counts the table."""
    member = member_of(request, slug, "view articles")
    # No title holds a NUL, and PostgreSQL would not even be asked for one.
    wanted, before = request.GET.get("q", "").replace("\0", "").strip(), request.GET.get("before", "")
    found = overview.articles(member.project).order_by("-id")
    if wanted:
        found = found.filter(title__icontains=wanted)
    if before.isascii() and before.isdigit() and len(before) < 18:
        found = found.filter(pk__lt=int(before))
    listed = list(found[: PER_PAGE + 1])
    context = {
        "articles": listed[:PER_PAGE],
        "older": listed[PER_PAGE - 1].pk if len(listed) > PER_PAGE else None,
        "q": wanted,
        "later_page": bool(before),
        "may_import": can(member, "import articles"),
    }
    return page(request, member, "articles/list.html", context)


@require_safe
def article(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    member = member_of(request, slug, "view articles")
    found = access.article(member, article_id)
    version = newest_text(found)
    may_mend = can(member, "mend boundaries") and not found.item_text
    context = {"article": found, "version": version, "units": unit_texts(version), "may_mend": may_mend}
    return page(request, member, "articles/article.html", context)
