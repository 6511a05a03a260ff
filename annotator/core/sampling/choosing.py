"""Which articles are drawn."""

from collections import Counter
from collections.abc import Mapping, Sequence

from annotator.core.errors import InvalidError

from .chance import Chance
from .model import EQUAL, GIVEN, PROPORTIONAL, Candidate, Spec


def apportion(total: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """`total` seats over strata in proportion to their sizes, by largest remainders (Hamilton's method).

    Of equal remainders the larger stratum comes first, then the name. No stratum gets more than it has while `total`
    is no more than all have.

    >>> apportion(10, {"a": 45, "b": 35, "c": 20})
    {'a': 5, 'b': 3, 'c': 2}
    """
    whole = sum(sizes.values())
    if not whole:
        return dict.fromkeys(sizes, 0)
    seats = {name: total * size // whole for name, size in sizes.items()}
    by_remainder = sorted(sizes, key=lambda name: (-(total * sizes[name] % whole), -sizes[name], name))
    for name in by_remainder[: total - sum(seats.values())]:
        seats[name] += 1
    return seats


def choose(candidates: Sequence[Candidate], spec: Spec) -> list[Candidate]:
    """The articles that are drawn, sorted by id. Raises InvalidError with what would be possible."""
    ordered = sorted(candidates)
    numbers = _numbers(Counter(one.stratum for one in ordered), spec)
    drawn: list[Candidate] = []
    for one in Chance(spec.seed, "articles").shuffled(ordered):
        if numbers.get(one.stratum, 0):
            numbers[one.stratum] -= 1
            drawn.append(one)
    return sorted(drawn)


def _numbers(sizes: Mapping[str, int], spec: Spec) -> dict[str, int]:
    if spec.spread == GIVEN:
        return _given(sizes, spec.by_stratum)
    total = _total(sum(sizes.values()), spec)
    return _equal(sizes, total) if spec.spread == EQUAL else apportion(total, sizes)


def _total(all_of_them: int, spec: Spec) -> int:
    if spec.part is not None:
        if not 0 < spec.part <= 1:
            raise InvalidError("The share of the articles lies above 0 and is at most 100 %.")
        return max(1, round(spec.part * all_of_them)) if all_of_them else 0
    if spec.number is None:
        return all_of_them
    if not 0 < spec.number <= all_of_them:
        raise InvalidError(f"{spec.number} articles are asked for. Possible: 1 to {all_of_them}.")
    return spec.number


def _equal(sizes: Mapping[str, int], total: int) -> dict[str, int]:
    """The same number of each stratum; what is left over goes to the largest ones."""
    each, over = divmod(total, len(sizes)) if sizes else (0, 0)
    largest = sorted(sizes, key=lambda name: (-sizes[name], name))
    wanted = {name: each + (place < over) for place, name in enumerate(largest)}
    short = [name for name in largest if sizes[name] < wanted[name]]
    if short:
        fewest = min(sizes.values())
        problems = tuple(f"“{name}” has {sizes[name]} articles, {wanted[name]} are asked for." for name in short)
        told = f"Equal numbers can't be drawn. Possible: {fewest} of each, {fewest * len(sizes)} in all."
        raise InvalidError(told, problems)
    return wanted


def _given(sizes: Mapping[str, int], wanted: Mapping[str, int]) -> dict[str, int]:
    problems = tuple(
        f"“{name}” has {sizes.get(name, 0)} articles, {number} are asked for."
        for name, number in sorted(wanted.items())
        if not 0 <= number <= sizes.get(name, 0)
    )
    if problems:
        raise InvalidError("These numbers can't be drawn.", problems)
    return dict(wanted)


__all__ = ["EQUAL", "GIVEN", "PROPORTIONAL", "apportion", "choose"]
