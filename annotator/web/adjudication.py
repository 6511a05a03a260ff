"""The bench of an adjudicator: a queue of disagreements, one case of it with its form, and what was decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from annotator.core.codebook import Variable
from annotator.core.errors import DomainError, InvalidError, NotFoundError
from annotator.models import AccessEntry, Decision
from annotator.queries.adjudication import decided_today, last_undoable, unit_of_round, visible_rounds
from annotator.queries.bench import MOST_LISTED, Item, Order, Queue, Show, questions, queue, words_of_units
from annotator.queries.cases import Case, case_of
from annotator.queries.datasets import is_hidden
from annotator.queries.reports import newest_comparable
from annotator.services import access_log
from annotator.services.adjudication import take_off_queue
from annotator.services.decisions import Ruling, StaleDecisionError, decide, take_back, undo_last
from annotator.services.labels import EventReusedError
from annotator.web.case_form import case_form, sent, told, value_sent
from projects.models import Membership, Round
from projects.queries import access
from projects.web.numbers import number
from projects.web.pages import member_of, page

LISTED = 25
ORDERS: Mapping[Order, Promise] = {
    "hardest": gettext_lazy("hardest first"),
    "alpha": gettext_lazy("cost to alpha"),
    "text": gettext_lazy("as in the text"),
}
SHOWN: Mapping[Show, Promise] = {
    "open": gettext_lazy("to settle"),
    "discussed": gettext_lazy("in discussion"),
    "changed": gettext_lazy("changed since"),
    "decided": gettext_lazy("decided"),
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a round, one of its questions or all of them, in which order, and which case."""

    round: Round
    variables: Sequence[Variable]
    question: str
    order: Order
    show: Show
    at: str

    @property
    def fields(self) -> dict[str, str]:
        given = {"round": str(self.round.pk), "question": self.question, "order": self.order, "show": self.show}
        return {name: value for name, value in given.items() if value}

    def address(self, item: Item | None = None) -> str:
        at = {"at": item.key} if item else {}
        return f"{reverse('adjudication', args=[self.round.project.slug])}?{urlencode(self.fields | at)}"


@dataclass(frozen=True)
class Line:
    """A row of the queue; `heading` is the question's name where a new one begins."""

    item: Item
    address: str
    words: str
    heading: str

    @property
    def split(self) -> str:
        return " : ".join(map(str, self.item.split))


@dataclass(frozen=True)
class Trouble:
    """Why a decision was not taken, and what was sent. `theirs` is what stands there now, where somebody was first."""

    error: DomainError
    reason: str
    mine: str = ""
    mine_sent: str = ""
    theirs: str = ""
    status: int = 400


@require_safe
def adjudication(request: HttpRequest, slug: str) -> HttpResponse:
    """`?round=&question=&order=&show=&at=`: without `at` the first of the queue."""
    member = member_of(request, slug, "adjudicate")
    return _bench(request, member, request.GET)


@require_POST
def decide_case(request: HttpRequest, slug: str) -> HttpResponse:
    """Decide the case that the form names, or put it up for discussion, and go on to the next."""
    member = member_of(request, slug, "adjudicate")
    form = request.POST
    asked = _asked(member, form)
    case = _case(asked, asked.at)
    ruling = None
    try:
        ruling = _ruling(case, form)
        decision = decide(member=member, ruling=ruling)
    except StaleDecisionError as error:
        return _bench(request, member, form, _too_late(case, ruling, error))
    except (InvalidError, EventReusedError) as error:
        status = 422 if isinstance(error, EventReusedError) else 400
        return _bench(request, member, form, Trouble(error, form.get("reason", ""), status=status))
    messages.success(request, _told(case, decision), "good")
    following = queue(member, asked.round, asked.variables, asked.order, asked.show).after(asked.at)
    return redirect(asked.address(following))


@require_POST
def undo_decision(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back the last own decision of the round, or the one that `at` names, and show its case."""
    member = member_of(request, slug, "adjudicate")
    asked = _asked(member, request.POST)
    try:
        decision = _taken_back(member, asked, number(request.POST.get("base", "")) or 0)
    except (InvalidError, StaleDecisionError) as error:
        messages.warning(request, str(error), "doubt")
        return redirect(asked.address())
    messages.success(request, _("Undone. The history keeps what it was."), "good")
    return redirect(asked.address(Item(decision.unit_id, decision.variable)))


def _taken_back(member: Membership, asked: Asked, base: int) -> Decision:
    if not asked.at:
        return undo_last(member=member, round=asked.round)
    case = _case(asked, asked.at)
    return take_back(member=member, round=asked.round, unit=case.unit, variable=case.variable.key, base_version=base)


@require_POST
def leave_queue(request: HttpRequest, slug: str, queued_id: int) -> HttpResponse:
    member = member_of(request, slug, "adjudicate")
    take_off_queue(member=member, queued_id=queued_id)
    messages.success(request, _("Taken off the queue. The labels are as they were."), "good")
    return redirect("adjudication", slug)


def _bench(request: HttpRequest, member: Membership, sent_: QueryDict, trouble: Trouble | None = None) -> HttpResponse:
    rounds = list(visible_rounds(member))
    if not rounds:
        return page(request, member, "adjudication/nothing.html", {})
    asked = _asked(member, sent_)
    access_log.note(member=member, rounds=[asked.round.pk], what=AccessEntry.What.QUEUE)
    found = queue(member, asked.round, asked.variables, asked.order, asked.show)
    item = found.find(asked.at) if asked.at else next(iter(found.open), None)
    case = _case(asked, asked.at or (item.key if item else "")) if asked.at or item else None
    context = {
        "asked": asked,
        "rounds": rounds,
        "questions": questions(asked.round),
        "orders": ORDERS.items(),
        "shown": SHOWN.items(),
        "open": len(found.open),
        "most_listed": MOST_LISTED,
        "today": decided_today(asked.round),
        "undoable": last_undoable(member, asked.round),
        "event": uuid4(),
        "trouble": trouble,
        "form": case_form(case) if case else None,
        "item": item,
        **_around(asked, found, item),
    }
    return page(request, member, "adjudication/bench.html", context, status=trouble.status if trouble else 200)


def _around(asked: Asked, found: Queue, item: Item | None) -> dict[str, object]:
    """The rows of the list from the current one on, its number, and its neighbours."""
    rows = found.open
    at = next((number for number, row in enumerate(rows) if item and row.key == item.key), 0)
    begin = max(0, min(at - LISTED // 3, len(rows) - LISTED))
    return {
        "lines": _lines(asked, rows[begin : begin + LISTED]),
        "left_out": len(rows) - min(len(rows), begin + LISTED),
        "number": at + 1 if item and item in rows else 0,
        "previous": _address(asked, found.before(item.key) if item else None),
        "following": _address(asked, found.after(item.key) if item else None),
    }


def _address(asked: Asked, item: Item | None) -> str:
    return asked.address(item) if item else ""


def _lines(asked: Asked, items: Sequence[Item]) -> list[Line]:
    text = words_of_units([item.unit for item in items])
    labels = {variable.key: variable.label for variable in asked.variables}
    lines, before = [], ""
    for item in items:
        heading = labels.get(item.variable, "") if item.variable != before and len(labels) > 1 else ""
        lines.append(Line(item, asked.address(item), text.get(item.unit, ""), heading))
        before = item.variable
    return lines


def _asked(member: Membership, sent_: QueryDict) -> Asked:
    round = adjudicated_round(member, sent_.get("round", ""))
    key, order, show = sent_.get("question", ""), sent_.get("order", ""), sent_.get("show", "")
    offered = questions(round)
    chosen = [variable for variable in offered if variable.key == key]
    return Asked(
        round=round,
        variables=chosen or offered,
        question=key if chosen else "",
        order=next((known for known in ORDERS if known == order), "hardest"),
        show=next((known for known in SHOWN if known == show), "open"),
        at=sent_.get("at", ""),
    )


def adjudicated_round(member: Membership, chosen: str) -> Round:
    """The round that the address names, else the newest in which answers can differ."""
    rounds = visible_rounds(member)
    if not chosen:
        newest = newest_comparable(member.project_id)
        found = (rounds.filter(pk=newest.pk).first() if newest else None) or rounds.first()
    else:
        found = rounds.filter(pk=number(chosen) or 0).first()
        if found is None and is_hidden(member, access.round_of(member, number(chosen) or 0).pk):
            raise NotFoundError("You annotate in this round, it is blind and still open: its answers are hidden.")
    if found is None:
        raise NotFoundError("There is no such round.")
    return found


def _case(asked: Asked, key: str) -> Case:
    unit_id, _dash, variable_key = key.partition("-")
    unit = unit_of_round(asked.round, number(unit_id) or 0)
    variable = next((one for one in questions(asked.round) if one.key == variable_key), None)
    if variable is None or (variable.scope == "article") != (unit.index == 0):
        raise NotFoundError("There is no such question on this unit.")
    return case_of(asked.round, unit, variable)


def _ruling(case: Case, form: QueryDict) -> Ruling:
    base = number(form.get("base", ""))
    try:
        event = UUID(form.get("event", ""))
    except ValueError as error:
        raise InvalidError("This form can't be read. Load the page again.") from error
    if base is None:
        raise InvalidError("This form can't be read. Load the page again.")
    value = None if form.get("act") == "discuss" else value_sent(case, form)
    return Ruling(event, case.round, case.unit, case.variable.key, value, base, form.get("reason", ""))


def _too_late(case: Case, ruling: Ruling | None, error: StaleDecisionError) -> Trouble:
    mine = ruling.value if ruling else None
    return Trouble(
        error=error,
        reason=ruling.reason if ruling else "",
        mine=told(case.variable, mine) if mine is not None else "",
        mine_sent=sent(mine) if mine is not None else "",
        theirs=told(case.variable, error.decision.value),
        status=409,
    )


def _told(case: Case, decision: Decision) -> str:
    if decision.discussed:
        return _("Put up for discussion.")
    return _("Decided: %(answer)s.") % {"answer": told(case.variable, decision.value)[:200]}
