"""The list of articles, and one article with its units and its proof."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from projects.permissions import can
from projects.queries import access, overview
from projects.queries.texts import newest_text, unit_texts
from projects.web.pages import member_of, page

PER_PAGE = 50


@require_safe
def article_list(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "view articles")
    found = overview.articles(member.project).order_by("-id")
    wanted = request.GET.get("q", "").strip()
    if wanted:
        found = found.filter(title__icontains=wanted)
    listed = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"articles": listed, "q": wanted, "may_import": can(member, "import articles")}
    return page(request, member, "articles/list.html", context)


@require_safe
def article(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    member = member_of(request, slug, "view articles")
    found = access.article(member, article_id)
    version = newest_text(found)
    context = {"article": found, "version": version, "units": unit_texts(version)}
    return page(request, member, "articles/article.html", context)
