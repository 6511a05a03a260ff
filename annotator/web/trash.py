"""The trash: what a lead put there, and the ways back. Nothing asks "are you sure" but the deletion of a project."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotator.core.errors import InvalidError
from annotator.services import trash
from projects.queries import access
from projects.queries.trash import KEPT, articles_in_trash, rounds_in_trash
from projects.services.linking import restore
from projects.web.numbers import number
from projects.web.pages import member_of, page, signed_in
from projects.web.undo import tell_refusal


@require_safe
def trash_page(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "use trash")
    context = {
        "rounds": rounds_in_trash(member.project_id),
        "articles": articles_in_trash(member.project_id),
        "days": KEPT.days,
    }
    return page(request, member, "trash/trash.html", context)


@require_POST
def trash_round(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """To the trash, and to its page, where the button that brings it back stands first."""
    member = member_of(request, slug, "use trash")
    round = access.round_of(member, round_id)
    try:
        trash.trash_round(lead=member, round=round)
    except InvalidError as error:
        tell_refusal(request, error)
        return redirect("rounds", slug)
    messages.success(request, _("“%(name)s” is in the trash.") % {"name": round.name}, "good")
    return redirect("trash", slug)


@require_POST
def restore_round(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    member = member_of(request, slug, "use trash")
    try:
        back = trash.restore_round(lead=member, round_id=round_id)
    except InvalidError as error:
        tell_refusal(request, error)
        return redirect("trash", slug)
    messages.success(request, _("“%(name)s” is back as it was.") % {"name": back.name}, "good")
    return redirect("rounds", slug)


@require_POST
def restore_article(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    member = member_of(request, slug, "use trash")
    try:
        restore(member=member, articles=[number(str(article_id)) or 0])
        messages.success(request, _("The article is back."), "good")
    except InvalidError as error:
        tell_refusal(request, error)
    return redirect("trash", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_project(request: HttpRequest, slug: str) -> HttpResponse:
    """A page that says what goes, and asks for the title to be typed."""
    member = member_of(request, slug, "delete project")
    error = None
    if request.method == "POST":
        try:
            trash.delete_project(lead=member, typed=request.POST.get("typed", ""))
            told = _("“%(title)s” is in the trash. You can restore it below.") % {"title": member.project.title}
            messages.success(request, told, "good")
            return redirect("home")
        except InvalidError as refused:
            error = refused
    context = {"error": error, "days": KEPT.days}
    return page(request, member, "trash/project.html", context, status=400 if error else 200)


@require_POST
def restore_project(request: HttpRequest, project_id: int) -> HttpResponse:
    back = trash.restore_project(user=signed_in(request), project_id=project_id)
    messages.success(request, _("“%(title)s” is back as it was.") % {"title": back.title}, "good")
    return redirect("overview", back.slug)
