"""The signed-in user's own page: his keys to the API."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.errors import InvalidError
from projects.models import Token
from projects.queries.tokens import tokens_of
from projects.services.tokens import LONGEST_DAYS, MadeToken, make_token, revoke_token
from projects.web.numbers import number
from projects.web.pages import signed_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The tokens, and a form for a new one. Its key is on the answer to the POST only, and kept nowhere."""
    user = signed_in(request)
    made, error = None, None
    if request.method == "POST":
        try:
            made = _make(request)
        except InvalidError as refused:
            error = refused
    context = {
        "tokens": tokens_of(user),
        "made": made,
        "error": error,
        "name": request.POST.get("name", "") if error else "",
        "longest": LONGEST_DAYS,
    }
    return render(request, "account/account.html", context, status=400 if error else 200)


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    revoke_token(user=signed_in(request), token_id=token_id)
    messages.success(request, _("The token is revoked: its key opens nothing any more."), extra_tags="good")
    return redirect("account")


def _make(request: HttpRequest) -> MadeToken:
    return make_token(
        user=signed_in(request),
        name=request.POST.get("name", ""),
        scope=request.POST.get("scope", Token.Scope.READ),
        days=number(request.POST.get("days", "")) or 0,
    )
