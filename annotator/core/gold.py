"""Whether an answer meets a gold one, which answer counts as the first, and how sure a share of met answers is.

One value, a number: equal. Several values: the same set. Attribution: the same set of sources; manner and stance stand
beside it and don't count. Marks: each overlaps a mark of the other answer with the same value, so that a word more or
less is no miss.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from math import sqrt
from typing import NamedTuple, TypeVar, cast

from annotator.core.codebook import CANNOT_TELL, Json, Variable, is_whole, items_of
from annotator.core.spans import Interval, overlaps

Key = TypeVar("Key", bound=Hashable)
NEVER_GOLD = frozenset({"text"})
"""Two texts say the same in other words, so none is gold for the other."""
_Z95 = 1.959963984540054


class Rate(NamedTuple):
    """`met` of `answers`, and the interval in which the share lies with 95 %; empty bounds where nothing was asked."""

    met: int
    answers: int
    low: float | None
    high: float | None

    @property
    def share(self) -> float | None:
        return self.met / self.answers if self.answers else None

    @property
    def per_cent(self) -> tuple[float, float, float] | None:
        """Share, lower and upper end."""
        if self.share is None or self.low is None or self.high is None:
            return None
        return 100 * self.share, 100 * self.low, 100 * self.high


def rate(met: int, answers: int) -> Rate:
    """The score interval of E. B. Wilson (1927), Journal of the American Statistical Association 22.

    Good for few answers too, and near 0 and 1, where the usual interval has no width.

    >>> found = rate(81, 263)
    >>> round(found.low, 4), round(found.high, 4)
    (0.2553, 0.3662)
    """
    if not answers:
        return Rate(met, answers, None, None)
    p, z2 = met / answers, _Z95**2
    middle = (p + z2 / (2 * answers)) / (1 + z2 / answers)
    half = _Z95 / (1 + z2 / answers) * sqrt(p * (1 - p) / answers + z2 / (4 * answers**2))
    return Rate(met, answers, max(0.0, middle - half), min(1.0, middle + half))


def may_be_gold(variable: Variable, value: Json) -> bool:
    """Whether an answer can be gold: there is one, and two people can give the same."""
    return variable.kind not in NEVER_GOLD and value is not None and value != CANNOT_TELL


def meets(variable: Variable, gold: Json, given: Json) -> bool:
    """Whether `given` meets `gold`; both are stored answers of `variable`. No answer is met by none.

    Marks that the codebook doesn't require may be passed over: no answer then says that there is nothing to mark.
    """
    if given is None and variable.kind == "span" and not variable.required:
        given = []
    if given is None or given == CANNOT_TELL:
        return False
    if variable.kind == "span":
        return not _outside(gold, given) and not _outside(given, gold)
    return _parts(variable, gold) == _parts(variable, given)


def beside(variable: Variable, gold: Json, given: Json) -> list[str]:
    """Of an attribution with the sources of the gold one: which of manner and stance differ, where gold has them."""
    if variable.kind != "attribution" or not meets(variable, gold, given):
        return []
    return [part for part in ("manner", "stance") if _said(gold, part, gold) - _said(given, part, gold)]


def is_settled(variable: Variable, gold: Json, given: Json) -> bool:
    """Whether an answer can be judged as it stands, though its annotator may still be at it.

    Sets, marks and attributions are saved piece by piece. One that lacks nothing but pieces isn't judged before its
    annotator went on; one that is met, or has a piece that gold hasn't, is. A number may be saved half typed.
    """
    if variable.kind in ("single", "ordinal") or given in ([], CANNOT_TELL):
        return True
    if variable.kind == "attribution" and not is_whole(variable, given):
        return False
    if meets(variable, gold, given):
        return True
    if variable.kind == "span":
        return bool(_outside(given, gold))
    return variable.kind != "number" and not _parts(variable, given) <= _parts(variable, gold)


def first_answers(events: Iterable[tuple[Key, Json]], settled: Callable[[Key, Json], bool]) -> dict[Key, Json]:
    """The answer that counts for each question of an annotator, from all his choices in the order made.

    It is the first that could be judged, else what stood there when he first went on to another question. What was
    taken back before counts for nothing.

    >>> first_answers([("a", 1), ("b", [1]), ("b", [1, 2]), ("a", 2)], lambda key, value: key == "a")
    {'a': 1, 'b': [1, 2]}
    """
    found: dict[Key, Json] = {}
    here: tuple[Key, Json] | None = None
    for key, value in events:
        if here is not None and here[0] != key:
            found.setdefault(*here)
        here = None
        if key in found or value is None:
            continue
        if settled(key, value):
            found[key] = value
        else:
            here = key, value
    if here is not None:
        found.setdefault(*here)
    return found


def _parts(variable: Variable, answer: Json) -> frozenset[Hashable]:
    """What has to be the same: the values, the sources, the number."""
    items = answer if isinstance(answer, list) else [answer]
    keys = (item.get("source") if isinstance(item, dict) else item for item in items)
    return frozenset(key if isinstance(key, str | int | float) else str(key) for key in keys)


def _said(answer: Json, part: str, asked: Json) -> set[tuple[str, str]]:
    """(source, manner) or (source, stance) of each attribution, where `asked` answers that part of the source."""
    told = {str(item.get("source")) for item in items_of(asked) if item.get(part)}
    return {(str(i.get("source")), str(i.get(part))) for i in items_of(answer) if str(i.get("source")) in told}


def _outside(marks: Json, others: Json) -> list[dict[str, Json]]:
    """The marks that overlap none of the others with the same value."""
    there = [(mark.get("value"), _place(mark)) for mark in items_of(others)]
    return [
        mark
        for mark in items_of(marks)
        if not any(mark.get("value") == value and overlaps(_place(mark), place) for value, place in there)
    ]


def _place(mark: dict[str, Json]) -> Interval:
    return Interval(cast("int", mark["start"]), cast("int", mark["end"]))
