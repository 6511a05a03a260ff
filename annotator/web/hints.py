"""The log of hints: written by the coding screen in the background, read by those who export."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_POST, require_safe

from annotator.core.errors import InvalidError
from annotator.models import AccessEntry
from annotator.queries.hint_log import logged_rounds
from annotator.services import access_log
from annotator.services.hints import HintAct, hint_log, log_hints
from annotator.web.coding import client_time
from projects.queries.access import own_assignment
from projects.web.pages import member_of, signed_in


@require_POST
def log_hint_acts(request: HttpRequest, slug: str, assignment_id: int) -> HttpResponse:
    assignment = own_assignment(signed_in(request).pk, assignment_id, slug=slug)
    log_hints(assignment=assignment, acts=read_acts(request.POST.get("acts", "")))
    return HttpResponse(status=204)


def read_acts(sent: str) -> list[HintAct]:
    """`[[uuid, unit, lexicon, number, value, start, end, act, time], ...]`; raises InvalidError for anything else."""
    try:
        return [_act(*row) for row in json.loads(sent)]
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise InvalidError("These acts on hints can't be read.") from error


def _act(
    uuid: str, unit: int, lexicon: str, number: int, value: str, start: int, end: int, act: str, time: str
) -> HintAct:
    unit, number, start, end = (_whole(given) for given in (unit, number, start, end))
    return HintAct(UUID(uuid), unit, _stored(lexicon), number, _stored(value), start, end, act, client_time(time))


def _whole(given: int) -> int:
    if not 0 <= int(given) < 2**31:
        raise ValueError(given)
    return int(given)


def _stored(given: str) -> str:
    """Text that a database takes: neither NUL nor half a character."""
    given.encode()
    if "\0" in given:
        raise ValueError(given)
    return given


@require_safe
def download_hint_log(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    member = member_of(request, slug, "export")
    access_log.note(member=member, rounds=logged_rounds(member), what=AccessEntry.What.HINTS)
    return StreamingHttpResponse(
        hint_log(member=member),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}-hints.csv"'},
    )
