"""Who asks: a key in the header `Authorization: Bearer <key>`, else the session of a signed-in browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from projects.models import Token, User
from projects.queries.tokens import usable_token
from projects.services.tokens import note_use

if TYPE_CHECKING:
    # The views import their default authentication, which is here.
    from rest_framework.views import APIView


class TokenAuthentication(BaseAuthentication):
    """A request with a key carries no cookie's authority, so that it needs no CSRF token."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        scheme, _space, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = usable_token(key.strip())
        if token is None:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked. Make a new one on /account/."))
        note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class WithinScope(BasePermission):
    """A token of scope read changes nothing."""

    message = "This token may only read. Make one with the scope “write” on /account/."

    def has_permission(self, request: Request, view: APIView) -> bool:
        token = request.auth
        return not isinstance(token, Token) or token.scope == Token.Scope.WRITE or request.method in SAFE_METHODS


class TokenScheme(OpenApiAuthenticationExtension):
    """Tells the schema how a key is sent."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
