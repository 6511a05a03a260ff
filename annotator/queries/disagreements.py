"""Behind a figure: which values were taken for which, and the units on which the annotators differ."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from annotator.core.agreement import VariableRatings
from annotator.core.agreement.confusion import confusion
from annotator.core.errors import NotFoundError
from annotator.queries.rated import kept_rated, values_of
from annotator.queries.reports import kept
from annotator.queries.shown_units import ShownUnit, shown_units
from projects.models import Round
from projects.queries.codebooks import codebook

MATRIX_KINDS = {"single", "ordinal"}
MOST_VALUES = 15
HEAT_CLASSES = 4

Pair = tuple[str, str]


@dataclass(frozen=True)
class Cell:
    """How often two values were given to one unit: `first` names the row, `second` the column."""

    first: str
    second: str
    count: int
    same: bool
    heat: int


@dataclass(frozen=True)
class Matrix:
    """The lower triangle of a table of pairs; `rows` are (value, its cells).

    `pairs` counts all pairs of answers, `differing` those that differ, `worst` names the two values most often taken
    for each other (empty: nobody differs) and `worst_pairs` says how often.
    """

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    pairs: int
    differing: int
    worst: Sequence[str]
    worst_pairs: int


@dataclass(frozen=True)
class Evidence:
    """What stands behind the figure of one variable. `differing` counts the units of which `units` are the first."""

    matrix: Matrix | None
    units: Sequence[ShownUnit]
    differing: int


def kept_evidence(round: Round, key: str, *, most: int) -> Evidence:
    """Matrix and differing units, read once for each state of the labels."""

    def read() -> Evidence:
        book, rated = codebook(round.codebook_version_id), kept_rated(round, key)
        places = differing(rated.ratings)
        names = {value.key: value.label for value in values_of(book, key)}
        return Evidence(matrix_of(rated.ratings, names), shown_units(book, rated, places[:most]), len(places))

    return kept(round, f"evidence-{most}-{key}", read)


def has_matrix(ratings: VariableRatings) -> bool:
    """Whether answers are single values, and few enough of them for a table."""
    return ratings.kind in MATRIX_KINDS and 2 <= len(ratings.values) <= MOST_VALUES


def matrix_of(item: VariableRatings, names: Mapping[str, str]) -> Matrix | None:
    """Who was taken for whom; None for variables whose answers are no single values, or too many of them.

    `names` are the values' labels; a value without one is shown by its key.
    """
    if not has_matrix(item):
        return None
    found = confusion(item.ratings)
    label = {key: names.get(key, key) for key in item.values}
    counts = {(a, b): found[a, b] + (found[b, a] if a != b else 0) for a in item.values for b in item.values}
    most = max((n for (a, b), n in counts.items() if a != b), default=0)
    rows = []
    for i, a in enumerate(item.values):
        cells = [Cell(a, b, counts[a, b], a == b, _heat(counts[a, b], most)) for b in item.values[: i + 1]]
        rows.append((label[a], cells))
    pair, often = max(((pair, n) for pair, n in counts.items() if pair[0] != pair[1]), key=lambda found: found[1])
    return Matrix(
        columns=[label[value] for value in item.values],
        rows=rows,
        pairs=found.total(),
        differing=sum(n for (a, b), n in found.items() if a != b),
        worst=[label[value] for value in pair] if often else [],
        worst_pairs=often,
    )


def _heat(count: int, most: int) -> int:
    return 0 if not count else max(1, round(HEAT_CLASSES * count / most)) if most else 0


def differing(ratings: VariableRatings) -> list[int]:
    """The places of the units on which two annotators gave different answers, in the order of the articles."""
    return [
        place
        for place, answers in enumerate(zip(*ratings.ratings, strict=True))
        if len({compared_answer(answer) for answer in answers if answer is not None}) > 1
    ]


@dataclass(frozen=True)
class InCell:
    """The units of a cell of the matrix, and how many pairs of answers they make."""

    places: Sequence[int]
    pairs: int


def in_cell(ratings: VariableRatings, pair: Pair) -> InCell:
    """Where one annotator gave the first value and another the second; for a value with itself, where two gave it."""
    if not has_matrix(ratings) or not set(pair) <= set(ratings.values):
        raise NotFoundError("There is no such cell.")
    first, second = pair
    places, pairs = [], 0
    for place, answers in enumerate(zip(*ratings.ratings, strict=True)):
        n = answers.count(first)
        met = n * (n - 1) // 2 if first == second else n * answers.count(second)
        if met:
            places.append(place)
            pairs += met
    return InCell(places, pairs)


def compared_answer(answer: object) -> Hashable:
    """What the coefficients see of an answer: of a span its extent and value, not its attributes."""
    if not isinstance(answer, list):
        return answer if isinstance(answer, Hashable) else str(answer)
    return frozenset((i["start"], i["end"], i.get("value")) if isinstance(i, dict) else i for i in answer)
