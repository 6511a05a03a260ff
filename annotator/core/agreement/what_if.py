"""What a figure would be if values were merged, before anything changes."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from .variable import VariableRatings

MERGEABLE = ("single", "ordinal", "multi", "span")


def collapse(ratings: VariableRatings, merges: Mapping[str, str]) -> VariableRatings:
    """The same ratings with some values counted as others, for `report_variable`.

    `merges` maps a value to the one that it is counted as, which keeps its place in the order and its code. A set
    that holds both holds one of them; spans stay where they are. Raises ValueError where the kind has no values of
    its own, where the codebook doesn't know a value, and where a value is merged into one that is itself merged.

    Krippendorff (2018, Content Analysis, 4th ed., ch. 12) gives this as the way to see which distinctions cost
    reliability. Merging after the fact flatters: it is chosen on the data that it is then judged by.

    >>> whole = VariableRatings("v", "single", ["A", "B"], [["a", "b"], ["c", "b"]], [1, 2], [1, 1])
    >>> collapse(whole, {"c": "a"}).ratings
    [['a', 'b'], ['a', 'b']]
    """
    moved = {old: new for old, new in merges.items() if old != new}
    _check(ratings, moved)
    read = _reader(ratings.kind, moved)
    return replace(
        ratings,
        ratings=[[None if answer is None else read(answer) for answer in row] for row in ratings.ratings],
        values=[value for value in ratings.values if value not in moved],
        codes={value: code for value, code in ratings.codes.items() if value not in moved},
    )


def _check(ratings: VariableRatings, moved: Mapping[str, str]) -> None:
    if ratings.kind not in MERGEABLE:
        raise ValueError(f"{ratings.key}: a variable of kind {ratings.kind} has no values to merge.")
    if ratings.values:
        unknown = [value for value in (*moved, *moved.values()) if value not in ratings.values]
        if unknown:
            raise ValueError(f"{ratings.key}: {unknown[0]!r} is not one of the values.")
    chained = [new for new in moved.values() if new in moved]
    if chained:
        raise ValueError(f"{ratings.key}: {chained[0]!r} is merged away, so nothing can be merged into it.")


def _reader(kind: str, moved: Mapping[str, str]) -> Callable[[object], object]:
    def one(answer: object) -> object:
        return moved.get(answer, answer) if isinstance(answer, str) else answer

    def several(answer: object) -> object:
        return list(dict.fromkeys(map(one, answer))) if isinstance(answer, list | tuple) else one(answer)

    def spans(answer: object) -> object:
        if not isinstance(answer, list | tuple):
            return answer
        return [{**span, "value": one(span.get("value"))} for span in answer]

    return {"multi": several, "span": spans}.get(kind, one)
