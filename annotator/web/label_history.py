"""Labels of an article now or at a moment of the past, and what happened to those of one unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from annotator.core.codebook import Variable
from annotator.core.errors import InvalidError, NotFoundError
from annotator.models import AccessEntry, Event
from annotator.queries.datasets import is_hidden
from annotator.queries.editions import variables_of
from annotator.queries.label_history import Sheet, begun_shares, events_of, rounds_with, share_of, sheet_of
from annotator.services import access_log
from annotator.web.asking import words
from annotator.web.moments import asked_moment
from projects.models import Assignment, Membership, Round, Unit
from projects.permissions import can
from projects.queries import access
from projects.queries.masking import HEADLINE, hidden_from
from projects.web.numbers import number
from projects.web.pages import member_of, page

SHARES_AT_ONCE = 50


@dataclass(frozen=True)
class Said:
    """The answer to a question in words, and whether it waits to be confirmed."""

    question: str
    answer: str
    waits: bool


@dataclass(frozen=True)
class Cell:
    share: Assignment
    said: Sequence[Said]


@dataclass(frozen=True)
class Row:
    unit: Unit
    text: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Line:
    """One event in words."""

    event: Event
    question: str
    answer: str
    how: str


@require_safe
def article_labels(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """The labels of all who were given the article in `round`, from unit `from` on; with `as_of` as they stood then."""
    member = member_of(request, slug, "view labels of all")
    article = access.article(member, article_id)
    rounds = rounds_with(member, article)
    chosen = number(request.GET.get("round", ""))
    round = next((round for round in rounds if round.pk == chosen), rounds[0] if rounds and chosen is None else None)
    if rounds and round is None:
        raise NotFoundError("There is no such round with labels on this article.")
    at, error = _moment(request)
    sheet = sheet_of(round, article, at, _first(request)) if round else None
    if sheet is not None:
        access_log.note(member=member, rounds=[sheet.edition.round.pk], what=AccessEntry.What.ANSWERS)
    context = {"article": article, "title": article.title, "rounds": rounds, "round": round, "error": error}
    return _show(request, member, context | {"at": at, "hidden": frozenset()}, sheet, round)


@require_safe
def own_labels(request: HttpRequest, slug: str) -> HttpResponse:
    """The member's shares that he has begun, newest first, each with the way to its labels."""
    member = member_of(request, slug, "annotate")
    found = list(begun_shares(member, number(request.GET.get("before", "")))[: SHARES_AT_ONCE + 1])
    shown = found[:SHARES_AT_ONCE]
    context = {
        "shares": [(share, _title(member, share)) for share in shown],
        "older": shown[-1].pk if len(found) > SHARES_AT_ONCE else None,
    }
    return page(request, member, "label_history/own.html", context)


@require_safe
def share_labels(request: HttpRequest, slug: str, share_id: int) -> HttpResponse:
    """The labels of one share: for its annotator, and for who may see those of all."""
    member = member_of(request, slug, "view project")
    share = _visible(member, share_id)
    at, error = _moment(request)
    sheet = sheet_of(share.round, share.text_version.article, at, _first(request), only=share.pk)
    context = {"share": share, "title": _title(member, share), "round": share.round, "error": error, "at": at}
    return _show(request, member, context | {"hidden": _hidden(member, share)}, sheet, share.round)


@require_safe
def label_history(request: HttpRequest, slug: str, share_id: int, unit_id: int) -> HttpResponse:
    """Every change of an annotator's labels on one unit, in order."""
    member = member_of(request, slug, "view project")
    share = _visible(member, share_id)
    units = Unit.objects.select_related("text_version").filter(text_version__article=share.text_version.article_id)
    unit = units.exclude(kind__in=_hidden(member, share)).filter(pk=unit_id).first()
    if unit is None:
        raise NotFoundError("There is no such sentence in this article.")
    asked = variables_of(share.round)
    context = {
        "share": share,
        "title": _title(member, share),
        "unit": unit,
        "words": unit.text_version.text[unit.start : unit.end] if unit.index else "",
        "lines": [_line(event, asked) for event in events_of(share, unit)],
    }
    return page(request, member, "label_history/history.html", context)


def _show(
    request: HttpRequest, member: Membership, context: dict[str, object], sheet: Sheet | None, round: Round | None
) -> HttpResponse:
    asked = variables_of(round) if round else {}
    hidden = context["hidden"]
    rows = [row for row in _rows(sheet, asked) if row.unit.kind not in hidden] if sheet else []  # type: ignore[operator]
    shown = {"sheet": sheet, "rows": rows, "may_restore": can(member, "restore labels")}
    return page(request, member, "label_history/sheet.html", context | shown, status=400 if context["error"] else 200)


def _rows(sheet: Sheet, asked: Mapping[str, Variable]) -> Sequence[Row]:
    places = {key: place for place, key in enumerate(asked)}
    rows = []
    for unit in sheet.units:
        cells = []
        for share in sheet.shares:
            given = sheet.labels.get((share.pk, unit.pk), {})
            keys = sorted((key for key in given if key in asked), key=lambda key: places[key])
            said = [Said(asked[key].label, words(asked[key], given[key][0]), given[key][1]) for key in keys]
            cells.append(Cell(share, said))
        if unit.codable or any(cell.said for cell in cells):
            rows.append(Row(unit, sheet.text.text[unit.start : unit.end] if unit.index else "", cells))
    return rows


def _visible(member: Membership, share_id: int) -> Assignment:
    """A share whose labels the member may see: his own, or by his role and not in a round that is blind to him."""
    share = share_of(member, share_id)
    if share is not None and share.member_id == member.pk and can(member, "annotate"):
        return share
    if share is None or not can(member, "view labels of all") or is_hidden(member, share.round_id):
        raise NotFoundError("There is no such share.")
    access_log.note(member=member, rounds=[share.round_id], what=AccessEntry.What.ANSWERS)
    return share


def _hidden(member: Membership, share: Assignment) -> frozenset[str]:
    """The kinds of unit that a round keeps from its annotators."""
    if can(member, "view articles"):
        return frozenset()
    return hidden_from(share)


def _title(member: Membership, share: Assignment) -> str:
    return "" if HEADLINE in _hidden(member, share) else share.text_version.article.title


def _moment(request: HttpRequest) -> tuple[datetime | None, InvalidError | None]:
    try:
        return asked_moment(request), None
    except InvalidError as error:
        return None, error


def _first(request: HttpRequest) -> int:
    return number(request.GET.get("from", "")) or 0


def _line(event: Event, asked: Mapping[str, Variable]) -> Line:
    variable = asked.get(event.variable)
    if variable is None:
        return Line(event, event.variable, str(event.value), _how(event))
    return Line(event, variable.label, words(variable, event.value), _how(event))


def _how(event: Event) -> str:
    """Who or what made the event."""
    if event.restore is not None:
        if event.restore.undone_at is not None and event.server_time >= event.restore.undone_at:
            return _("restoring was undone")
        then = date_format(localtime(event.restore.as_of), "j M Y, H:i")
        return _("put back by a lead as it stood on %(then)s") % {"then": then}
    if event.move is not None:
        back = event.move.undone_at is not None and event.server_time >= event.move.undone_at
        version = event.move.from_version if back else event.move.to_version
        told = _("came along to version %(number)s of the codebook") % {"number": version.number}
        return _("%(told)s, to be confirmed") % {"told": told} if event.to_confirm else told
    if event.to_confirm is not None:
        if event.to_confirm:
            return _("came along when boundaries were mended, to be confirmed")
        return _("came along when boundaries were mended")
    return _("taken back") if event.value is None else _("answered")
