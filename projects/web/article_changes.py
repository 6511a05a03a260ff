"""What a lead does to articles: several at once from the list, or the metadata of one."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.errors import InvalidError
from projects.models import Article, Membership
from projects.queries import access
from projects.queries.duplicates import longest
from projects.services.article_metadata import EDITABLE, edit_metadata, set_column, shown
from projects.services.linking import Changed, drop, link, restore, unlink
from projects.web.numbers import numbers
from projects.web.pages import member_of, page
from projects.web.undo import back_to, tell_refusal, with_done


@require_POST
def change_articles(request: HttpRequest, slug: str) -> HttpResponse:
    """Do one thing to the ticked articles of the list, and return to it."""
    member = member_of(request, slug, "manage articles")
    back, act = back_to(request, slug), request.POST.get("act", "")
    chosen = numbers(request.POST.getlist("shown" if request.POST.get("all_shown") else "articles"))
    try:
        if act == "set":
            entry = _set(request, member, chosen)
            return redirect(back if entry is None else with_done(back, entry))
        if act not in ACTS:
            raise InvalidError(_("Choose what to do with the articles."))
        return redirect(with_done(back, ACTS[act](member, chosen).entry))
    except InvalidError as error:
        tell_refusal(request, error)
        return redirect(back)


def _link(member: Membership, chosen: Sequence[int]) -> Changed:
    """The longest of them is the original: what was cut from it stands in it."""
    if len(chosen) < 2:
        raise InvalidError(_("Tick at least two articles to link: the longest of them will be the original."))
    return link(member=member, original=longest(member.project_id, chosen), copies=chosen)


ACTS: dict[str, Callable[[Membership, Sequence[int]], Changed]] = {
    "link": _link,
    "unlink": lambda member, chosen: unlink(member=member, articles=chosen),
    "drop": lambda member, chosen: drop(member=member, articles=chosen),
    "restore": lambda member, chosen: restore(member=member, articles=chosen),
}


def _set(request: HttpRequest, member: Membership, chosen: Sequence[int]) -> int | None:
    if not chosen:
        raise InvalidError(_("Tick at least one article."))
    column, value = request.POST.get("set_column", ""), request.POST.get("set_value", "")
    entry = set_column(member=member, articles=chosen, name=column, value=value)
    if entry is None:
        messages.success(request, _("Nothing was different."), extra_tags="good")
    return entry


@require_http_methods(["GET", "HEAD", "POST"])
def article_metadata(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """A form with all that is known about an article; an own column left empty goes."""
    member = member_of(request, slug, "manage articles")
    found = access.article(member, article_id)
    error = None
    if request.method == "POST":
        try:
            changed = edit_metadata(member=member, article=found.pk, fields=_fields(request), own=_own(request))
            told = _("Changed: %(names)s.") % {"names": ", ".join(changed)} if changed else _("Nothing was different.")
            messages.success(request, told, extra_tags="good")
            return redirect("article", slug, found.pk)
        except InvalidError as refused:
            error = refused
    context = {
        "article": found,
        "error": error,
        "fields": _shown_fields(request, found),
        "own": _shown_own(request, found),
    }
    return page(request, member, "articles/metadata.html", context, status=400 if error else 200)


def _fields(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST[name] for name in EDITABLE if name in request.POST}


def _own(request: HttpRequest) -> dict[str, str]:
    pairs = zip(request.POST.getlist("name"), request.POST.getlist("value"), strict=False)
    return {name: value for name, value in pairs if name.strip() or value.strip()}


def _shown_fields(request: HttpRequest, article: Article) -> list[tuple[str, str, str]]:
    names = {
        "title": _("Title"),
        "outlet": _("Outlet"),
        "author": _("Author"),
        "published_at": _("Published"),
        "url": _("Address of the page"),
        "language": _("Language"),
    }
    return [(name, label, request.POST.get(name, shown(getattr(article, name)))) for name, label in names.items()]


def _shown_own(request: HttpRequest, article: Article) -> list[tuple[str, str]]:
    if request.method == "POST":
        return list(_own(request).items())
    return [(name, shown(value)) for name, value in article.metadata.items()]
