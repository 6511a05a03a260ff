"""A forgotten password: a link by e-mail where the site sends any, and the page behind every such link."""

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotator.core.errors import InvalidError, NotFoundError
from projects.models import hash_key
from projects.services.passwords import ask_for_links, set_password_by_link, user_of_link


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link by e-mail. The answer is the same whether an account has the address or not.

    Requests for one address are counted as wrong passwords of a name are, lest somebody's letter box be flooded.
    """
    sent = request.method == "POST" and settings.EMAIL_CONFIGURED
    if sent:
        email = request.POST.get("email", "").strip()
        counted = {"username": f"forgotten password of {hash_key(email.lower())}"}
        if not AxesProxyHandler.is_allowed(request, counted):
            return get_lockout_response(request, credentials=counted)
        user_login_failed.send(__name__, credentials=counted, request=request)
        site = settings.SITE_URL or request.build_absolute_uri("/").rstrip("/")
        ask_for_links(email=email, site=site)
    context = {"sent": sent, "configured": settings.EMAIL_CONFIGURED}
    return render(request, "account/forgotten.html", context)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, key: str) -> HttpResponse:
    """Set a password by a link. It signs nobody in, so that a second factor is asked for as always."""
    error = None
    try:
        user = user_of_link(key)
        if request.method == "POST":
            set_password_by_link(key=key, password=request.POST.get("new_password", ""))
            messages.success(request, _("The password is set. Sign in with it."), extra_tags="good")
            return redirect("login")
    except NotFoundError:
        return render(request, "account/reset_used_up.html", status=404)
    except InvalidError as refused:
        error = refused
    context = {"username": user.username, "error": error}
    return render(request, "account/reset.html", context, status=400 if error else 200)
