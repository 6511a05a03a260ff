"""What a service refuses, as an answer of the API: mapped here, once."""

from collections.abc import Mapping

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from annotator.core.errors import ConflictError, DomainError, InvalidError, NotAllowedError, NotFoundError
from annotator.services.labels import EventReusedError, StaleError

# The first that fits holds: the narrower kinds come before the wider.
STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotFoundError, 404),
    (NotAllowedError, 403),
    (InvalidError, 400),
    (EventReusedError, 422),
    (ConflictError, 409),
)


def answer_error(error: Exception, context: Mapping[str, object]) -> Response | None:
    """The exception handler of REST framework. What it doesn't know is a fault of ours, and left to Django."""
    for kind, status in STATUS:
        if isinstance(error, kind):
            return Response(_body(error, context), status=status)
    return exception_handler(error, dict(context))


def _body(error: DomainError, context: Mapping[str, object]) -> dict[str, object]:
    body: dict[str, object] = {"detail": str(error)}
    if isinstance(error, StaleError):
        body |= {"yours": _sent(context).get("value"), "theirs": error.value, "version": error.version}
    if isinstance(error, InvalidError) and error.problems:
        body["problems"] = list(error.problems)
    return body


def _sent(context: Mapping[str, object]) -> Mapping[str, object]:
    request = context.get("request")
    data = request.data if isinstance(request, Request) else None
    return data if isinstance(data, Mapping) else {}
