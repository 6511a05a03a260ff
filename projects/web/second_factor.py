"""The page of one's second factor: set it up, make new recovery codes, switch it off."""

from base64 import b32encode

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotator.core.errors import ConflictError, InvalidError
from projects.queries.second_factor import begun, is_on, recovery_codes_left
from projects.services.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    make_recovery_codes,
    switch_off_second_factor,
)
from projects.web.pages import signed_in
from projects.web.sign_in import refuse_wrong_password


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Whether it is on, and while it is being set up what an app reads. A POST holds the app's first code."""
    if request.method != "POST":
        return _show(request)
    try:
        return _show(request, codes=confirm_second_factor(user=signed_in(request), code=request.POST.get("code", "")))
    except InvalidError as error:
        return _show(request, error=error)


@never_cache
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    try:
        refuse_wrong_password(request)
        begin_second_factor(user=signed_in(request))
    except (InvalidError, ConflictError) as error:
        return _show(request, error=error)
    return redirect("second_factor")


@never_cache
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    try:
        return _show(request, codes=make_recovery_codes(user=signed_in(request), code=request.POST.get("code", "")))
    except InvalidError as error:
        return _show(request, error=error)


@never_cache
@require_POST
def switch_off(request: HttpRequest) -> HttpResponse:
    try:
        switch_off_second_factor(user=signed_in(request), code=request.POST.get("code", ""))
    except InvalidError as error:
        return _show(request, error=error)
    messages.success(request, _("The second factor is off: your password is enough."), extra_tags="good")
    return redirect("account")


def _show(
    request: HttpRequest, *, codes: list[str] | None = None, error: InvalidError | ConflictError | None = None
) -> HttpResponse:
    user = signed_in(request)
    on = is_on(user)
    device = None if on else begun(user)
    context = {
        "on": on,
        "left": recovery_codes_left(user) if on else 0,
        "secret": _grouped(device.bin_key) if device else "",
        "picture": segno.make(device.config_url, error="m").svg_data_uri(scale=4, light="#fff") if device else "",
        "codes": codes,
        "error": error,
    }
    return render(request, "account/second_factor.html", context, status=400 if error else 200)


def _grouped(key: bytes) -> str:
    """The secret as apps want it typed, in groups of four."""
    secret = b32encode(key).decode()
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
