"""What a lead can do about a figure: which distinctions pull it down, and what merged values would give."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.core.agreement.breakdown import Part, part_of
from annotator.core.agreement.pull import Pull, pull
from annotator.core.agreement.what_if import MERGEABLE, collapse
from annotator.core.codebook import Value
from annotator.core.errors import InvalidError
from annotator.queries.rated import kept_rated, kind_of, values_of
from annotator.queries.reports import DEFAULT_SEED, REPLICATES, kept
from projects.models import Round
from projects.queries.codebooks import codebook

FEWEST_VALUES = 3
"""Of two values that are one nothing is left to tell apart."""


@dataclass(frozen=True)
class Merged:
    """The headline as it is, and with these values counted as the first of them; `left` values remain."""

    values: Sequence[str]
    before: Part
    after: Part
    left: int


def kept_pull(round: Round, key: str) -> Pull | None:
    return kept(round, f"pull-{key}", lambda: pull(kept_rated(round, key).ratings))


def mergeable(round: Round, key: str) -> list[Value]:
    """The values that may be merged in thought, in the order of the codebook; none where there are too few."""
    book = codebook(round.codebook_version_id)
    if kind_of(book, key) not in MERGEABLE:
        return []
    offered = [value for value in values_of(book, key) if not value.retired]
    return offered if len(offered) >= FEWEST_VALUES else []


def heaviest_pair(found: Pull | None, values: Sequence[Value]) -> list[str]:
    """Those two of the values that pull the figure down most; none where no two do, or where sets of several do."""
    offered = [value.key for value in values]
    for pair in found.pairs if found else ():
        both = {value for side in (pair.a, pair.b) for value in (side if isinstance(side, frozenset) else [side])}
        if len(both) == 2 and both <= set(offered):
            return [value for value in offered if value in both]
    return []


def what_if(round: Round, key: str, values: Sequence[str]) -> Merged:
    """What the labels would give if these values were one; raises InvalidError unless there are two of them."""
    offered = [value.key for value in mergeable(round, key)]
    chosen = [value for value in offered if value in values]
    if len(chosen) < 2 or len(chosen) < len(set(values)):
        raise InvalidError("Choose two or more values of this question.")
    ratings = kept_rated(round, key).ratings
    merged = collapse(ratings, dict.fromkeys(chosen[1:], chosen[0]))
    before, after = (
        part_of(name, some, replicates=REPLICATES, seed=DEFAULT_SEED)
        for name, some in (("before", ratings), ("after", merged))
    )
    return Merged(chosen, before, after, len(offered) - len(chosen) + 1)
