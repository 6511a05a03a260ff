"""What every page of a project shares: the checked membership and the tabs of the bar."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from annotator.core.errors import NotAllowedError, NotFoundError
from projects.models import Membership, User
from projects.permissions import can, require
from projects.queries import access, second_factor


@dataclass(frozen=True)
class Tab:
    view: str
    name: str
    url: str
    here: bool


def signed_in(request: HttpRequest) -> User:
    if isinstance(request.user, AnonymousUser):
        raise NotFoundError("Sign in first.")
    return request.user


def member_of(request: HttpRequest, slug: str, act: str) -> Membership:
    """The first line of a project's view: membership, then permission."""
    user = signed_in(request)
    member = access.membership(user, slug)
    require(member, act)
    if second_factor.is_lacking(member, user):
        raise NotAllowedError(_("Leads need a second factor on this site. Switch it on on your account page."))
    return member


def page(
    request: HttpRequest, member: Membership, template: str, context: Mapping[str, object], status: int = 200
) -> HttpResponse:
    """Render a page of a project with its bar."""
    shared = {"member": member, "tabs": tabs(request, member), "may_annotate": can(member, "annotate")}
    return render(request, template, {**shared, **context}, status=status)


def tabs(request: HttpRequest, member: Membership) -> list[Tab]:
    offered = [
        (_("Overview"), "overview", "view project"),
        (_("Articles"), "articles", "view articles"),
        (_("Codebook"), "codebook", "view codebook"),
        (_("Rounds"), "rounds", "view rounds"),
        (_("Notes"), "notes", "view notes"),
        (_("Agreement"), "agreement", "view agreement"),
        (_("Adjudicate"), "adjudication", "adjudicate"),
        (_("Export"), "export", "export"),
        (_("People"), "members", "view members"),
    ]
    result = []
    overview = reverse("overview", args=[member.project.slug])
    for name, view, act in offered:
        if can(member, act):
            url = reverse(view, args=[member.project.slug])
            here = request.path == url or (url != overview and request.path.startswith(url))
            result.append(Tab(view, name, url, here))
    return result
