"""The coding screen: where an annotator makes labels. One page an article; each choice is one small request."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from annotator.core.codebook import Codebook, Json
from annotator.core.errors import DomainError, InvalidError, NotAllowedError, NotFoundError
from annotator.queries.boundaries import to_settle
from annotator.queries.coding import Answer, CodingUnit, coding_units, has_finished, next_assignment, own_unit, place
from annotator.queries.hints import Hint, hints
from annotator.queries.notes import Thread, own_threads
from annotator.queries.training import is_barred, told_after, waiting_for
from annotator.services.gold_scores import keep_own_scores
from annotator.services.labels import ActiveTime, Choice, EventReusedError, Saved, StaleError
from annotator.services.late_labels import save_choice
from annotator.services.notes import leave_remark, remark_of
from annotator.services.training import conclude
from annotator.web.asking import Margin, asking, margin, words
from annotator.web.judged import Line, lines, tell_access
from projects.models import Assignment
from projects.permissions import require
from projects.queries.access import own_assignment
from projects.queries.codebooks import codebook
from projects.queries.masking import BYLINE, OUTLET, hidden_from, shown_title
from projects.queries.progress import scope_of
from projects.web.pages import member_of, page, signed_in

SPRITE = Path(__file__).resolve().parent.parent / "static" / "annotator" / "icons.svg"
MAP_GAP = 0.26
MAP_SEGMENTS = 400
"""The most that can be told apart on the map: in longer articles neighbours share a segment."""
MAP_GAPS = 20
"""The most that the gaps of the map take together, in per cent: long articles keep room for their sentences."""
LONG = 200
"""From so many units on, those near the one in hand are drawn first."""
# What a save refuses. A stale version is none of it: both answers are shown.
REFUSALS: dict[type[DomainError], int] = {
    InvalidError: 400,
    NotAllowedError: 403,
    NotFoundError: 404,
    EventReusedError: 422,
}


@dataclass(frozen=True)
class Answers:
    """What the annotator said of one unit: in words for the margin, and as JSON for the browser."""

    unit: int
    margin: Margin
    labels: str
    waits: bool


@dataclass(frozen=True)
class Row:
    """A unit of the reading column. `asked` = there is a question on it."""

    unit: CodingUnit
    asked: bool
    answers: Answers
    hints: str = ""
    thread: Thread | None = None


@dataclass(frozen=True)
class Earlier:
    """An answer in words, and the words of the unit that it was given on."""

    answer: str
    words: str


@dataclass(frozen=True)
class Segment:
    """One or some units on the map of the article: place and width in per cent."""

    x: str
    width: str
    state: str


@require_safe
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """To the next article, or to a page that says that there is none."""
    member = member_of(request, slug, "annotate")
    keep_own_scores(member)
    concluded = conclude(member)
    if concluded is not None:
        return redirect("training", slug, concluded.pk)
    assignment_id = next_assignment(member)
    if assignment_id is not None:
        return redirect("coding", slug, assignment_id)
    waits = waiting_for(member)
    return page(request, member, "coding/nothing.html", {"finished": has_finished(member), "waits": waits})


@require_safe
@ensure_csrf_cookie
def coding(request: HttpRequest, slug: str, assignment_id: int) -> HttpResponse:
    user = signed_in(request)
    assignment = own_assignment(user.pk, assignment_id, slug=slug)
    require(assignment.member, "annotate")
    if is_barred(assignment):
        return redirect("code", slug)
    book = codebook(assignment.round.codebook_version_id)
    units, threads = coding_units(assignment, book), own_threads(assignment)
    found = hints(assignment, book, units)
    rows = [row(book, unit, found.of.get(unit.id, ()), threads.get(unit.id)) for unit in units]
    hidden = hidden_from(assignment)
    shown = [row for row in rows if (row.unit.index or row.asked) and row.unit.kind not in hidden]
    context = {
        "assignment": assignment,
        "place": place(assignment),
        "book": book,
        "asking": asking(book),
        "about": about(assignment),
        "title": shown_title(assignment),
        "rows": shown,
        "is_long": len(shown) > LONG,
        "map": map_segments(shown),
        "direction": direction(assignment.text_version.text),
        "earlier": earlier_answers(assignment, book, rows),
        "sprite": sprite(),
        "lexicons": compact(found.lexicons),
    }
    return render(request, "coding/screen.html", context)


@require_POST
def save(request: HttpRequest, slug: str, assignment_id: int) -> HttpResponse:
    """Store one choice and answer with the margin of its unit and the counter, about 1 KB."""
    try:
        choice = read_choice(request.POST)
        assignment, unit = own_unit(signed_in(request).pk, assignment_id, choice.unit, slug=slug)
        saved = save_choice(assignment=assignment, choice=choice, unit=unit)
    except StaleError as error:
        return _conflict(request, assignment, choice, error)
    except tuple(REFUSALS) as error:
        return _refused(request, error)
    return _saved(request, assignment, unit.index, saved)


@require_POST
def note(request: HttpRequest, slug: str, assignment_id: int) -> HttpResponse:
    """Store a note or the flag of one unit, and answer with its thread."""
    try:
        choice = read_choice(request.POST)
        remark = remark_of(choice.value)
        assignment, unit = own_unit(signed_in(request).pk, assignment_id, choice.unit, slug=slug)
        thread = leave_remark(assignment=assignment, unit=unit, uuid=choice.event, remark=remark)
    except tuple(REFUSALS) as error:
        return _refused(request, error)
    return render(request, "coding/_thread.html", {"thread": thread, "event": choice.event})


def read_choice(form: QueryDict) -> Choice:
    """The fields of a save; raises InvalidError naming the one that can't be read."""
    field = "event"
    try:
        event = UUID(form.get("event", ""))
        field = "unit"
        unit = int(form.get("unit", ""))
        field = "base_version"
        base_version = int(form.get("base_version", ""))
        field = "value"
        value: Json = json.loads(form.get("value", ""))
    except (ValueError, RecursionError) as error:
        raise InvalidError(f"The field {field} of this choice can't be read.") from error
    if base_version < 0:
        raise InvalidError("The field base_version of this choice can't be read.")
    active = ActiveTime(_milliseconds(form.get("active_ms", "")), _milliseconds(form.get("elsewhere_ms", "")))
    time = client_time(form.get("client_time", ""))
    return Choice(event, unit, form.get("variable", ""), value, base_version, time, active)


def _milliseconds(sent: str) -> int | None:
    """A count that can't be right must not cost an answer either."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= 8 else None


def client_time(sent: str) -> datetime | None:
    """A wrong clock or form in the browser must not cost an answer: the server's time is there beside it."""
    try:
        found = parse_datetime(sent)
    except ValueError:
        return None
    if found is None or found.tzinfo is None:
        return None
    # In the first and the last year there are hours that other time zones have no date for.
    return found if MINYEAR < found.year < MAXYEAR else None


def _saved(request: HttpRequest, assignment: Assignment, index: int, saved: Saved) -> HttpResponse:
    book = codebook(assignment.round.codebook_version_id)
    context = {
        "event": saved.event,
        "answers": answers_of(book, saved.unit, index, saved.answers),
        "done": saved.units_done,
        "total": saved.units_total,
        "late": saved.late,
        "recoded": request.POST.get("codebook", "") not in ("", str(assignment.round.codebook_version.number)),
        "told": _told(assignment, saved) if assignment.round.feedback else (),
    }
    return render(request, "coding/_saved.html", context)


def _told(assignment: Assignment, saved: Saved) -> list[Line]:
    """What a training says of an answer."""
    found = told_after(assignment, saved.event)
    tell_access(assignment.member, found)
    return lines(found)


def _conflict(request: HttpRequest, assignment: Assignment, choice: Choice, error: StaleError) -> HttpResponse:
    variable = codebook(assignment.round.codebook_version_id).variable(choice.variable)
    context = {
        "event": choice.event,
        "variable": variable,
        "mine": words(variable, choice.value),
        "mine_at": choice.client_time,
        "other": words(variable, error.value),
        "other_at": error.saved_at,
        "other_value": json.dumps(error.value),
        "version": error.version,
    }
    return render(request, "coding/_conflict.html", context, status=409)


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    status = next(REFUSALS[kind] for kind in REFUSALS if isinstance(error, kind))
    context = {"event": request.POST.get("event", ""), "message": str(error)}
    return render(request, "coding/_refused.html", context, status=status)


def about(assignment: Assignment) -> list[str]:
    """Outlet, author and date above the article, but what the round keeps from its annotators."""
    article, hidden = assignment.text_version.article, hidden_from(assignment)
    outlet = "" if OUTLET in hidden else article.outlet
    author = "" if BYLINE in hidden else article.author
    return [part for part in (outlet, author, article.published_at) if part]


def row(book: Codebook, unit: CodingUnit, hints: Sequence[Hint] = (), thread: Thread | None = None) -> Row:
    asked = unit.codable and any(v.scope == unit.scope and not v.retired for v in book.variables)
    return Row(unit, asked, answers_of(book, unit.id, unit.index, unit.answers), compact(hints), thread)


def compact(rows: Sequence[Sequence[str | int]]) -> str:
    """Rows as short JSON for the browser, empty fields at their ends left out; nothing where there is none."""
    shortened = [row if row[-1] else row[:-1] for row in rows]
    return json.dumps(shortened, ensure_ascii=False, separators=(",", ":")) if rows else ""


def answers_of(book: Codebook, unit_id: int, index: int, answers: Mapping[str, Answer]) -> Answers:
    given = {key: answer.value for key, answer in answers.items()}
    labels = {key: [a.value, a.version, *([True] if a.to_confirm else [])] for key, a in answers.items()}
    written = json.dumps(labels, ensure_ascii=False, sort_keys=True)
    return Answers(unit_id, margin(book, scope_of(index), given), written, any(a.to_confirm for a in answers.values()))


def earlier_answers(assignment: Assignment, book: Codebook, rows: list[Row]) -> dict[tuple[int, str], list[Earlier]]:
    """What the annotator had said on units that were merged, by unit and variable of the question to settle."""
    answers = [answer for row in rows for answer in row.unit.answers.values()]
    if not any(answer.to_confirm and answer.value is None for answer in answers):
        return {}
    return {
        (asked.unit, asked.variable): [
            Earlier(words(book.variable(asked.variable), old.value), old.words) for old in asked.answers
        ]
        for asked in to_settle(assignment)
    }


def map_segments(rows: list[Row]) -> list[Segment]:
    """The units side by side, as wide as they are long."""
    each = -(-len(rows) // MAP_SEGMENTS) or 1
    groups = [rows[start : start + each] for start in range(0, len(rows), each)]
    lengths = [sum(max(len(row.unit.text), 12) for row in group) for group in groups]
    whole = sum(lengths)
    gap = min(MAP_GAP, MAP_GAPS / max(len(groups), 1))
    room = 100 - gap * (len(groups) - 1)
    segments, x = [], 0.0
    for group, length in zip(groups, lengths, strict=True):
        width = room * length / whole
        segments.append(Segment(f"{x:.3f}", f"{width:.3f}", map_state(group)))
        x += width + gap
    return segments


def map_state(rows: Sequence[Row]) -> str:
    asked = [row for row in rows if row.asked]
    if not asked:
        return "off"
    return "done" if all(row.unit.done for row in asked) else "todo"


def direction(text: str) -> str:
    """The direction of the first strong character, as `dir="auto"` finds it, for the column as a whole."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


@cache
def sprite() -> SafeString:
    """The icons inside the page: a request less on the screen that counts them."""
    return mark_safe(SPRITE.read_text(encoding="utf-8"))
