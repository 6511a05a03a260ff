"""What a draw is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

WORK, OVERLAP, GOLD, RETEST = "work", "overlap", "gold", "retest"
PROPORTIONAL, EQUAL, GIVEN = "proportional", "equal", "given"


class Candidate(NamedTuple):
    """An article that may be drawn; `size` in units, `stratum` what it is drawn by (empty where by nothing)."""

    id: int
    size: int = 1
    stratum: str = ""


class Annotator(NamedTuple):
    """`capacity` is the most articles that he takes; None = any number."""

    id: int
    capacity: int | None = None


class Share(NamedTuple):
    article: int
    annotator: int
    why: str


@dataclass(frozen=True)
class Spec:
    """What is asked of a draw.

    Of all articles `number`, or the share `part` of them, or all. Over strata they are spread in proportion to their
    sizes, equally, or as `by_stratum` says. `overlap` annotators get each article; with `double` (a share of the
    articles, and `overlap` 1) that many are given to two, and nobody can tell which. `gold` goes to everybody.
    """

    seed: int
    number: int | None = None
    part: float | None = None
    spread: str = PROPORTIONAL
    by_stratum: Mapping[str, int] = field(default_factory=dict)
    overlap: int = 1
    double: float = 0.0
    gold: Sequence[Candidate] = ()


@dataclass(frozen=True)
class Draw:
    """The articles drawn, and the shares in the order in which they are to be worked at: a random one for each."""

    articles: Sequence[int]
    shares: Sequence[Share]

    def load(self, annotator: int) -> int:
        """How many articles an annotator got."""
        return sum(share.annotator == annotator for share in self.shares)
