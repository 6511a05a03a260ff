"""One annotator's answers beside what most of the others gave."""

from collections.abc import Hashable, Sequence

import numpy as np

from .arrays import MISSING, BoolArray, FloatArray, IntArray
from .coding import Coded


def beside_majority(coded: Coded, row: int, counts: FloatArray) -> tuple[Coded, int]:
    """The ratings of two, the rater in this row and the majority of the others; and how many units had none.

    `counts` are those of `coded.by_rater`. A unit has no majority where two values are given equally often; it is
    counted if the rater answered there. Of sets each value is voted on by itself, and one that just half gave makes a
    tie.
    """
    own = coded.by_rater.slots[:, row]
    rated = own != MISSING
    others = counts.copy()
    others[rated, own[rated]] -= 1
    sets = any(isinstance(label, frozenset) for label in coded.labels)
    own, most, tied = _of_sets(coded.labels, own, others) if sets else (own, *_of_values(others))
    codes = np.column_stack([own, most])
    two = Coded(coded.by_rater.read(codes), tuple(range(int(codes.max(initial=0)) + 1)))
    return two, int(coded.by_rater.repeats[tied & rated].sum())


def _of_values(others: FloatArray) -> tuple[IntArray, BoolArray]:
    """The value given most (patterns,), -1 where there is none, and where that is for a tie."""
    top = others.max(axis=1, initial=0)
    tied = np.asarray(((others == top[:, None]).sum(axis=1) > 1) & (top > 0))
    return np.where((top > 0) & ~tied, others.argmax(axis=1), MISSING), tied


def _of_sets(labels: Sequence[Hashable], own: IntArray, others: FloatArray) -> tuple[IntArray, IntArray, BoolArray]:
    """The same with sets: codes of the rater's and of the majority's sets, equal where the sets are."""
    sets = [label if isinstance(label, frozenset) else frozenset([label]) for label in labels]
    values = sorted(frozenset().union(*sets), key=str)
    member = np.array([[value in label for value in values] for label in sets]).reshape(len(sets), len(values))
    given, size = others @ member, others.sum(axis=1)
    tied = np.asarray((2 * given == size[:, None]).any(axis=1) & (size > 0))
    _, code = np.unique(np.vstack([member, 2 * given > size[:, None]]), axis=0, return_inverse=True)
    most = np.where((size > 0) & ~tied, code[len(sets) :], MISSING)
    return np.append(code[: len(sets)], MISSING)[own], most, tied
