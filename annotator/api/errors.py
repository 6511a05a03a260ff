"""What is refused, as an answer of the API: a problem of RFC 9457, made here, once.

The messages by field stand under `errors`, and once more beside it under the fields' own names, where no member of
the problem is called so: scripts of before RFC 9457 read them there.
"""

from collections.abc import Mapping
from http import HTTPStatus

from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, Throttled, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from annotator.api.problems import MEDIA_TYPE
from annotator.core.errors import ConflictError, DomainError, InvalidError, NotAllowedError, NotFoundError
from annotator.services.decisions import StaleDecisionError
from annotator.services.labels import EventReusedError, StaleError
from projects.api.throttling import refuse_flood
from projects.services.answered_requests import OtherRequestError

# The first that fits holds: the narrower kinds come before the wider.
STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotFoundError, 404),
    (NotAllowedError, 403),
    (InvalidError, 400),
    (EventReusedError, 422),
    (OtherRequestError, 422),
    (ConflictError, 409),
)
Problem = dict[str, object]


def answer_error(error: Exception, context: Mapping[str, object]) -> Response | None:
    """The exception handler of REST framework. What it doesn't know is a fault of ours, and left to Django."""
    request = context.get("request")
    sent = request.data if isinstance(request, Request) and isinstance(error, ConflictError) else {}
    if isinstance(error, NotAuthenticated | AuthenticationFailed) and isinstance(request, Request):
        error = _or_throttled(request, error)
    told = problem(error, sent if isinstance(sent, Mapping) else {})
    if told is not None:
        return Response(told, status=int(str(told["status"])), content_type=MEDIA_TYPE)
    answer = exception_handler(error, dict(context))
    if answer is not None:
        answer.data = _of_framework(error, answer)
        answer.content_type = MEDIA_TYPE
    return answer


def _or_throttled(request: Request, error: Exception) -> Exception:
    """REST framework counts the requests of those alone whom it knows."""
    try:
        refuse_flood(request)
    except Throttled as too_many:
        return too_many
    return error


def problem(error: Exception, sent: Mapping[str, object]) -> Problem | None:
    """What a service refused; `sent` is what it refused to take. None where the error is another."""
    status = next((status for kind, status in STATUS if isinstance(error, kind)), None)
    if status is None:
        return None
    more: Problem = {}
    if isinstance(error, StaleError):
        more = {"yours": sent.get("value"), "theirs": error.value, "version": error.version}
    elif isinstance(error, StaleDecisionError):
        theirs = error.decision
        more = {"yours": sent.get("value"), "theirs": theirs.value, "version": theirs.version}
    elif isinstance(error, InvalidError) and error.problems:
        more = {"problems": list(error.problems)}
    return _told(status, str(error), more)


def field_problem(error: ValidationError) -> Problem:
    """Fields that can't be taken, each with its messages."""
    errors = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
    return dict(errors) | _told(HTTPStatus.BAD_REQUEST, _first(errors), {"errors": errors})


def _of_framework(error: Exception, answer: Response) -> Problem:
    if isinstance(error, ValidationError):
        return field_problem(error)
    more: Problem = {}
    if isinstance(error, Throttled):
        more = {"retry_after": int(answer.headers.get("Retry-After", 1))}
    return _told(answer.status_code, str(answer.data["detail"]), more)


def _told(status: int, detail: str, more: Mapping[str, object]) -> Problem:
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status), "detail": detail, **more}


def _first(errors: object) -> str:
    """The first message, with the field that it is about before it."""
    if isinstance(errors, Mapping):
        field, below = next(iter(errors.items()))
        return f"{field}: {_first(below)}"
    if isinstance(errors, list | tuple):
        return _first(errors[0])
    return str(errors)
