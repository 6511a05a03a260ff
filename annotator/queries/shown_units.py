"""Units as a lead reads them behind a figure: in their context, with each annotator's answer under a letter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from django.db.models import Q

from annotator.core.codebook import Codebook
from annotator.queries.rated import Rated, values_of
from projects.models import TextVersion, Unit

AROUND = 1
"""So many units before and after are shown."""


@dataclass(frozen=True)
class Answer:
    """What one annotator said, in words; `values` are the closed values in it, labels by key."""

    letter: str
    text: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """A unit's number and words."""

    index: int
    text: str


@dataclass(frozen=True)
class ShownUnit:
    """A unit between its neighbours, with each annotator's answer. The whole article (0) is shown without its text."""

    id: int
    index: int
    article: int
    title: str
    language: str
    before: Sequence[Line]
    text: str
    after: Sequence[Line]
    answers: Sequence[Answer]

    @property
    def values(self) -> dict[str, str]:
        """All closed values that somebody gave, labels by key."""
        return {key: label for answer in self.answers for key, label in answer.values.items()}


def letter(place: int) -> str:
    """A, B, ..., Z, AA, AB and so on.

    >>> letter(0), letter(26), letter(701)
    ('A', 'AA', 'ZZ')
    """
    rest, last = divmod(place, len(ascii_uppercase))
    return (letter(rest - 1) if rest else "") + ascii_uppercase[last]


def shown_units(book: Codebook, rated: Rated, places: Sequence[int]) -> list[ShownUnit]:
    """The units at these places of `rated`, in three queries however many they are."""
    chosen = [rated.units[place] for place in places]
    texts = TextVersion.objects.select_related("article").in_bulk({unit.text_version for unit in chosen})
    around = _around([(unit.text_version, unit.index) for unit in chosen if unit.index])
    found = []
    for place, unit in zip(places, chosen, strict=True):
        version = texts[unit.text_version]
        lines = {
            other.index: Line(other.index, version.text[other.start : other.end])
            for other in around.get(unit.text_version, ())
            if unit.index and other.index and abs(other.index - unit.index) <= AROUND
        }
        found.append(
            ShownUnit(
                id=unit.id,
                index=unit.index,
                article=version.article_id,
                title=version.article.title,
                language=version.article.language,
                before=[line for index, line in lines.items() if index < unit.index],
                text=version.text[unit.start : unit.end] if unit.index else "",
                after=[line for index, line in lines.items() if index > unit.index],
                answers=_answers(book, rated, place, version.text),
            )
        )
    return found


def _around(places: Sequence[tuple[int, int]]) -> dict[int, list[Unit]]:
    """The units near these (text version, index), by text version and in order."""
    if not places:
        return {}
    near = Q()
    for text, index in places:
        near |= Q(text_version=text, index__range=(max(1, index - AROUND), index + AROUND))
    found: dict[int, list[Unit]] = {}
    for unit in Unit.objects.filter(near).only("text_version_id", "index", "start", "end").order_by("index"):
        found.setdefault(unit.text_version_id, []).append(unit)
    return found


def _answers(book: Codebook, rated: Rated, place: int, text: str) -> list[Answer]:
    names = {value.key: value.label for value in values_of(book, rated.ratings.key)}
    return [
        Answer(letter(row), answer_text(names, given[place], text), _values(names, given[place]))
        for row, given in enumerate(rated.ratings.ratings)
        if given[place] is not None
    ]


def _values(names: Mapping[str, str], answer: object) -> dict[str, str]:
    items = answer if isinstance(answer, list) else [answer]
    keys = [str(item.get("value") if isinstance(item, dict) else item) for item in items]
    return {key: names[key] for key in keys if key in names}


def answer_text(names: Mapping[str, str], answer: object, text: str) -> str:
    """An answer in words: labels for values, quotes for spans."""
    if isinstance(answer, list):
        return ", ".join(dict.fromkeys(_item_text(names, item, text) for item in answer)) or "—"
    return names.get(str(answer), str(answer))


def _item_text(names: Mapping[str, str], item: object, text: str) -> str:
    if not isinstance(item, dict):
        return names.get(str(item), str(item))
    name = names.get(str(item.get("value")), str(item.get("value") or ""))
    return f"“{text[item['start'] : item['end']]}” {name}"
