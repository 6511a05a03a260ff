"""Bootstrap intervals: percentiles over units, or whole articles, drawn with replacement.

Every coefficient here is a function of sums over units. So a replicate needs no data, only new weights for the rows
that were summed: drawing N units with replacement is exactly a multinomial draw over their patterns, and one matrix
product gives the sums of all replicates (Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 13).
Sentences of one article are not independent; with `groups` articles are drawn whole.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from .arrays import BoolArray, FloatArray, IntArray
from .coefficient import RELIABLE, TENTATIVE, Coefficient, not_defined
from .patterns import Patterns

LEVEL = 0.95
CELLS = 4_000_000
"""Most numbers held at once while drawing, 32 MB."""
CACHED_CELLS = 250_000
"""So many numbers stay in a processor's cache: drawing goes faster in such pieces."""
KEPT_CELLS = 16_000_000
"""Most numbers that are kept from one figure to the next, 32 MB as they take less room."""

Evaluate = Callable[[FloatArray], FloatArray]
"""From sums (replicates, columns) to the coefficient of each (replicates,), NaN where it is not defined."""


class Resampling(TypedDict, total=False):
    """How to make the interval: none without `replicates`; the same `seed` gives the same interval.

    `groups` names the article of each unit, or gives its `group_numbers`, and makes articles the thing that is drawn.
    """

    replicates: int | None
    seed: int | None
    groups: Sequence[Hashable] | IntArray | None
    level: float


@dataclass(frozen=True, eq=False)
class Rows:
    """What is drawn: `sums` (rows, columns), each row standing for `repeats` (rows,) units or articles."""

    sums: FloatArray
    repeats: IntArray

    def total(self) -> FloatArray:
        """Sums over the whole sample (1, columns)."""
        return np.asarray(self.repeats @ self.sums, dtype=np.float64)[None, :]


def rows(
    per_pattern: FloatArray,
    patterns: Patterns,
    groups: IntArray | None = None,
    lengths: FloatArray | None = None,
) -> Rows:
    """Rows to draw from the columns of each pattern (patterns, columns).

    With `groups` (units,), small integers from 0, units are summed by group first and groups are drawn; `lengths`
    (units,) then say how much each unit weighs.
    """
    if groups is None:
        return Rows(per_pattern, patterns.repeats)
    number, drawn = len(per_pattern), int(groups.max(initial=-1)) + 1
    cells = groups * number + patterns.of_unit
    if drawn * number <= CELLS:
        table = np.bincount(cells, weights=lengths, minlength=drawn * number).reshape(drawn, number)
        return Rows(table @ per_pattern, np.ones(drawn, dtype=np.int64))
    pairs, place = np.unique(cells, return_inverse=True)
    weight = np.bincount(place, weights=lengths, minlength=len(pairs))
    sums = np.zeros((drawn, per_pattern.shape[1]))
    np.add.at(sums, pairs // number, per_pattern[pairs % number] * weight[:, None])
    return Rows(sums, np.ones(drawn, dtype=np.int64))


def grouped(patterns: Patterns, ratings: int, resampling: Resampling) -> IntArray | None:
    """`group_codes` of the units with that many ratings."""
    groups = resampling.get("groups")
    return None if groups is None else group_codes(groups, patterns.units_with(ratings))


def group_numbers(groups: Sequence[Hashable] | IntArray) -> IntArray:
    """A number for the group of each unit (units,), from 0 in order of appearance."""
    if isinstance(groups, np.ndarray):
        return groups
    numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    return np.fromiter(map(numbers.__getitem__, groups), np.int64, len(groups))


def group_codes(groups: Sequence[Hashable] | IntArray, used: BoolArray) -> IntArray:
    """Small integers, none left out, for the groups of the units that are used (units,)."""
    if len(groups) != len(used):
        raise ValueError(f"There are {len(groups)} groups for {len(used)} units: give one a unit.")
    kept = group_numbers(groups)[used]
    present = np.bincount(kept, minlength=1) > 0
    return np.asarray((np.cumsum(present) - 1)[kept], dtype=np.int64)


def estimate(
    drawn: Rows,
    evaluate: Evaluate,
    *,
    units: int,
    undefined: str,
    dropped: Mapping[str, int] | None = None,
    se: float | None = None,
    resampling: Resampling,
) -> Coefficient:
    """The coefficient of the whole sample with its interval, or `undefined` as the reason there is none."""
    value = float(evaluate(drawn.total())[0])
    if np.isnan(value):
        return not_defined(undefined, units=units, dropped=dropped)
    return replace(_resampled(drawn, evaluate, resampling), value=value, units=units, se=se, dropped=dropped or {})


def _resampled(drawn: Rows, evaluate: Evaluate, resampling: Resampling) -> Coefficient:
    """The percentile interval, the shares below the two marks, and the number of replicates they rest on.

    Replicates on which the coefficient is not defined (all ratings drawn are equal) are left out. There is no
    interval when they are more than half, and none from a single unit or article.
    """
    replicates = resampling.get("replicates") or 0
    if replicates < 1 or int(drawn.repeats.sum()) < 2:
        return Coefficient(None, 0)
    draws = _draws(drawn, replicates, resampling.get("seed"))
    figures = np.concatenate([evaluate(weights @ drawn.sums) for weights in draws])
    defined = figures[~np.isnan(figures)]
    if len(defined) * 2 < replicates:
        return Coefficient(None, 0, replicates=len(defined))
    tail = (1 - resampling.get("level", LEVEL)) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Coefficient(
        value=None,
        units=0,
        low=float(low),
        high=float(high),
        replicates=len(defined),
        below_tentative=float((defined < TENTATIVE).mean()),
        below_reliable=float((defined < RELIABLE).mean()),
    )


def _draws(drawn: Rows, replicates: int, seed: int | None) -> Iterator[FloatArray]:
    """Weights of the rows, some replicates at a time (replicates, rows)."""
    size, number = int(drawn.repeats.sum()), len(drawn.repeats)
    if size == number and seed is not None and replicates * number <= KEPT_CELLS:
        step = max(1, CELLS // number)
        kept = _kept_counts(number, replicates, seed)
        yield from (kept[start : start + step].astype(np.float64) for start in range(0, replicates, step))
        return
    generator = _generator(seed)
    step = max(1, CELLS // max(size if _sparse(drawn) else 1, *drawn.sums.shape))
    for start in range(0, replicates, step):
        yield _weights(drawn, min(step, replicates - start), generator)


def _generator(seed: int | None) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


@lru_cache(maxsize=1)
def _kept_counts(number: int, replicates: int, seed: int) -> npt.NDArray[np.uint16]:
    """How often each of the articles is drawn (replicates, rows): the same for every figure of a report."""
    generator, step, row_of = _generator(seed), max(1, CACHED_CELLS // number), np.arange(number)
    sizes = [min(step, replicates - start) for start in range(0, replicates, step)]
    return np.concatenate([_counts(row_of, size, generator).astype(np.uint16) for size in sizes])


def _sparse(drawn: Rows) -> bool:
    """Whether units hardly repeat: then drawing them one by one is faster than one binomial for each row."""
    return int(drawn.repeats.sum()) <= 8 * len(drawn.repeats)


def _weights(drawn: Rows, replicates: int, generator: np.random.Generator) -> FloatArray:
    if _sparse(drawn):
        row_of = np.repeat(np.arange(len(drawn.repeats)), drawn.repeats)
        return _counts(row_of, replicates, generator).astype(np.float64)
    size = int(drawn.repeats.sum())
    return generator.multinomial(size, drawn.repeats / size, replicates).astype(np.float64)


def _counts(row_of: IntArray, replicates: int, generator: np.random.Generator) -> IntArray:
    """How often each row is drawn (replicates, rows) where `row_of` names the row of each unit."""
    size, number = len(row_of), int(row_of[-1]) + 1
    picked = generator.integers(0, size, (replicates, size))
    if number < size:
        picked = row_of[picked]
    picked += number * np.arange(replicates)[:, None]
    return np.bincount(picked.ravel(), minlength=replicates * number).reshape(replicates, number)
