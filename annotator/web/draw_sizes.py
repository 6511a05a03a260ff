"""How many sentences are enough, beside the form of a new round."""

from dataclasses import dataclass
from math import ceil

from django.http import QueryDict
from django.utils.translation import gettext as _

from annotator.core.agreement import fewest_units
from annotator.core.sampling import units_for_agreement, units_for_width
from projects.models import Membership, TextVersion
from projects.queries.candidates import drawable, texts_of

FIRST = {"size_share": "25", "size_mark": "0.8", "size_half": "0.1", "size_expected": "90", "size_least": "85"}
LOOKED_AT = 200
"""So many of the newest articles tell how long articles are."""


@dataclass(frozen=True)
class Size:
    """A number of sentences that two annotators should label, about how many articles that is, and why."""

    units: int
    articles: int
    why: str
    too_many: bool
    """More than there are."""


def sizes(given: QueryDict, lead: Membership) -> list[Size]:
    """By three rules; empty where a field can't be read."""
    share, mark, half, expected, least = (_read(given, name) for name in FIRST)
    share, expected, least = share / 100, expected / 100, least / 100
    articles = drawable(lead.project)
    newest = texts_of(TextVersion.objects.filter(article__in=list(articles.order_by("-pk")[:LOOKED_AT])))
    each = sum(text.units for text in newest.values()) / len(newest) if newest else 0
    if not each:
        return []
    population = max(1, round(each * articles.count()))
    told = {"mark": f"{mark:.3f}".lstrip("0"), "half": f"{half:g}", "all": f"{population:,}"}
    told |= {"expected": f"{100 * expected:g}", "least": f"{100 * least:g}"}
    try:
        numbers = (
            fewest_units(share, mark),
            units_for_width(share, mark, half),
            units_for_agreement(population, expected, least),
        )
    except (OverflowError, ValueError):
        return []
    why = (
        _("to tell the answer’s alpha from one below %(mark)s (Krippendorff)"),
        _("for an interval of ± %(half)s at an alpha of %(mark)s (Bloch & Kraemer)"),
        _("to show by %(expected)s %% agreement that it is %(least)s %% or more in all %(all)s (Lacy & Riffe)"),
    )
    return [
        Size(units, ceil(units / each), told_why % told, units > population)
        for units, told_why in zip(numbers, why, strict=True)
    ]


def _read(given: QueryDict, name: str) -> float:
    text = given.get(name, "").strip().replace(",", ".")[:12]
    try:
        return float(text)
    except ValueError:
        return 0.0
