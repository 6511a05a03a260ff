"""What to do next about a question: what pulls its figure down, how many units more, what merged values would give."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from annotator.core.agreement import VariableReport
from annotator.core.agreement.coefficient import RELIABLE, TENTATIVE
from annotator.core.agreement.pull import Pull
from annotator.core.agreement.units_needed import UnitsNeeded, units_needed_of
from annotator.core.errors import ConflictError, InvalidError
from annotator.formats.reports import short
from annotator.queries.rated import kind_of
from annotator.queries.what_next import heaviest_pair, kept_pull, mergeable, what_if
from annotator.services.report_drafts import draft_merge
from annotator.web.agreement_evidence import names_of
from annotator.web.agreement_pages import part_or_page, shown_round
from annotator.web.charts import Drawn, drawn
from projects.permissions import can
from projects.queries.codebooks import codebook
from projects.web.pages import member_of

MOST_PULLED = 5
LEAST_SHARE = 0.005


@dataclass(frozen=True)
class Step:
    """An advice, and what it rests on."""

    what: str
    why: str


@dataclass(frozen=True)
class PulledLine:
    """Two answers taken for each other: their share of all disagreement in per cent, and alpha without it."""

    names: tuple[str, str]
    share: str
    alpha: str


def next_steps(variable: VariableReport, names: Mapping[str, str]) -> list[Step]:
    """How many units more it takes, for the whole question and for its rarest value."""
    needed = units_needed_of(variable)
    if not needed or variable.verdict not in ("not yet", "tentative"):
        return []
    whole, *values = needed
    mark = TENTATIVE if variable.verdict == "not yet" else RELIABLE
    # Where everybody agreed everywhere, the lower end is at the mark already: only the interval has no width.
    is_there = whole.now == (whole.tentative if mark == TENTATIVE else whole.reliable)
    return [*([] if is_there else [_more_units(whole, mark)]), *_rare_value(variable, values, names)]


def heaviest(pulled: Pull, names: Mapping[str, str], kind: str) -> Step:
    pair = pulled.pairs[0]
    said = {"a": _said(pair.a, names, kind), "b": _said(pair.b, names, kind), "share": f"{100 * pair.share:.0f}"}
    what = _("Between %(a)s and %(b)s lies %(share)s %% of all disagreement.") % said
    why = _("Without it alpha would be %(alpha)s. Sharpen that border first.") % {"alpha": short(pair.alpha)}
    return Step(what, why)


def _more_units(needed: UnitsNeeded, mark: float) -> Step:
    whole = needed.tentative if mark == TENTATIVE else needed.reliable
    at = {"mark": short(mark)}
    if whole is None:
        why = _("Alpha itself is not above it. Rules and training come first.")
        return Step(_("More units alone will not bring the lower end over %(mark)s.") % at, why)
    more = whole - needed.now
    what = ngettext(
        "About one more unit would bring the lower end over %(mark)s, if annotators go on as now.",
        "About %(n)s more units would bring the lower end over %(mark)s, if annotators go on as now.",
        more,
    )
    why = _("The interval narrows with the square root of the number: %(now)s → %(all)s.")
    return Step(what % {"n": more, **at}, why % {"now": needed.now, "all": whole})


def _rare_value(variable: VariableReport, needed: Sequence[UnitsNeeded], names: Mapping[str, str]) -> list[Step]:
    """The same for the rarest value that has a figure and isn't there yet."""
    of = {value.key: value for value in variable.values}
    short_of = [own for own in needed if own.tentative != own.now and of[own.key].alpha.value is not None]
    if not short_of:
        return []
    rarest = min(short_of, key=lambda own: of[own.key].count)
    said = {"value": names.get(str(rarest.key), str(rarest.key)), "mark": short(TENTATIVE), "all": rarest.tentative}
    count = of[rarest.key].count
    used = ngettext("It was used %(n)s time.", "It was used %(n)s times.", count) % {"n": count}
    if rarest.tentative is None:
        return [Step(_("For the rarest value, %(value)s, more units alone won’t reach %(mark)s.") % said, used)]
    return [Step(_("The rarest value, %(value)s, needs about %(all)s units in all to pass %(mark)s.") % said, used)]


def pulled_lines(pulled: Pull | None, names: Mapping[str, str], kind: str) -> list[PulledLine]:
    return [
        PulledLine(
            (_said(pair.a, names, kind), _said(pair.b, names, kind)), f"{100 * pair.share:.0f}", short(pair.alpha)
        )
        for pair in (pulled.pairs[:MOST_PULLED] if pulled else ())
        if pair.share >= LEAST_SHARE
    ]


def _said(answer: Hashable, names: Mapping[str, str], kind: str) -> str:
    if not isinstance(answer, frozenset):
        return names.get(str(answer), str(answer))
    nothing = _("no mark") if kind == "span" else _("none")
    return " + ".join(sorted(names.get(str(value), str(value)) for value in answer)) or nothing


@dataclass(frozen=True)
class Shift:
    """The headline now, and as it would be."""

    now: Drawn
    after: Drawn
    left: int
    into: str


@require_safe
def agreement_next(request: HttpRequest, slug: str) -> HttpResponse:
    """What pulls the figure down, and what if.

    `value`, several times, names values to count as one; without any the two that pull the figure down most.
    """
    member = member_of(request, slug, "view agreement")
    round, key = shown_round(request, member), request.GET.get("variable", "")
    kind = kind_of(codebook(round.codebook_version_id), key)
    found, offered = kept_pull(round, key), mergeable(round, key)
    sent = request.GET.getlist("value") or heaviest_pair(found, offered)
    merged = what_if(round, key, sent) if len(sent) > 1 else None
    names = names_of(round, key)
    context = {
        "heaviest": heaviest(found, names, kind) if found and found.pairs else None,
        "pulled": pulled_lines(found, names, kind),
        "offered": [(value, value.key in sent) for value in offered],
        "merged": merged,
        "shift": merged
        and Shift(
            now=drawn(merged.before.figure, floor=0.0),
            after=drawn(merged.after.figure, floor=0.0),
            left=merged.left,
            into=names[merged.values[0]],
        ),
        "may_draft": can(member, "import codebook"),
    }
    return part_or_page(request, member, round, key, "agreement/next.html", context)


@require_POST
def start_merge(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the merge into the codebook draft and go on there: nothing is published, no label changes."""
    member = member_of(request, slug, "import codebook")
    round, key = shown_round(request, member), request.POST.get("variable", "")
    offered = [value.key for value in mergeable(round, key)]
    values = [value for value in offered if value in request.POST.getlist("value")]
    if len(values) < 2:
        raise InvalidError("Choose two or more values of this question.")
    try:
        draft, at = draft_merge(member=member, key=key, values=values)
    except (InvalidError, ConflictError) as error:
        messages.warning(request, str(error), "doubt")
        return redirect(f"{reverse('agreement', args=[slug])}?round={round.pk}")
    return redirect(f"{reverse('codebook_edit', args=[slug, draft.number])}?at={at}")
