"""Which values each annotator gives, and how often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .measures import Compared


@dataclass(frozen=True)
class AnswerCounts:
    """An annotator's answers: on how many `units`, and on how many of these each value was given."""

    annotator: str
    units: int
    values: Mapping[str, int]


def distribution(data: Compared, names: Sequence[str]) -> tuple[AnswerCounts, ...]:
    """The counts of each annotator; none for numbers and text, which have no list of values.

    `names` are the annotators in the order of the ratings. A set counts for each of its members.
    """
    if data.scale in ("text", "open", "interval", "ratio"):
        return ()
    labels = [label if isinstance(label, frozenset) else {label} for label in data.coded.labels]
    given = np.array([[key in label for key in data.values] for label in labels], dtype=np.int64)
    given = given.reshape(len(labels), len(data.values))
    found = []
    for name, codes in zip(names, data.coded.codes, strict=True):
        counts = np.bincount(codes[codes >= 0], minlength=len(labels))
        values = dict(zip(map(str, data.values), (counts @ given).tolist(), strict=True))
        found.append(AnswerCounts(name, int(counts.sum()), values))
    return tuple(found)
