"""Values that are counted as one, to see what a table would give with fewer of them."""

from collections.abc import Iterable

from annotator.core.agreement import VariableRatings
from annotator.core.agreement.what_if import collapse
from annotator.core.errors import InvalidError

Groups = tuple[tuple[str, ...], ...]


def parse_groups(text: str) -> Groups:
    """Groups of values: commas between values, semicolons between groups.

    >>> parse_groups("-3, -2; 0, 1")
    (('-3', '-2'), ('0', '1'))
    """
    listed = (tuple(value.strip() for value in group.split(",") if value.strip()) for group in text.split(";"))
    return tuple(group for group in listed if group)


def merged(ratings: VariableRatings, groups: Iterable[tuple[str, ...]]) -> VariableRatings:
    """The ratings with each group counted as its first value. Raises InvalidError for values that are not there."""
    merges: dict[str, str] = {}
    for first, *others in groups:
        for value in others:
            if value in merges or value == first:
                raise InvalidError(f"{ratings.key}: “{value}” is to be merged twice.")
            merges[value] = first
    try:
        return collapse(ratings, merges) if merges else ratings
    except ValueError as error:
        raise InvalidError(f"Nothing was merged. {error}") from error
