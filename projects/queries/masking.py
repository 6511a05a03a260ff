"""What a round keeps from its annotators of an article: the outlet, the author, the headline.

A round has one rule for all, or arms: then each share follows the rule of the arm that it was drawn to.
"""

from collections.abc import Collection

from django.db.models import Q

from projects.models import Assignment, Round

OUTLET, BYLINE, HEADLINE = MASKS = ("outlet", "byline", "headline")


def hidden_from(share: Assignment) -> frozenset[str]:
    """What the share keeps from its annotator, some of `MASKS`; the round has to be loaded."""
    arm = next((arm for arm in share.round.arms if arm["key"] == share.arm), None)
    return _of_round(share.round) if arm is None else frozenset(arm["hide"])


def hidden_by(round: Round) -> frozenset[str]:
    """What the round keeps from any of its annotators."""
    return _of_round(round).union(*(arm["hide"] for arm in round.arms))


def _of_round(round: Round) -> frozenset[str]:
    kept = {OUTLET: round.hide_outlet, BYLINE: round.hide_byline, HEADLINE: round.hide_headline}
    return frozenset(mask for mask, hides in kept.items() if hides)


def shown_title(share: Assignment) -> str:
    """The title of the share's article; empty where its annotator may not see it."""
    return "" if HEADLINE in hidden_from(share) else share.text_version.article.title


def hiding(mask: str, rounds: Collection[Round]) -> Q:
    """The shares that keep this from their annotators; `rounds` are those with arms that come into question."""
    found = Q(arm="", **{f"round__hide_{mask}": True})
    for round in rounds:
        arms = [arm["key"] for arm in round.arms if mask in arm["hide"]]
        found |= Q(round=round, arm__in=arms)
    return found
