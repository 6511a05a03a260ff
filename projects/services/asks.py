"""What a lead asks of a draw, and how a round keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from annotator.core.codebook import Json
from annotator.core.sampling import PROPORTIONAL, Annotator, Candidate, Spec
from projects.queries.article_list import Wanted


@dataclass(frozen=True)
class Retest:
    """For each annotator `number` of his own articles of a round, when he has finished them `days` ago."""

    round: int
    number: int
    days: int


@dataclass(frozen=True)
class Ask:
    """Who, from which articles, how many, and by what they are drawn; `core.sampling.Spec` says what the numbers mean.

    The articles are those of the list that fit `wanted`, or those chosen `by_hand`; `undrawn` leaves out what an
    earlier round gave to somebody. Without `new_articles` only those of the `retest` are given.
    """

    seed: int
    members: Sequence[Annotator]
    wanted: Wanted = field(default_factory=Wanted)
    by_hand: Sequence[int] | None = None
    undrawn: bool = False
    by: str = ""
    number: int | None = None
    part: float | None = None
    spread: str = PROPORTIONAL
    by_stratum: Mapping[str, int] = field(default_factory=dict)
    overlap: int = 1
    double: float = 0.0
    gold: Sequence[int] = ()
    retest: Retest | None = None
    new_articles: bool = True

    def spec(self, gold: Sequence[Candidate]) -> Spec:
        return Spec(
            seed=self.seed,
            number=self.number,
            part=self.part,
            spread=self.spread,
            by_stratum=self.by_stratum,
            overlap=self.overlap,
            double=self.double,
            gold=gold,
        )


def written(ask: Ask) -> dict[str, Json]:
    """As JSON."""
    kept: dict[str, Any] = asdict(ask)
    kept["members"] = [[one.id, one.capacity] for one in ask.members]
    kept["by_hand"] = None if ask.by_hand is None else sorted(ask.by_hand)
    for name in ("since", "until"):
        kept["wanted"][name] = kept["wanted"][name] and kept["wanted"][name].isoformat()
    return kept


def asked(kept: Mapping[str, Any]) -> Ask:
    """What `written` wrote."""
    wanted = Wanted(**kept["wanted"] | {name: _day(kept["wanted"][name]) for name in ("since", "until")})
    members = [Annotator(*one) for one in kept["members"]]
    retest = kept["retest"] and Retest(**kept["retest"])
    return Ask(**{**kept, "members": members, "wanted": wanted, "retest": retest})


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None
