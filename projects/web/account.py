"""The signed-in user's own page: who he is, how he signs in, his projects, his keys to the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.errors import InvalidError
from projects.models import Token
from projects.queries import access, second_factor
from projects.queries.accounts import services_of
from projects.queries.tokens import tokens_of
from projects.services.tokens import LONGEST_DAYS, MadeToken, make_token, revoke_token
from projects.web.numbers import number
from projects.web.pages import signed_in


@dataclass(frozen=True)
class TokenLine:
    """A token, and the titles of its user's projects by id."""

    token: Token
    titles: Mapping[int, str]

    @property
    def projects(self) -> list[str]:
        """Of those that it is for; empty where it is for all."""
        return [self.titles.get(project, _("one that you left")) for project in self.token.projects or ()]


TYPED = ("name", "shown_name", "username", "email")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The account, and a form for a new token. Its key is on the answer to the POST only, and kept nowhere."""
    if request.method != "POST":
        return show_account(request)
    try:
        return show_account(request, made=_make(request))
    except InvalidError as refused:
        return show_account(request, error=refused)


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    revoke_token(user=signed_in(request), token_id=token_id)
    messages.success(request, _("The token is revoked: its key opens nothing any more."), extra_tags="good")
    return redirect("account")


def show_account(
    request: HttpRequest, *, made: MadeToken | None = None, error: InvalidError | None = None
) -> HttpResponse:
    """The page. Where something was refused, with what was typed."""
    user = signed_in(request)
    stands = {"name": "", "shown_name": user.get_full_name(), "username": user.username, "email": user.email}
    typed = {field: request.POST.get(field, stands[field]) for field in TYPED} if error else stands
    memberships = list(access.memberships(user))
    titles = {member.project_id: member.project.title for member in memberships}
    context = {
        "typed": typed,
        "tokens": [TokenLine(token, titles) for token in tokens_of(user)],
        "memberships": memberships,
        "services": services_of(user),
        "second_factor_is_on": second_factor.is_on(user),
        "made": made,
        "error": error,
        "longest": LONGEST_DAYS,
    }
    return render(request, "account/account.html", context, status=400 if error else 200)


def _make(request: HttpRequest) -> MadeToken:
    return make_token(
        user=signed_in(request),
        name=request.POST.get("name", ""),
        scope=request.POST.get("scope", Token.Scope.READ),
        days=number(request.POST.get("days", "")) or 0,
        projects=_projects(request.POST.getlist("project")),
    )


def _projects(chosen: Sequence[str]) -> list[int] | None:
    """None where none is ticked: then the token is for all."""
    ids = [number(one) for one in chosen]
    return [one or 0 for one in ids] or None
