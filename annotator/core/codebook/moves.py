"""What becomes of an answer when a later version of the codebook has merged or split its values.

A retired value may say what it `became`: one other value of its list (merged), or several (split). A merged value is
replaced wherever it stands. A split one is its annotator's to answer again: of one or several values (single, ordinal,
multi) nothing is kept but the question; marked words and attributions keep their marks and wait to be confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from itertools import combinations
from typing import NamedTuple, TypeAlias

from annotator.core.codebook.model import Json, Kind, Value, Variable
from annotator.core.codebook.span_answers import may_stand_together

Item: TypeAlias = "dict[str, Json]"
PARTS: Mapping[str, str] = {"source": "sources", "manner": "manners", "stance": "stances"}
"""By field of an attribution the list that its value is of."""


class Used(NamedTuple):
    """A value that an answer names: its list ("values", "sources", ..., "attributes.valence") and its key."""

    list: str
    key: str


@dataclass(frozen=True, slots=True)
class Moved:
    """An answer by the newer version. `asked`: its annotator has to answer again; None holds no earlier answer."""

    value: Json
    asked: bool = False


def ends(values: Sequence[Value]) -> dict[str, tuple[str, ...]]:
    """By key of each merged or split value, where it leads to at last. Targets outside the list count as not there.

    >>> old, new = Value("rebel", "Rebel", retired=True, became=("fighter",)), Value("fighter", "Fighter")
    >>> ends([old, new])
    {'rebel': ('fighter',)}
    """
    if not any(value.became for value in values):
        return {}
    keys = {value.key for value in values}
    became = {value.key: [key for key in value.became if key in keys] for value in values}
    found: dict[str, tuple[str, ...]] = {}
    for key in TopologicalSorter(became).static_order():
        found[key] = tuple(dict.fromkeys(end for target in became[key] for end in found[target])) or (key,)
    return {key: found[key] for key in became if became[key]}


def lists_of(variable: Variable) -> dict[str, tuple[Value, ...]]:
    """All lists of values of a variable by name, as `Used` has it."""
    attributes = {_of_attribute(attribute.key): attribute.values for attribute in variable.span_attributes}
    lists = {"values": variable.values, "sources": variable.sources, "manners": variable.manners}
    return {**lists, "stances": variable.stances, **attributes}


def all_ends(variable: Variable) -> dict[str, dict[str, tuple[str, ...]]]:
    """`ends` of all its lists that have any, by the name of the list: of an answer to others nothing is moved."""
    return {name: leads for name, values in lists_of(variable).items() if (leads := ends(values))}


def retired_in(variable: Variable, answer: Json) -> set[Used]:
    """The retired values that an answer names."""
    retired = {
        Used(name, value.key) for name, values in lists_of(variable).items() for value in values if value.retired
    }
    return retired.intersection(used_in(variable.kind, answer)) if retired else set()


def moved(variable: Variable, answer: Json) -> Moved:
    """The answer in the values of `variable`, which is that of the newer version.

    What names no merged or split value comes back as it was, whether it would still be accepted or not.

    >>> values = Value("rebel", "Rebel", retired=True, became=("fighter",)), Value("fighter", "Fighter")
    >>> side = Variable("side", "Side", "single", "sentence", "nominal", values=values)
    >>> moved(side, "rebel").value, moved(side, None).value
    ('fighter', None)
    """
    all_leads = all_ends(variable)
    if not any(used.key in all_leads.get(used.list, ()) for used in used_in(variable.kind, answer)):
        return Moved(answer)
    leads = {name: _Leads(values) for name, values in lists_of(variable).items()}
    return _MOVES[variable.kind](variable, leads, answer)


def used_in(kind: Kind, answer: Json) -> Iterator[Used]:
    """The values that an answer names."""
    if kind in ("single", "ordinal", "multi"):
        yield from (Used("values", key) for key in _keys(answer))
    for item in items_of(answer) if kind == "span" else ():
        yield from (Used("values", key) for key in _keys(item.get("value")))
        given = _attributes(item).items()
        yield from (Used(_of_attribute(name), key) for name, chosen in given for key in _keys(chosen))
    for item in items_of(answer) if kind == "attribution" else ():
        yield from (Used(name, key) for part, name in PARTS.items() for key in _keys(item.get(part)))


def unknown(variable: Variable, answer: Json) -> set[Used]:
    """The values of an answer that the variable doesn't have, not even retired."""
    lists = {name: {value.key for value in values} for name, values in lists_of(variable).items()}
    return {used for used in used_in(variable.kind, answer) if used.key not in lists.get(used.list, ())}


def revived(variable: Variable, kept: Set[Used] | None = None) -> Variable:
    """The variable as it was while its retired values were offered: all of them, or those in `kept`."""

    def offered(name: str, value: Value) -> Value:
        again = value.retired and (kept is None or Used(name, value.key) in kept)
        return replace(value, retired=False) if again else value

    lists = {name: tuple(offered(name, value) for value in values) for name, values in lists_of(variable).items()}
    return replace(
        variable,
        values=lists["values"],
        sources=lists["sources"],
        manners=lists["manners"],
        stances=lists["stances"],
        span_attributes=tuple(
            replace(attribute, values=lists[_of_attribute(attribute.key)]) for attribute in variable.span_attributes
        ),
    )


class _Leads:
    """Where the values of one list lead to."""

    def __init__(self, values: Sequence[Value]) -> None:
        self.order = {value.key: number for number, value in enumerate(values)}
        self.ends = ends(values)

    def split(self, value: Json) -> bool:
        return any(len(self._of(key)) > 1 for key in _keys(value))

    def led(self, value: Json) -> Json:
        """One value, or a set in codebook order; what was split stays as it is."""
        if self.split(value):
            return value
        led = {key for old in _keys(value) for key in self._of(old)}
        if isinstance(value, list):
            return [*sorted(led, key=self.place)]
        return next(iter(led), value)

    def place(self, key: str) -> int:
        return self.order.get(key, len(self.order))

    def _of(self, key: str) -> tuple[str, ...]:
        return self.ends.get(key, (key,))


Leads: TypeAlias = Mapping[str, _Leads]


def _move_one(variable: Variable, leads: Leads, answer: Json) -> Moved:
    split = leads["values"].split(answer)
    return Moved(None if split else leads["values"].led(answer), split)


def _move_set(variable: Variable, leads: Leads, answer: Json) -> Moved:
    led = _keys(leads["values"].led(answer))
    asked = leads["values"].split(answer) or (len(led) > 1 and not set(led).isdisjoint(variable.exclusive))
    return Moved(None if asked else [*led], asked)


def _move_spans(variable: Variable, leads: Leads, answer: Json) -> Moved:
    asked = any(leads[used.list].split(used.key) for used in used_in(variable.kind, answer))
    once = _each_once([_move_span(leads, item) for item in items_of(answer)])
    once.sort(key=lambda s: (s["start"], s["end"], leads["values"].place(str(s["value"])), str(s.get("relation", ""))))
    stand = all(may_stand_together(variable, one, other) for one, other in combinations(once, 2))
    return Moved([*once], asked or not stand)


def _move_span(leads: Leads, item: Item) -> Item:
    given = {key: leads[_of_attribute(key)].led(chosen) for key, chosen in _attributes(item).items()}
    return item | {"value": leads["values"].led(item.get("value"))} | ({"attributes": {**given}} if given else {})


def _move_attributions(variable: Variable, leads: Leads, answer: Json) -> Moved:
    asked = any(leads[used.list].split(used.key) for used in used_in(variable.kind, answer))
    return Moved([*_each_once([_move_attribution(leads, item) for item in items_of(answer)])], asked)


def _move_attribution(leads: Leads, item: Item) -> Item:
    """Of a split manner or stance nothing is kept, so that it is asked as one that was never answered."""
    new = item | {part: leads[name].led(item.get(part)) for part, name in PARTS.items()}
    return new | {part: None for part in ("manner", "stance") if leads[PARTS[part]].split(item.get(part))}


def _each_once(items: Sequence[Item]) -> list[Item]:
    return [item for number, item in enumerate(items) if item not in items[:number]]


_MOVES: Mapping[Kind, Callable[[Variable, Leads, Json], Moved]] = {
    "single": _move_one,
    "ordinal": _move_one,
    "multi": _move_set,
    "span": _move_spans,
    "attribution": _move_attributions,
}


def _of_attribute(key: str) -> str:
    return f"attributes.{key}"


def _keys(value: Json) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [key for key in found if isinstance(key, str)]


def items_of(answer: Json) -> list[Item]:
    """The marks or attributions of an answer; of an answer that holds none, none."""
    return [item for item in answer if isinstance(item, dict)] if isinstance(answer, list) else []


def _attributes(item: Mapping[str, Json]) -> dict[str, Json]:
    given = item.get("attributes")
    return given if isinstance(given, dict) else {}
