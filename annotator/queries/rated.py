"""The ratings of one variable of a round, read once for each state of the labels."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.core.agreement import VariableRatings
from annotator.core.agreement.variable import PARTS
from annotator.core.codebook import Codebook, Value
from annotator.core.errors import NotFoundError
from annotator.queries.ratings import RatedUnit, RoundRatings, round_ratings, variable_ratings
from annotator.queries.reports import kept
from projects.models import Round
from projects.queries.codebooks import codebook


@dataclass(frozen=True)
class Rated:
    """One variable, or one part of an attribution: its ratings, and the units they are on in the same order."""

    ratings: VariableRatings
    units: Sequence[RatedUnit]


def kept_rated(round: Round, key: str) -> Rated:
    check_key(codebook(round.codebook_version_id), key)
    return kept(round, f"rated-{key}", lambda: rated(round_ratings(round, only=key), key))


def rated(ratings: RoundRatings, key: str) -> Rated:
    variable = ratings.book.variable(key.partition(".")[0])
    found = next(item for item in variable_ratings(ratings, variable) if item.key == key)
    return Rated(found, ratings.of_scope(variable))


def check_key(book: Codebook, key: str) -> None:
    """Raises NotFoundError unless the codebook has this variable; an attribution is named by its parts."""
    name, _dot, part = key.partition(".")
    kinds = {variable.key: variable.kind for variable in book.variables}
    if not (part in PARTS if kinds.get(name) == "attribution" else key in kinds):
        raise NotFoundError("The codebook has no such variable.")


def kind_of(book: Codebook, key: str) -> str:
    """The kind of a variable; of an attribution's part as it is compared. Raises NotFoundError, see `check_key`."""
    check_key(book, key)
    name, _dot, part = key.partition(".")
    kind = book.variable(name).kind
    if kind != "attribution":
        return kind
    return "span" if part == "spans" else "multi"


def values_of(book: Codebook, key: str) -> Sequence[Value]:
    """The values of a variable, or of the part of an attribution that `key` names."""
    variable_key, _dot, part = key.partition(".")
    variable = book.variable(variable_key)
    parts = {"source": variable.sources, "manner": variable.manners, "stance": variable.stances}
    return parts.get(part, variable.values)


def name_of(book: Codebook, key: str) -> str:
    """What a variable is called; a part of an attribution with the name of the part."""
    variable_key, dot, part = key.partition(".")
    label = book.variable(variable_key).label
    return f"{label}: {part}" if dot else label
