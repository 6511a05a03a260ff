"""The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): what creates something is done once."""

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.models import Token
from projects.services import answered_requests

from .reach import caller

HEADER = "Idempotency-Key"
# A structured field string in quotes; bare keys are common.
_KEY = re.compile(r'"?([\x21\x23-\x5b\x5d-\x7e]{1,255})"?')
View = TypeVar("View", bound=APIView)
Named = ParamSpec("Named")
Post = Callable[Concatenate[View, Request, Named], Response]


def once(post: Post[View, Named]) -> Post[View, Named]:
    """Heed the header: within a day a repeat gets the first request's answer, and does nothing."""

    @wraps(post)
    def answered(view: View, request: Request, *args: Named.args, **named: Named.kwargs) -> Response:
        sent = request.headers.get(HEADER)
        if sent is None:
            return post(view, request, *args, **named)
        claimed, is_new = answered_requests.claim(
            user=caller(request), key_hash=_key_hash(request, sent), request_sha256=_sha256(_written(request))
        )
        if not is_new:
            return Response(claimed.answer, status=claimed.status)
        try:
            answer = post(view, request, *args, **named)
        except Exception:
            answered_requests.let_go(claimed=claimed)
            raise
        told = json.loads(JSONRenderer().render(answer.data))
        answered_requests.answer(claimed=claimed, status=answer.status_code, answer=told)
        return answer

    told = "A key of your own, new for each request. Within 24 hours a repeat gets the first answer and does nothing."
    key = OpenApiParameter(HEADER, str, OpenApiParameter.HEADER, description=told)
    documented: Post[View, Named] = extend_schema(parameters=[key])(answered)
    return documented


def _key_hash(request: Request, sent: str) -> str:
    """Another token's keys are others."""
    key = _KEY.fullmatch(sent.strip())
    if key is None:
        raise ParseError(f"{HEADER}: 1 to 255 printable characters of ASCII without spaces, quotes and backslashes.")
    return _sha256(f"{request.auth.pk if isinstance(request.auth, Token) else ''} {key[1]}")


def _written(request: Request) -> str:
    return f"{request.method} {request.get_full_path()} {json.dumps(request.data, sort_keys=True)}"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
