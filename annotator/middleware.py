"""What every answer passes through."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from annotator.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
GetResponse = Callable[[HttpRequest], HttpResponseBase]


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """No inline script or style, no eval, no request to another host, on every answer."""

    # A form that signs in by another service is led there.
    policy = POLICY.replace("form-action 'self'", " ".join(["form-action 'self'", *settings.SSO.origins]))

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers["Content-Security-Policy"] = policy
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response

    return middleware


def never_stored(get_response: GetResponse) -> GetResponse:
    """What a signed-in user is served stays in no cache of a computer that others use."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


class DomainErrors:
    """Maps what a service refuses to an answer, once for all pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotFoundError):
            raise Http404(str(error)) from error
        for kind, status in STATUS.items():
            if isinstance(error, kind):
                return render(request, "errors/refused.html", {"error": error}, status=status)
        return None


STATUS: dict[type[Exception], int] = {NotAllowedError: 403, InvalidError: 400, ConflictError: 409}
