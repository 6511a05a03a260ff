"""The overview of a project: to who leads, what to do next and how far everything is; to an annotator, his own work."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from annotator.core.forecast import Forecast
from annotator.formats.reports import short
from annotator.models import AccessEntry
from annotator.queries.alpha_so_far import AlphaSoFar, QuestionFigure, keep_so_far, kept_so_far
from annotator.queries.dashboard import Overview, Person, RoundState, overview_of
from annotator.queries.datasets import is_hidden
from annotator.queries.notes import unanswered, with_words
from annotator.queries.pace import Pace
from annotator.queries.ready_reports import is_long
from annotator.queries.reports import kept_report
from annotator.services import access_log
from annotator.web.charts import Drawn, drawn, tone_of, verdict_name
from annotator.web.next_steps import next_steps, reason_words
from annotator.web.notes import Row, row_of
from projects.models import Membership, Round
from projects.permissions import can
from projects.queries import overview
from projects.queries.access import round_of
from projects.queries.codebooks import codebook
from projects.web.numbers import number
from projects.web.pages import member_of, page

AT_FIRST = 12
"""So many annotators are listed unless somebody asks for all."""
NOTES_SHOWN = 3


@dataclass(frozen=True)
class Bar:
    """One day of the chart; place and height in the units of its view box."""

    day: date
    units: int
    x: int
    y: float
    height: float


@dataclass(frozen=True)
class QuestionLine:
    """One question: how many answers of how many units, and its alpha so far."""

    label: str
    answers: int
    of: int


@dataclass(frozen=True)
class AlphaLine:
    key: str
    label: str
    figure: Drawn
    verdict: str


@dataclass(frozen=True)
class Ending:
    """The forecast as dates; `latest` is None where it can't be told."""

    earliest: date
    middle: date
    latest: date | None
    is_late: bool


@dataclass(frozen=True)
class RoundLine:
    state: RoundState
    weakest: str


@dataclass(frozen=True)
class PersonLine:
    person: Person
    reasons: Sequence[str] = field(default=())


@require_safe
def project_overview(request: HttpRequest, slug: str) -> HttpResponse:
    """`round` is the one looked at, `all=1` lists all its annotators."""
    member = member_of(request, slug, "view project")
    if not can(member, "view rounds"):
        return page(request, member, "overview/own.html", {"work": overview.work_of(member)})
    found = overview_of(member, number(request.GET.get("round", "")))
    notes = _notes(member)
    _log(member, found, notes)
    context = {
        "overview": found,
        "rounds": [RoundLine(state, _weakest(state)) for state in found.rounds],
        "steps": next_steps(member, found),
        "set_up": found.set_up if can(member, "manage rounds") and not found.set_up.complete else None,
        "work": found.own,
        "may_manage": can(member, "manage rounds"),
        "notes": notes,
        **(_of_round(request, member, found, found.focus, found.pace) if found.focus and found.pace else {}),
    }
    return page(request, member, "overview/overview.html", context)


@require_safe
def agreement_so_far(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """The part of the page that may take a second: of a short round computed, of a long one as it was kept."""
    member = member_of(request, slug, "view agreement")
    round = round_of(member, round_id)
    context: dict[str, object] = {"member": member, "round": round, "is_hidden": is_hidden(member, round.pk)}
    if not context["is_hidden"]:
        context |= {"is_long": is_long(round)}
        access_log.note(member=member, rounds=[round.pk], what=AccessEntry.What.REPORT)
        context |= alpha_context(kept_so_far(round) if context["is_long"] else keep_so_far(round, kept_report(round)))
    return render(request, "overview/_alpha.html", context)


def _log(member: Membership, found: Overview, notes: Sequence[Row]) -> None:
    """Who has read of which rounds what others answered."""
    report, asked = AccessEntry.What.REPORT, AccessEntry.What.NOTES
    others = [row.note.round_id for row in notes if row.note.member_id != member.pk]
    access_log.note(member=member, rounds=[state.round.pk for state in found.rounds if state.alpha], what=report)
    access_log.note(member=member, rounds=others, what=asked)
    if found.focus and can(member, "manage members") and any(person.gold for person in found.people):
        access_log.note(member=member, rounds=[found.focus.round.pk], what=AccessEntry.What.OVERVIEW)


def _of_round(
    request: HttpRequest, member: Membership, found: Overview, focus: RoundState, pace: Pace
) -> dict[str, object]:
    people = found.people if can(member, "manage members") else []
    shown = people if request.GET.get("all") else people[:AT_FIRST]
    left = focus.progress.total - focus.progress.done
    return {
        "focus": focus,
        "percent": 100 * focus.progress.done // max(1, focus.progress.total),
        "ending": _ending(pace.forecast(left), focus.round) if focus.is_open and left else None,
        "left": left if focus.is_open else 0,
        "bars": bars(pace),
        "week": sum(pace.by_day[-7:]),
        "people": [PersonLine(person, [reason_words(reason) for reason in person.reasons]) for person in shown],
        "more_people": len(people) - len(shown),
        "questions": _questions(focus, found.people, pace),
        **alpha_context(focus.alpha),
    }


def _weakest(state: RoundState) -> str:
    weakest = state.alpha.weakest if state.alpha else None
    return "" if weakest is None or weakest.value is None else short(weakest.value)


def alpha_context(alpha: AlphaSoFar | None) -> dict[str, object]:
    if alpha is None:
        return {"alpha": None}
    figures = [one for one in alpha.questions if one.verdict != "no figure"]
    return {"alpha": alpha, "figures": [_alpha_line(one) for one in figures]}


def _alpha_line(one: QuestionFigure) -> AlphaLine:
    shown = drawn(one.figure, floor=0.0, tone=tone_of(one.verdict))
    return AlphaLine(one.key, one.label, shown, verdict_name(one.verdict))


def bars(pace: Pace) -> list[Bar]:
    """A bar a day, today's last, on a view box of 300 by 60."""
    highest, width = max([1, *pace.by_day]), 300 // len(pace.days)
    return [
        Bar(day, units, place * width, round(60 - 60 * units / highest, 1), round(60 * units / highest, 1))
        for place, (day, units) in enumerate(zip(pace.days, pace.by_day, strict=True))
    ]


def _ending(found: Forecast | None, of: Round) -> Ending | None:
    if found is None:
        return None
    today = timezone.localdate()
    latest = None if found.latest is None else today + timedelta(days=found.latest)
    middle = today + timedelta(days=found.middle)
    return Ending(today + timedelta(days=found.earliest), middle, latest, of.due_on is not None and middle > of.due_on)


def _questions(focus: RoundState, people: Sequence[Person], pace: Pace) -> list[QuestionLine]:
    """Of the round's codebook; a question on the whole article counts by articles."""
    articles = sum(person.standing.articles for person in people)
    return [
        QuestionLine(
            question.label,
            max(0, pace.answers.get(question.key, 0)),
            articles if question.scope == "article" else focus.progress.total,
        )
        for question in codebook(focus.round.codebook_version_id).variables
        if not question.retired
    ]


def _notes(member: Membership) -> list[Row]:
    """The newest that nobody has answered, for who answers."""
    if not can(member, "answer notes"):
        return []
    newest = unanswered(member).filter(flag=False).prefetch_related(None)
    return [row_of(note) for note in with_words(newest)[:NOTES_SHOWN]]
