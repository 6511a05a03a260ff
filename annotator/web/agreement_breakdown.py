"""The agreement on one variable by parts: annotators, articles, kinds, time, rounds, occasions, groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from annotator.core.agreement import Coefficient, verdict
from annotator.core.agreement.arms import Shift
from annotator.core.agreement.breakdown import AgainstRest, Part
from annotator.core.agreement.coefficient import FEWEST_UNITS
from annotator.models import AccessEntry
from annotator.queries.breakdowns import Asked, Broken, broken_down
from annotator.queries.rated import values_of
from annotator.queries.second_looks import EVERYBODY
from annotator.queries.selections import Selection
from annotator.queries.unit_groups import COLUMN, IN_ORDER
from annotator.services import access_log
from annotator.web.agreement_pages import part_or_page, shown_round
from annotator.web.charts import Drawn, drawn, tone_of
from annotator.web.report_charts import Chart, time_chart
from annotator.web.report_parts import report_address
from projects.queries.codebooks import codebook
from projects.web.pages import member_of

OVER_TIME = {*IN_ORDER, "rounds"}


@dataclass(frozen=True)
class Row:
    """A part in the table; `address` leads to a report on it alone. `percent` and its interval may be empty."""

    name: str
    beside: str
    figure: Drawn
    units: int
    percent: str
    percent_interval: str = ""
    address: str = ""


@require_safe
def agreement_breakdown(request: HttpRequest, slug: str) -> HttpResponse:
    """`by` says how; for htmx the part of the report, else a page of its own."""
    member = member_of(request, slug, "view agreement")
    round = shown_round(request, member)
    asked = Asked(member, round, request.GET.get("variable", ""))
    way = request.GET.get("by", asked.ways[0])
    broken = broken_down(asked, way)
    if way == "rounds":
        others = [other.pk for other in asked.visible_rounds()]
        access_log.note(member=member, rounds=others, what=AccessEntry.What.REPORT)
    context = {
        "ways": [(offer, way_name(offer)) for offer in asked.ways],
        "way": way,
        "told": told(way),
        "rows": rows_of(asked, way, broken),
        "charts": chart_of(way, broken),
        "broken": broken,
        "shifts": [
            (arms, [_shift(asked, one) for one in found if one.first or one.second]) for arms, found in broken.shifts
        ],
        "against": way == "annotators",
    }
    return part_or_page(request, member, round, asked.key, "agreement/breakdown.html", context)


def way_name(way: str) -> str:
    names = {
        "annotators": _("annotator"),
        "groups": _("group of annotators"),
        "arms": _("arm: what was masked"),
        "article": _("article"),
        "outlet": _("outlet"),
        "language": _("language"),
        "kind": _("kind of unit"),
        "fifth": _("time: fifths of the work"),
        "day": _("time: days"),
        "version": _("version of the codebook"),
        "rounds": _("round"),
        "occasions": _("occasion, each with himself"),
        "repeats": _("repeated sentence, each with himself"),
    }
    return names.get(way) or _("column: %(name)s") % {"name": way.removeprefix(COLUMN)}


def told(way: str) -> str:
    """What the figures of this breakdown mean, in a sentence or two."""
    texts = {
        "annotators": _(
            "Alpha of the others without this annotator: where it is clearly higher, he reads the rule another way. "
            "Beside it, how often his answer is the one that most of the others gave."
        ),
        "groups": _(
            "Alpha within each group; between two groups chance-corrected agreement across them (Schouten 1982), "
            "for which members of one group are not compared."
        ),
        "arms": _(
            "Alpha among the answers given under one arm, and agreement across two arms, for which answers of one arm "
            "are not compared (Schouten 1982). Below, how often each value was given; whole articles are drawn for the "
            "intervals."
        ),
        "fifth": _("The units in the order in which they were finished, in five equal parts. A fall is drift."),
        "day": _("A unit stands on the day of its last answer. A fall is drift."),
        "version": _("The version of the codebook by which a unit got its last answer."),
        "rounds": _("The same question in each round, oldest first, with the version of the codebook."),
        "occasions": _("What an annotator answered first against what he answered later, on the same sentences."),
        "repeats": _("What an annotator answered where the same words stand more than once in the round."),
    }
    return texts.get(way) or _("Lowest first. A part with few units, or few different answers, has a low alpha easily.")


def rows_of(asked: Asked, way: str, broken: Broken) -> Sequence[Row]:
    if way == "annotators":
        return [_against(found) for found in broken.against]
    return [
        replace(_row(way, part, broken.titles), address=_address(asked, way, str(part.key))) for part in broken.parts
    ]


def chart_of(way: str, broken: Broken) -> Sequence[Chart]:
    if way not in OVER_TIME:
        return []
    return time_chart([(_named(way, part.key, {})[0], part.figure) for part in broken.parts], "over-time")


def _address(asked: Asked, way: str, key: str) -> str:
    """Of the report on an article, an outlet or a kind of unit alone."""
    selections = {
        "article": Selection(articles=(key,)),
        "outlet": Selection(outlets=(key,)),
        "kind": Selection(kinds=(key,)),
    }
    return report_address(asked.round.project.slug, asked.round, selections[way]) if way in selections else ""


def _against(found: AgainstRest) -> Row:
    ties = _("%(n)s ties left out") % {"n": found.ties} if found.ties else ""
    percent, interval = _percent(found.majority)
    return Row(found.annotator, ties, _drawn(found.without), found.answers, percent, interval)


def _row(way: str, part: Part, titles: Mapping[str, str]) -> Row:
    name, beside = _named(way, part.key, titles)
    return Row(name, beside, _drawn(part.figure), part.units, *_percent(part.percent))


def _drawn(figure: Coefficient) -> Drawn:
    """Coloured by its verdict only where there are enough units for one."""
    return drawn(figure, floor=0.0, tone=tone_of(verdict(figure)) if figure.units >= FEWEST_UNITS else "")


def _percent(found: Coefficient | None) -> tuple[str, str]:
    if found is None or found.value is None:
        return "—", ""
    interval = "" if found.low is None or found.high is None else f"{100 * found.low:.0f} – {100 * found.high:.0f}"
    return f"{100 * found.value:.1f}", interval


def _named(way: str, key: object, titles: Mapping[str, str]) -> tuple[str, str]:
    """The name of a part, and what stands beside it."""
    if isinstance(key, tuple) and way == "rounds":
        return key[0], _("codebook %(n)s") % {"n": key[1]}
    if isinstance(key, tuple):
        return _("%(one)s against %(other)s") % {"one": _group(key[0]), "other": _group(key[1])}, ""
    text = str(key)
    if way in ("groups", "arms"):
        return _("within %(group)s") % {"group": _group(text)}, ""
    if way in ("occasions", "repeats") and key == EVERYBODY:
        return _("All annotators"), ""
    if way == "article":
        return titles.get(text, text), text
    if way == "fifth":
        return _("Part %(n)s of 5") % {"n": text}, ""
    if way == "version":
        return _("Version %(n)s") % {"n": text}, ""
    day = parse_date(text) if way == "day" else None
    return (date_format(day, "DATE_FORMAT") if day else text), ""


@dataclass(frozen=True)
class ShiftRow:
    """How often a value was given under two arms, and the difference in points, in words."""

    name: str
    first: str
    second: str
    difference: str
    interval: str


def _shift(asked: Asked, found: Shift) -> ShiftRow:
    names = {value.key: value.label for value in values_of(codebook(asked.round.codebook_version_id), asked.key)}
    figure = found.difference
    points = "—" if figure.value is None else f"{100 * figure.value:+.1f}"
    between = "" if figure.low is None or figure.high is None else f"{100 * figure.low:+.1f} – {100 * figure.high:+.1f}"
    first, second = (f"{100 * share:.1f}" for share in (found.first, found.second))
    return ShiftRow(names.get(found.value, found.value), first, second, points, between)


def _group(name: str) -> str:
    return name or _("no group")
