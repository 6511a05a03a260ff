"""How a round was drawn, in sentences that a methods section can take over."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotator.core.sampling import EQUAL, GIVEN
from projects.models import Round
from projects.queries.candidates import COLUMN


def draw_words(round: Round) -> str:
    """Empty where nothing was drawn at random."""
    kept = round.draw
    return " ".join(_sentences(round, kept, kept["ask"])) if kept else ""


def _sentences(round: Round, kept: Mapping[str, Any], ask: Mapping[str, Any]) -> Iterator[str]:
    drawn = sum(line[2] for line in kept["strata"])
    if ask["new_articles"]:
        yield _drawn(kept, ask, drawn)
        yield _dealt(kept, ask, drawn)
    if gold := len(ask["gold"]):
        yield ngettext(
            "One article with known answers went to everybody, hidden among the rest.",
            "%(n)s articles with known answers went to everybody, hidden among the rest.",
            gold,
        ) % {"n": gold}
    if retest := ask["retest"]:
        yield ngettext(
            "Each annotator got one of the articles that he had finished in “%(round)s” again, after %(days)s days or"
            " more, without being told.",
            "Each annotator got up to %(n)s of the articles that he had finished in “%(round)s” again, after %(days)s"
            " days or more, without being told.",
            retest["number"],
        ) % {"n": retest["number"], "days": retest["days"], "round": _name_of(round)}
    yield _("The order was random for each annotator (seed %(seed)s, %(bits)s).") % {
        "seed": round.seed,
        "bits": kept["bits"],
    }


def _drawn(kept: Mapping[str, Any], ask: Mapping[str, Any], drawn: int) -> str:
    if drawn == kept["candidates"]:
        told = ngettext("The one article that fitted was taken.", "All %(n)s articles that fitted were taken.", drawn)
        return told % {"n": drawn}
    told = ngettext(
        "%(n)s of %(of)s articles was drawn at random%(how)s.",
        "%(n)s of %(of)s articles were drawn at random%(how)s.",
        drawn,
    )
    return told % {"n": drawn, "of": kept["candidates"], "how": _how(ask)}


def _how(ask: Mapping[str, Any]) -> str:
    if not ask["by"]:
        return ""
    by = ask["by"].removeprefix(COLUMN)
    if ask["spread"] == EQUAL:
        return _(", equally many of each %(stratum)s") % {"stratum": by}
    if ask["spread"] == GIVEN:
        return _(", in fixed numbers of each %(stratum)s") % {"stratum": by}
    return _(", stratified by %(stratum)s in proportion") % {"stratum": by}


def _dealt(kept: Mapping[str, Any], ask: Mapping[str, Any], drawn: int) -> str:
    several = len(ask["members"])
    if ask["double"]:
        share = 100 * kept["shared"] / drawn if drawn else 0
        told = _(
            "They were dealt evenly to %(people)s annotators, one each; %(n)s (%(share).0f %%), hidden among the rest,"
            " were labelled by two."
        )
        return told % {"people": several, "n": kept["shared"], "share": share}
    if ask["overlap"] == several:
        return ngettext("One annotator labelled each.", "All %(n)s annotators labelled each.", several) % {"n": several}
    told = ngettext(
        "Each was labelled by one of %(people)s annotators, who got equal numbers, give or take one.",
        "Each was labelled by %(n)s of %(people)s annotators, who got equal numbers, give or take one.",
        ask["overlap"],
    )
    return told % {"n": ask["overlap"], "people": several}


def _name_of(round: Round) -> str:
    return round.retest_of.name if round.retest_of else ""
