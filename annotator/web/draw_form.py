"""The form of a new round: what it says who labels which articles, and what it offers at first."""

import secrets
from collections.abc import Iterator, Mapping, Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _

from annotator.core.errors import InvalidError
from annotator.core.sampling import EQUAL, GIVEN, PROPORTIONAL, Annotator
from annotator.queries.gold import gold_articles, hidden_gold
from annotator.web.draw_sizes import FIRST
from projects.models import Membership, Round
from projects.queries import access
from projects.queries.candidates import COLUMN, LANGUAGE, MONTH, OUTLET, YEAR
from projects.services.asks import Ask, Retest
from projects.services.rounds import unfit
from projects.web.articles import kept_filters, wanted_of
from projects.web.numbers import number, numbers

MOST_SEED = 2**53
EVERYBODY, EACH, DOUBLE = "everybody", "each", "double"
ALL, BY_NUMBER, BY_PART = "all", "number", "part"
DEALT: Mapping[str, str] = {Round.Purpose.MAIN: DOUBLE}
"""How each purpose deals its articles unless the lead says otherwise; those not named give all of them to everybody."""
WITH_HINTS = (Round.Purpose.TRAINING, Round.Purpose.MAIN)
"""Hints pull annotators together: where agreement is measured they stay off unless the lead ticks them."""


def at_first(filters: QueryDict) -> QueryDict:
    """What the form holds before anybody has changed it; the address may name filters of the list of articles."""
    given = kept_filters(filters)
    purpose = filters.get("purpose", "")
    purpose = purpose if purpose in Round.Purpose.values else Round.Purpose.RELIABILITY.value
    offered = FIRST | {
        "purpose": purpose,
        "from": "all",
        "amount": ALL,
        "spread": PROPORTIONAL,
        "deal": DEALT.get(purpose, EVERYBODY),
        "overlap": "2",
        "double": "20",
        "retest_number": "5",
        "retest_days": "14",
        "seed": str(secrets.randbelow(1_000_000)),
        "blind": "1",
        "only_gold": "1",
        "feedback": "1",
        "tries": "1",
    }
    if purpose in WITH_HINTS:
        offered["hints"] = "1"
    given.update(offered)
    return given


def ask_of(post: QueryDict, lead: Membership) -> Ask:
    """Raises InvalidError naming each field that can't be read, and what is missing."""
    form = _Form(post)
    if post.get("act") != "preview":
        form.problems += unfit(post.get("name", "").strip(), post.get("purpose", ""))
    members = form.annotators(lead)
    retest = form.retest()
    by_hand = form.with_gold(form.by_hand(), lead)
    seed = form.whole("seed", 0, MOST_SEED) if post.get("seed") else secrets.randbelow(1_000_000)
    deal, amount, spread = form.post.get("deal", EVERYBODY), form.post.get("amount", ALL), form.post.get("spread", "")
    ask = Ask(
        seed=seed,
        members=members,
        wanted=wanted_of(kept_filters(post)),
        by_hand=by_hand,
        undrawn=bool(post.get("undrawn")),
        by=form.by(),
        number=form.whole("number", 1) if amount == BY_NUMBER and spread != GIVEN else None,
        part=form.share("part") if amount == BY_PART and spread != GIVEN else None,
        spread=spread if spread in (EQUAL, GIVEN) else PROPORTIONAL,
        by_stratum=dict(form.taken()) if spread == GIVEN else {},
        overlap=form.whole("overlap", 1) if deal == EACH else len(members) if deal == EVERYBODY else 1,
        double=form.share("double") if deal == DOUBLE else 0.0,
        gold=form.gold(lead, [one.id for one in members], seed),
        retest=retest,
        new_articles=not (retest and post.get("purpose") == Round.Purpose.RETEST),
    )
    if by_hand == []:
        form.problems.append("Choose at least one article.")
    if not members:
        form.problems.append("Choose at least one annotator.")
    if form.problems:
        raise InvalidError("Nothing was drawn.", tuple(form.problems))
    return ask


class _Form:
    """Reads one field after the other and keeps what can't be read."""

    def __init__(self, post: QueryDict) -> None:
        self.post = post
        self.problems: list[str] = []

    def whole(self, name: str, least: int, most: int = 1_000_000) -> int:
        found = number(self.post.get(name, "").strip())
        if found is None or not least <= found <= most:
            self.problems.append(f"{NAMES[name]}: write a whole number from {least} to {most:,}.")
            return least
        return found

    def share(self, name: str) -> float:
        """Written in per cent."""
        text = self.post.get(name, "").strip().rstrip("%").replace(",", ".")
        try:
            found = float(text) if len(text) < 20 else 0.0
        except ValueError:
            found = 0.0
        if not 0 < found <= 100:
            self.problems.append(f"{NAMES[name]}: write per cent, above 0 and at most 100.")
            return 1.0
        return found / 100

    def annotators(self, lead: Membership) -> list[Annotator]:
        chosen = access.annotators(lead.project_id).filter(pk__in=numbers(self.post.getlist("members")))
        return [Annotator(pk, self._capacity(pk)) for pk in chosen.order_by("pk").values_list("pk", flat=True)]

    def by_hand(self) -> list[int] | None:
        """The articles ticked; None where all that fit are meant."""
        if self.post.get("from") == "all" or self.post.get("all_articles"):
            return None
        return numbers(self.post.getlist("articles"))

    def with_gold(self, chosen: list[int] | None, lead: Membership) -> list[int] | None:
        """Of the articles chosen those with gold answers, where a training asks for these alone."""
        if self.post.get("purpose") != Round.Purpose.TRAINING or not self.post.get("only_gold"):
            return chosen
        gold = [one.article for one in gold_articles(lead.project_id)]
        found = gold if chosen is None else sorted(set(gold).intersection(chosen))
        if chosen != [] and not found:
            self.problems.append(
                "None of these articles has gold answers, but for gold that is hidden in an open round. Make some, "
                "or untick “only articles with gold”."
            )
        return found

    def by(self) -> str:
        by = self.post.get("by", "")
        if by == COLUMN:
            return COLUMN + self.post.get("by_column", "").replace("\0", "")[:500]
        return by if by in (OUTLET, YEAR, MONTH, LANGUAGE) else ""

    def taken(self) -> Iterator[tuple[str, int]]:
        """The numbers written beside the strata of a preview."""
        for stratum, taken in zip(self.post.getlist("stratum"), self.post.getlist("take"), strict=False):
            if taken.strip():
                found = number(taken.strip())
                if found is None:
                    self.problems.append(f"“{stratum[:40]}”: write a whole number.")
                yield stratum, found or 0

    def gold(self, lead: Membership, members: Sequence[int], seed: int) -> list[int]:
        """The articles with gold to be hidden among the work."""
        if not self.post.get("gold", "").strip() or self.post.get("purpose") == Round.Purpose.TRAINING:
            return []
        wanted = self.whole("gold", 1)
        found = hidden_gold(lead.project_id, members, wanted, seed)
        if len(found) < wanted:
            self.problems.append(
                f"{NAMES['gold']}: {len(found)} articles with gold answers are left that no training has shown and "
                "that none of these annotators has had."
            )
        return found

    def retest(self) -> Retest | None:
        earlier = number(self.post.get("retest_of", ""))
        if earlier is None:
            return None
        return Retest(earlier, self.whole("retest_number", 1), self.whole("retest_days", 0, 3650))

    def _capacity(self, member: int) -> int | None:
        text = self.post.get(f"capacity.{member}", "").strip()
        if not text:
            return None
        found = number(text)
        if found is None or not found:
            self.problems.append("At most: write a whole number of articles, or nothing.")
        return found


NAMES = {
    "seed": "Seed",
    "number": "Number of articles",
    "part": "Share of the articles",
    "overlap": "Annotators an article",
    "double": "Labelled twice",
    "gold": "Hidden gold",
    "retest_number": "Articles given again",
    "retest_days": "Days",
}


def strata() -> list[tuple[str, str]]:
    """What articles can be drawn by."""
    return [
        ("", _("nothing: all articles alike")),
        (OUTLET, _("outlet")),
        (YEAR, _("year")),
        (MONTH, _("month")),
        (LANGUAGE, _("language")),
        (COLUMN, _("own column")),
    ]
