"""The sentences behind a figure or behind a cell of the matrix, and what a lead does with one of them."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotator.core.errors import ConflictError, InvalidError, NotFoundError
from annotator.models import AccessEntry
from annotator.queries.adjudication import unit_of_round
from annotator.queries.disagreements import Evidence, differing, in_cell, kept_evidence
from annotator.queries.rated import check_key, kept_rated, values_of
from annotator.queries.shown_units import shown_units
from annotator.services.adjudication import queue_unit
from annotator.services.notes import write_to_annotators
from annotator.services.report_drafts import note_counter_example
from annotator.web.agreement_pages import part_or_page, shown_round
from projects.models import Membership, Round
from projects.permissions import can
from projects.queries.codebooks import codebook
from projects.web.numbers import number
from projects.web.pages import member_of, page

AT_ONCE, FIRST = 10, 5


@dataclass(frozen=True)
class Shown:
    """A part of the evidence: all units that differ, or those of the cell `first`, `second` (keys of values).

    `base` is the address of all of them; `newer` and `older` are the pages beside this one, 0 where there is none.
    """

    evidence: Evidence
    base: str
    names: dict[str, str]
    first: str = ""
    second: str = ""
    pairs: int = 0
    number: int = 0
    newer: int = 0
    older: int = 0

    @property
    def here(self) -> str:
        """The address of the first page of this part."""
        return f"{self.base}&{urlencode({'first': self.first, 'second': self.second})}" if self.first else self.base

    @property
    def title(self) -> tuple[str, str]:
        return self.names.get(self.first, self.first), self.names.get(self.second, self.second)


def evidence_of(member: Membership, round: Round, key: str) -> Shown:
    """The first units that differ, as the report shows them."""
    found = kept_evidence(round, key, most=FIRST)
    older = 1 if found.differing > len(found.units) else 0
    return Shown(found, _base(member, round, key), names_of(round, key), number=found.differing, older=older)


def _base(member: Membership, round: Round, key: str) -> str:
    address = reverse("agreement_sentences", args=[member.project.slug])
    return f"{address}?{urlencode({'round': round.pk, 'variable': key})}"


def acts_of(member: Membership) -> dict[str, bool]:
    """What this member may do with a sentence."""
    return {
        "may_read": can(member, "view labels of all"),
        "may_note": can(member, "answer notes"),
        "may_draft": can(member, "import codebook"),
        "may_queue": can(member, "adjudicate"),
    }


@require_safe
def agreement_sentences(request: HttpRequest, slug: str) -> HttpResponse:
    """The sentences of one variable on which annotators differ, or with `first` and `second` those of a cell."""
    member = member_of(request, slug, "view labels of all")
    round = shown_round(request, member, AccessEntry.What.ANSWERS)
    key = request.GET.get("variable", "")
    shown = _page_of(member, round, key, request.GET)
    return part_or_page(request, member, round, key, "agreement/evidence.html", {"shown": shown, **acts_of(member)})


def _page_of(member: Membership, round: Round, key: str, asked: QueryDict) -> Shown:
    book, rated = codebook(round.codebook_version_id), kept_rated(round, key)
    evidence, at = kept_evidence(round, key, most=FIRST), number(asked.get("page", "")) or 1
    first, second = asked.get("first", ""), asked.get("second", "")
    cell = in_cell(rated.ratings, (first, second)) if first or second else None
    places = cell.places if cell else differing(rated.ratings)
    begin = (at - 1) * AT_ONCE
    units = shown_units(book, rated, places[begin : begin + AT_ONCE])
    if places and not units:
        raise NotFoundError("There is no such page.")
    return Shown(
        replace(evidence, units=units),
        _base(member, round, key),
        names_of(round, key),
        first,
        second,
        pairs=cell.pairs if cell else 0,
        number=len(places),
        newer=at - 1,
        older=at + 1 if begin + AT_ONCE < len(places) else 0,
    )


def names_of(round: Round, key: str) -> dict[str, str]:
    return {value.key: value.label for value in values_of(codebook(round.codebook_version_id), key)}


@require_POST
def act_on_sentence(request: HttpRequest, slug: str) -> HttpResponse:
    """A note to the annotators, a counter-example, or the queue: what was done is told in place of the form."""
    member = member_of(request, slug, "view labels of all")
    round = shown_round(request, member)
    done, tone = _Act(member, round, request.POST).told()
    if request.headers.get("HX-Request") == "true":
        return page(request, member, "agreement/acted.html", {"said": done, "tone": tone})
    (messages.success if tone == "good" else messages.warning)(request, done, tone)
    sent = {name: request.POST[name] for name in ("round", "variable", "first", "second") if request.POST.get(name)}
    return redirect(f"{reverse('agreement_sentences', args=[slug])}?{urlencode(sent)}")


class _Act:
    """One act on the unit that a form names."""

    def __init__(self, member: Membership, round: Round, sent: QueryDict) -> None:
        self.member, self.round, self.sent = member, round, sent
        self.key = sent.get("variable", "")
        check_key(codebook(round.codebook_version_id), self.key)
        self.unit = unit_of_round(round, number(sent.get("unit", "")) or 0)

    def told(self) -> tuple[str, str]:
        """Do it. What came of it, and the tone to say it in."""
        acts = {"note": self._note, "example": self._example, "queue": self._queue}
        act = acts.get(self.sent.get("act", ""))
        if act is None:
            raise InvalidError("There is no such act.")
        try:
            return act(), "good"
        except (InvalidError, ConflictError) as error:
            return str(error), "doubt"

    def _note(self) -> str:
        write_to_annotators(
            member=self.member,
            round=self.round,
            unit=self.unit,
            variable=self.key.partition(".")[0],
            text=self.sent.get("text", ""),
        )
        return _("Left. Its annotators read it beside the sentence and among their notes.")

    def _example(self) -> str:
        value = self.sent.get("value", "")
        draft = note_counter_example(member=self.member, unit=self.unit, key=self.key, value=value)
        return _("Written among the counter-examples in draft %(n)s of the codebook.") % {"n": draft.number}

    def _queue(self) -> str:
        queue_unit(member=self.member, round=self.round, unit=self.unit, variable=self.key)
        return _("Waits for adjudication.")
