"""What becomes of the answers on units whose boundaries were mended.

The rule, for one annotator and one variable: a unit that stayed as it was keeps its answer. Every piece of a split unit
inherits it, to be confirmed. Where units were merged, equal answers stay; unequal ones go back to the annotator as a
label without a value. Spans go where their words went; one that no unit holds whole is listed by `unplaced`. Nothing
is decided for anybody: an answer that can't be carried is asked for again, and the old ones stay on the old units.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from annotator.core.align import Alignment, Link
from annotator.core.codebook import CANNOT_TELL, Json, items_of
from annotator.core.codebook.model import Kind
from annotator.core.spans import Interval, contains

Item: TypeAlias = "dict[str, Json]"


@dataclass(frozen=True, slots=True)
class Held:
    """A label: its value and whether it waits for its annotator. A value of None that waits is one to settle."""

    value: Json
    to_confirm: bool = False
    version: int = 0

    @property
    def open(self) -> bool:
        return self.value is None and self.to_confirm

    @property
    def stands(self) -> bool:
        return self.value is not None or self.to_confirm


@dataclass(frozen=True, slots=True)
class Ancestor:
    """An old unit of a new one, with the label that it holds, if any."""

    link: Link
    held: Held | None


@dataclass(frozen=True, slots=True)
class Target:
    """The new unit. `exact`: it holds its old units to the character, and nothing else but white space."""

    extent: Interval
    exact: bool


@dataclass(frozen=True)
class Ground:
    """The new text, and how the old one lies to it."""

    text: str
    alignment: Alignment


def carried(kind: Kind, ancestors: Sequence[Ancestor], target: Target, ground: Ground) -> Held | None:
    """The label of a new unit, made of those of its old units; None where there is nothing to carry.

    `version` goes on counting from the highest of the old ones.
    """
    said = [ancestor for ancestor in ancestors if ancestor.held is not None and ancestor.held.stands]
    if not said:
        return None
    held = _joined(kind, ancestors, target, ground)
    return held and replace(held, version=1 + max(a.held.version for a in said if a.held is not None))


def translated(kind: Kind, value: Json, target: Target, ground: Ground) -> Json:
    """The answer on a unit as it reads in another text version that has the same unit: its spans where they stand."""
    return _settled(kind, [value], target, ground)


def shifted(kind: Kind, value: Json, by: int) -> Json:
    """The answer on a unit as it reads where the same words stand `by` code points further on.

    >>> shifted("span", [{"start": 4, "end": 10, "quote": "regime"}], 2)
    [{'start': 6, 'end': 12, 'quote': 'regime'}]
    """
    if by == 0 or not isinstance(value, list):
        return value
    if kind == "span":
        ends = ("start", "end")
        return [span | {end: at + by for end in ends if isinstance(at := span[end], int)} for span in items_of(value)]
    if kind == "attribution":
        return [item | {"spans": shifted("span", item["spans"], by)} for item in items_of(value)]
    return value


def unplaced(kind: Kind, value: Json, heirs: Sequence[Json], alignment: Alignment) -> Iterator[Item]:
    """The spans of an old answer that stand in none of the answers on the units that came of its unit, `heirs`.

    A None among those asks the whole question again; nothing counts as unplaced then.
    """
    if None in heirs:
        return
    there = {(span["start"], span["end"]) for heir in heirs for span in _spans_of(kind, heir)}
    for span in _spans_of(kind, value):
        if _place(span, alignment) not in there:
            yield span


def _joined(kind: Kind, ancestors: Sequence[Ancestor], target: Target, ground: Ground) -> Held | None:
    first = ancestors[0]
    if len(ancestors) == 1 and first.link.kind == "same" and first.held is not None:
        return _kept(kind, first.held, target, ground)
    group = ancestors if kind == "span" else _speakers(ancestors)
    said = [ancestor.held for ancestor in group if ancestor.held is not None and ancestor.held.stands]
    if not said:
        return None
    values = [held.value for held in said if held.value is not None]
    together = kind == "span" and CANNOT_TELL not in values
    if any(held.open for held in said) or (not together and len({_key(kind, value) for value in values}) > 1):
        return Held(None, to_confirm=True)
    untouched = target.exact and len(said) == len(ancestors) and not any(held.to_confirm for held in said)
    value = _settled(kind, values, target, ground)
    return Held(value, to_confirm=not untouched or (kind == "span" and value != []))


def _kept(kind: Kind, held: Held, target: Target, ground: Ground) -> Held:
    """The label of a unit that stayed as it was. Of the whole article the text may be corrected, and cost a span."""
    if held.value is None:
        return held
    value = _settled(kind, [held.value], target, ground)
    complete = len(_spans_of(kind, value)) == len(_spans_of(kind, held.value))
    return replace(held, value=value, to_confirm=held.to_confirm or not complete)


def _speakers(ancestors: Sequence[Ancestor]) -> Sequence[Ancestor]:
    """Who speaks for the new unit: the old ones that lie in it whole or for the most part, else all of them."""
    return [a for a in ancestors if a.link.whole or a.link.home] or ancestors


def _key(kind: Kind, value: Json) -> str:
    """By what two answers are equal; attributions by who speaks and how, wherever that is marked."""
    if kind == "attribution" and value != CANNOT_TELL:
        told = ("source", "manner", "stance")
        value = [{name: part for name, part in item.items() if name in told} for item in items_of(value)]
    return json.dumps(value, sort_keys=True)


def _settled(kind: Kind, values: Sequence[Json], target: Target, ground: Ground) -> Json:
    """Equal answers as one, with the spans of all of them where they stand now."""
    if values[0] == CANNOT_TELL:
        return CANNOT_TELL
    if kind == "span":
        return [*_spans(_told_apart(values), target, ground)]
    if kind != "attribution":
        return values[0]
    together = zip(*(items_of(value) for value in values), strict=True)
    return [
        _chained(items[0], ground)
        | {"spans": [span for item in items for span in _spans(items_of(item["spans"]), target, ground)]}
        for items in together
    ]


def _chained(item: Item, ground: Ground) -> Item:
    """The attribution with the place, where it is now, of the sentence that it took its source from."""
    start = item.get("same_as")
    place = ground.alignment.place(start, start + 1) if isinstance(start, int) else None
    rest = {name: part for name, part in item.items() if name != "same_as"}
    return rest | {"same_as": place.start} if place else rest


def _spans(spans: Sequence[Item], target: Target, ground: Ground) -> list[Json]:
    found: list[Json] = []
    for span in spans:
        place = _place(span, ground.alignment)
        if place is not None and contains(target.extent, place):
            quote = ground.text[place.start : place.end]
            found.append(span | {"start": place.start, "end": place.end, "quote": quote})
    return found


def _told_apart(values: Sequence[Json]) -> list[Item]:
    """The spans of several answers, relations renamed where two answers use the same name for different ones."""
    spans: list[Item] = []
    taken: set[str] = set()
    for value in values:
        items = items_of(value)
        names = sorted({str(item["relation"]) for item in items if item.get("relation") is not None})
        fresh = {name: _fresh(name, taken) for name in names}
        taken |= set(fresh.values())
        spans += [item | {"relation": fresh[str(item["relation"])]} if item.get("relation") else item for item in items]
    return spans


def _fresh(name: str, taken: set[str]) -> str:
    number, found = 2, name
    while found in taken:
        found, number = f"{name[:90]}.{number}", number + 1
    return found


def _place(span: Mapping[str, Json], alignment: Alignment) -> Interval | None:
    start, end = span["start"], span["end"]
    return alignment.place(start, end) if isinstance(start, int) and isinstance(end, int) else None


def _spans_of(kind: Kind, value: Json) -> list[Item]:
    if kind == "span":
        return items_of(value)
    return [span for item in items_of(value) for span in items_of(item["spans"])] if kind == "attribution" else []
