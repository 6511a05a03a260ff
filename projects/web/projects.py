"""My work: the projects of the signed-in user."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from annotator.core.errors import InvalidError
from projects.queries import access, overview
from projects.queries.trash import projects_in_trash
from projects.services.projects import create_project
from projects.web.pages import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """The projects of the signed-in user, and a form for a new one."""
    user = signed_in(request)
    error = None
    if request.method == "POST":
        try:
            member = create_project(
                user=user, title=request.POST.get("title", ""), slug=request.POST.get("address", "")
            )
            messages.success(request, _("The project is there. Bring the first articles in."), extra_tags="good")
            return redirect("overview", member.project.slug)
        except InvalidError as refused:
            error = refused
    members = list(access.memberships(user))
    lines = [{"member": member, "work": overview.work_of(member)} for member in members]
    shown = {"lines": lines, "deleted": projects_in_trash(user)}
    context = shown | {
        "error": error,
        "title": request.POST.get("title", ""),
        "address": request.POST.get("address", ""),
    }
    return render(request, "home/home.html", context, status=400 if error else 200)
