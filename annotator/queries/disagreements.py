"""Behind a figure: which values were taken for which, and the units on which the annotators differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from annotator.core.agreement import VariableRatings
from annotator.core.agreement.confusion import confusion
from annotator.core.codebook import Codebook, Value
from annotator.queries.ratings import RatedUnit, RoundRatings, round_ratings, variable_ratings
from annotator.queries.reports import kept
from projects.models import Round, TextVersion

MATRIX_KINDS = {"single", "ordinal"}
MOST_VALUES = 15
HEAT_CLASSES = 4


@dataclass(frozen=True)
class Cell:
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
class Disagreement:
    """A unit with each annotator's answer, by letter."""

    article: str
    index: int
    text: str
    language: str
    answers: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Evidence:
    """What stands behind the figure of one variable."""

    matrix: Matrix | None
    units: Sequence[Disagreement]


def kept_evidence(round: Round, key: str, *, most: int) -> Evidence:
    """Matrix and differing units, read once for each state of the labels."""

    def read() -> Evidence:
        ratings = round_ratings(round, only=key)
        return Evidence(matrix(ratings, key), disagreements(ratings, key, most=most))

    return kept(round, f"evidence-{most}-{key}", read)


def ratings_of(ratings: RoundRatings, key: str) -> VariableRatings:
    """One variable's ratings, or those of one part of an attribution."""
    variable = ratings.book.variable(key.split(".")[0])
    return next(item for item in variable_ratings(ratings, variable) if item.key == key)


def matrix(ratings: RoundRatings, key: str) -> Matrix | None:
    """Who was taken for whom in a round."""
    names = {value.key: value.label for value in values_of(ratings.book, key)}
    return matrix_of(ratings_of(ratings, key), names)


def matrix_of(item: VariableRatings, names: Mapping[str, str]) -> Matrix | None:
    """Who was taken for whom; None for variables whose answers are no single values, or too many of them.

    `names` are the values' labels; a value without one is shown by its key.
    """
    if item.kind not in MATRIX_KINDS or not 2 <= len(item.values) <= MOST_VALUES:
        return None
    found = confusion(item.ratings)
    label = {key: names.get(key, key) for key in item.values}
    counts = {(a, b): found[a, b] + (found[b, a] if a != b else 0) for a in item.values for b in item.values}
    most = max((n for (a, b), n in counts.items() if a != b), default=0)
    rows = []
    for i, a in enumerate(item.values):
        cells = [Cell(counts[a, b], a == b, _heat(counts[a, b], most)) for b in item.values[: i + 1]]
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


def disagreements(ratings: RoundRatings, key: str, *, most: int) -> list[Disagreement]:
    """The first units, in the order of the articles, on which two annotators gave different answers."""
    item = ratings_of(ratings, key)
    units = ratings.of_scope(ratings.book.variable(key.split(".")[0]))
    differing = []
    for position, unit in enumerate(units):
        answers = [row[position] for row in item.ratings]
        if len({_compared(answer) for answer in answers if answer is not None}) > 1:
            differing.append((unit, answers))
        if len(differing) == most:
            break
    texts = TextVersion.objects.select_related("article").in_bulk({unit.text_version for unit, _ in differing})
    return [_shown(ratings.book, key, unit, answers, texts[unit.text_version]) for unit, answers in differing]


def _shown(book: Codebook, key: str, unit: RatedUnit, answers: Sequence[object], text: TextVersion) -> Disagreement:
    return Disagreement(
        article=text.article.title,
        index=unit.index,
        text="" if unit.index == 0 else text.text[unit.start : unit.end],
        language=text.article.language,
        answers=[
            (ascii_uppercase[place % len(ascii_uppercase)], answer_text(book, key, answer, text.text))
            for place, answer in enumerate(answers)
            if answer is not None
        ],
    )


def answer_text(book: Codebook, key: str, answer: object, text: str) -> str:
    """An answer in words: labels for values, quotes for spans."""
    names = {value.key: value.label for value in values_of(book, key)}
    if isinstance(answer, list):
        return ", ".join(_item_text(names, item, text) for item in answer) or "—"
    return names.get(str(answer), str(answer))


def _item_text(names: dict[str, str], item: object, text: str) -> str:
    if not isinstance(item, dict):
        return names.get(str(item), str(item))
    name = names.get(str(item.get("value")), str(item.get("value") or ""))
    return f"“{text[item['start'] : item['end']]}” {name}"


def values_of(book: Codebook, key: str) -> Sequence[Value]:
    """The values of a variable, or of the part of an attribution that `key` names."""
    variable_key, _sign, part = key.partition(".")
    variable = book.variable(variable_key)
    parts = {"source": variable.sources, "manner": variable.manners, "stance": variable.stances}
    return parts.get(part, variable.values)


def _compared(answer: object) -> object:
    """What the coefficients see of an answer: of a span its extent and value, not its attributes."""
    if not isinstance(answer, list):
        return answer
    return frozenset((i["start"], i["end"], i.get("value")) if isinstance(i, dict) else i for i in answer)
