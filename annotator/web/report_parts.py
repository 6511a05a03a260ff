"""The report on a part of a round: what there is to pick, what was picked in words, and its page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from annotator.queries.ratings import compared_shares
from annotator.queries.ready_reports import ready_report
from annotator.queries.selections import Selection
from annotator.web.report_downloads import around_report
from annotator.web.report_figures import figures_context
from annotator.web.report_query import Asked, asked_report
from projects.models import Membership, Round, Unit
from projects.queries.codebooks import codebook
from projects.web.pages import member_of, page

MOST_OFFERED = 40
"""Longer lists are not offered; the address takes any name."""


@require_safe
def agreement_part(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "view agreement")
    asked = asked_report(request, member)
    return page(request, member, "agreement/part_report.html", _context(member, asked))


def _context(member: Membership, asked: Asked) -> dict[str, object]:
    ready = ready_report(asked.round, asked.selection) if asked.selection else None
    context: dict[str, object] = {
        "round": asked.round,
        "selection": asked.selection,
        "part_fields": part_fields(asked.round, asked.selection),
    }
    if ready is None or not any(variable.units for variable in ready.frozen.report.variables):
        return context | {"has_no_labels": ready is not None}
    book, may_change = codebook(asked.round.codebook_version_id), asked.round.closed_at is None
    return context | {
        **figures_context(ready.frozen.report, book, may_change=may_change),
        **around_report(member, asked, ready),
    }


def report_address(slug: str, round: Round, selection: Selection) -> str:
    view = "agreement_part" if selection else "agreement"
    return f"{reverse(view, args=[slug])}?{selection.query(round.pk)}"


@dataclass(frozen=True)
class PartField:
    """One thing to pick by; each choice is its value, its name, and whether it is picked."""

    name: str
    label: str
    choices: Sequence[tuple[str, str, bool]]
    one: bool = False


def part_fields(round: Round, selection: Selection) -> list[PartField]:
    """Those by which the round can be parted: where there is one outlet only, it is not asked for."""
    shares = compared_shares(round)
    texts = shares.values("text_version_id").distinct()
    units = Unit.objects.filter(text_version__in=texts, codable=True, index__gt=0)
    variables = [(variable.key, variable.label) for variable in codebook(round.codebook_version_id).variables]
    offered: list[tuple[str, Iterable[str]]] = [
        ("annotators", shares.values_list("member__pseudonym", flat=True).distinct()),
        ("outlets", shares.values_list("text_version__article__outlet", flat=True).distinct()),
        ("articles", shares.values_list("text_version__article__external_id", flat=True).distinct()),
        ("kinds", units.values_list("kind", flat=True).distinct().order_by("kind")),
    ]
    choices = {"variables": variables} | {name: [(v, v) for v in sorted(set(found)) if v] for name, found in offered}
    picked = dict(selection.parts())
    fields = [
        PartField(name, part_name(name), [(value, shown, value in picked.get(name, ())) for value, shown in found])
        for name, found in choices.items()
        if 1 < len(found) <= MOST_OFFERED or name in picked
    ]
    drawn = {"": _("whole articles from ten on, else sentences"), "units": _("sentences"), "articles": _("articles")}
    chosen = selection.resampled or ""
    ways = [(value, shown, value == chosen) for value, shown in drawn.items()]
    return [*fields, PartField("resample", part_name("resample"), ways, one=True)]


def picked_words(selection: Selection) -> list[tuple[str, str]]:
    """The parts that leave something out, and what they keep."""
    return [(part_name(part), ", ".join(picked)) for part, picked in selection.parts()]


def part_name(part: str) -> str:
    names = {
        "variables": _("Questions"),
        "annotators": _("Annotators"),
        "articles": _("Articles"),
        "outlets": _("Outlets"),
        "kinds": _("Kinds of unit"),
        "resample": _("Drawn for the intervals"),
    }
    return names[part]
