"""People: members, invitations, and the page behind an invitation's link."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotator.core.errors import InvalidError
from projects.models import Membership, Role, User
from projects.services.members import accept_invitation, create_account, invite, open_invitation
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
    context = {"members": members, "roles": Role.choices, "link": link, "error": error}
    return page(request, member, "members/list.html", context, status=400 if error else 200)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, key: str) -> HttpResponse:
    """Accept an invitation: with one click when signed in, else by making an account."""
    invitation = open_invitation(key)
    error = None
    if request.method == "POST":
        try:
            user = request.user if isinstance(request.user, User) else _new_user(request)
            member = accept_invitation(user=user, key=key)
            messages.success(request, _("Welcome. You are a member of this project now."), "good")
            return redirect("overview", member.project.slug)
        except InvalidError as refused:
            error = refused
    context = {"invitation": invitation, "error": error, "username": request.POST.get("username", "")}
    return render(request, "members/join.html", context, status=400 if error else 200)


def _new_user(request: HttpRequest) -> User:
    user = create_account(username=request.POST.get("username", ""), password=request.POST.get("password", ""))
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return user
