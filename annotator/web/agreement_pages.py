"""What the pages of the report share: which round they are about, who may see it, and parts that are pages too."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse

from annotator.core.errors import NotFoundError
from annotator.models import AccessEntry
from annotator.queries.rated import name_of
from annotator.queries.reports import newest_comparable
from annotator.services import access_log
from annotator.services.long_reports import require_shown
from projects.models import Membership, Round
from projects.queries import access
from projects.queries.codebooks import codebook
from projects.web.numbers import number
from projects.web.pages import page


def chosen_round(member: Membership, wanted: str) -> Round | None:
    """The round with this number; without one the newest that can be compared, None where there is none."""
    if not wanted:
        return newest_comparable(member.project_id)
    chosen = number(wanted)
    if chosen is None:
        raise NotFoundError("There is no such round.")
    return access.round_of(member, chosen)


def shown_round(request: HttpRequest, member: Membership, what: AccessEntry.What = AccessEntry.What.REPORT) -> Round:
    """The round that was asked for, if this member may see its agreement now; that he does is noted as `what`."""
    round = chosen_round(member, (request.POST if request.method == "POST" else request.GET).get("round", ""))
    if round is None:
        raise NotFoundError("No round has labels yet.")
    require_shown(member, round)
    if request.method != "POST":
        access_log.note(member=member, rounds=[round.pk], what=what)
    return round


def part_or_page(
    request: HttpRequest, member: Membership, round: Round, key: str, part: str, context: Mapping[str, object]
) -> HttpResponse:
    """A part of the report on the variable `key`: for htmx alone, else as a page of its own."""
    shared = {"round": round, "variable": key, **context}
    if request.headers.get("HX-Request") == "true":
        return page(request, member, part, shared)
    name = name_of(codebook(round.codebook_version_id), key)
    return page(request, member, "agreement/part_page.html", {**shared, "part": part, "name": name})
