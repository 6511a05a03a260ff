"""People: members, invitations, and the page behind an invitation's link."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.errors import InvalidError, NotFoundError
from projects.models import Membership, Role, User
from projects.queries import overview
from projects.services.members import (
    accept_as_newcomer,
    accept_invitation,
    invite,
    open_invitation,
    withdraw_invitation,
)
from projects.web.pages import member_of, page


@require_http_methods(["GET", "HEAD", "POST"])
def member_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The members, and a form that makes an invitation. Its link is shown once."""
    member = member_of(request, slug, "view members")
    link, error = "", None
    if request.method == "POST":
        try:
            key = invite(lead=member, role=request.POST.get("role", ""))
            link = request.build_absolute_uri(reverse("join", args=[key]))
        except InvalidError as refused:
            error = refused
    members = Membership.objects.filter(project=member.project).select_related("user")
    waiting = overview.waiting_invitations(member.project)
    context = {"members": members, "roles": Role.choices, "waiting": waiting, "link": link, "error": error}
    return page(request, member, "members/list.html", context, status=400 if error else 200)


@require_POST
def withdraw(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    withdraw_invitation(lead=member_of(request, slug, "manage members"), invitation_id=invitation_id)
    return redirect("members", slug)


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


def _accept(request: HttpRequest, key: str) -> Membership:
    if isinstance(request.user, User):
        return accept_invitation(user=request.user, key=key)
    name, password = request.POST.get("username", ""), request.POST.get("password", "")
    member = accept_as_newcomer(username=name, password=password, key=key)
    login(request, member.user, backend="django.contrib.auth.backends.ModelBackend")
    return member
