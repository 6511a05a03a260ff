"""The page behind an invitation's link, and the way out of a project."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotator.core.errors import ConflictError, InvalidError, NotFoundError
from projects.models import Membership, User
from projects.queries.members import standing
from projects.services.member_changes import leave_project
from projects.services.members import accept_as_newcomer, accept_invitation, open_invitation
from projects.web.pages import member_of, page


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, key: str) -> HttpResponse:
    """Accept an invitation: with one click when signed in, else by making an account."""
    try:
        invitation = open_invitation(key)
    except NotFoundError:
        return render(request, "members/used_up.html", status=404)
    error = None
    if request.method == "POST":
        try:
            member = _accept(request, key)
            messages.success(request, _("Welcome. You are a member of this project now."), "good")
            return redirect("overview", member.project.slug)
        except InvalidError as refused:
            error = refused
    context = {"invitation": invitation, "error": error, "username": request.POST.get("username", "")}
    return render(request, "members/join.html", context, status=400 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """What becomes of one's work when one leaves, and the button that does it: there is no undo but an invitation."""
    member = member_of(request, slug, "leave project")
    error = None
    if request.method == "POST":
        try:
            released = leave_project(member=member)
            messages.success(request, _told(member, released), extra_tags="good")
            return redirect("home")
        except ConflictError as refused:
            error = refused
    context = {"standing": standing(member, due_only=True), "error": error}
    return page(request, member, "members/leave.html", context, status=409 if error else 200)


def _told(member: Membership, released: int) -> str:
    left = _("You have left “%(title)s”. What you labelled stays there.") % {"title": member.project.title}
    if not released:
        return left
    given_back = ngettext(
        "%(n)s article that you had not begun was given back.",
        "%(n)s articles that you had not begun were given back.",
        released,
    )
    return f"{left} {given_back % {'n': released}}"


def _accept(request: HttpRequest, key: str) -> Membership:
    if isinstance(request.user, User):
        return accept_invitation(user=request.user, key=key)
    name, password = request.POST.get("username", ""), request.POST.get("password", "")
    member = accept_as_newcomer(username=name, password=password, key=key)
    # A new account has no second factor that this could pass over.
    login(request, member.user, backend="django.contrib.auth.backends.ModelBackend")
    return member
