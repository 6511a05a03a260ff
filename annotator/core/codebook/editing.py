"""Edits of a codebook document: each takes a document and returns a new one.

An entry is found by its place in the document: ("variables", 3) or ("variables", 3, "values", 1). Whatever an edit does
not speak of stays as it was written, fields unknown to the program too. A document that is being written need not be
a codebook yet: `problems` of drafting.py says what is still to mend.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import TypeAlias

from annotator.core.codebook.fields import MAX_LABEL
from annotator.core.codebook.model import Json

Document: TypeAlias = dict[str, Json]
Place: TypeAlias = tuple[str | int, ...]
# The names of lists and the keys of entries, outermost first: ("variables", "tone", "values", "warm").
Identity: TypeAlias = tuple[str, ...]

LISTS = ("values", "sources", "manners", "stances")
ATTRIBUTES = "span_attributes"
# Labels are known by the key and were given as answers of this kind to units of this scope.
FIXED = ("key", "type", "scope")
MAX_ENTRIES = 1_000
_KEY_LENGTH = 40
# What a question of another kind can't keep.
_OF_KIND = ("measurement", "default", "exclusive", "max_choices")


class EditError(ValueError):
    """The edit can't be made; the message says why."""


def entry_at(document: Document, place: Place) -> Document:
    """The entry at this place of the document itself; EditError where there is none."""
    found: Json = document
    for step in place:
        if isinstance(found, dict) and isinstance(step, str):
            found = found.get(step)
        elif isinstance(found, list) and isinstance(step, int) and 0 <= step < len(found):
            found = _spelled_out(found)[step]
        else:
            found = None
    if not isinstance(found, dict):
        raise EditError("There is no such entry in the codebook.")
    return found


def entries(document: Document, place: Place) -> list[Document]:
    """The entries of the list at this place; a list that holds anything else counts as empty."""
    found = entry_at(document, place[:-1]).get(str(place[-1]))
    listed = _spelled_out(found) if isinstance(found, list) else []
    entries = [item for item in listed if isinstance(item, dict)]
    return entries if len(entries) == len(listed) else []


def set_fields(
    document: Document, place: Place, fields: Mapping[str, Json], published: Container[Identity] = frozenset()
) -> Document:
    """Set these fields of an entry, or of the codebook itself (place ()); None takes a field out.

    Refuses another key, kind or scope of an entry that stands in a published version.

    >>> set_fields({"title": "One", "origin": "ours"}, (), {"title": "Two"})
    {'title': 'Two', 'origin': 'ours'}
    """
    old = entry_at(document, place)
    changed = {name: value for name, value in fields.items() if old.get(name) != value}
    if place and changed.keys() & set(FIXED) and identity(document, place) in published:
        raise EditError("Key, kind and scope stay as they are: labels may hang on them. Add a new question instead.")
    if not changed:
        return document
    edited = copy.deepcopy(document)
    if place and isinstance(place[-1], int):
        _list_of(edited, place)[:] = _spelled_out(_list_of(edited, place))
    entry = entry_at(edited, place)
    if "type" in changed:
        changed = dict.fromkeys(_OF_KIND) | changed
    for name, value in changed.items():
        if value is None:
            entry.pop(name, None)
        else:
            entry[name] = value
    return edited


def add_entry(document: Document, place: Place, label: str, **fields: Json) -> Document:
    """Put a new entry at the end of the list at `place`, with a key made from its label.

    >>> add_entry({}, ("groups",), "Tone of voice")
    {'groups': [{'key': 'tone_of_voice', 'label': 'Tone of voice'}]}
    """
    if len(label) > MAX_LABEL:
        raise EditError(f"A name may have {MAX_LABEL} characters at most; this one has {len(label):,}.")
    beside = entries(document, place)
    if len(beside) >= MAX_ENTRIES:
        raise EditError(f"There are {MAX_ENTRIES:,} entries already; a list may have no more.")
    edited = copy.deepcopy(document)
    taken = [str(entry.get("key")) for entry in beside]
    holder = entry_at(edited, place[:-1])
    new: Document = {"key": new_key(label, taken), "label": label, **fields}
    holder[str(place[-1])] = [*entries(edited, place), new]
    return edited


def new_key(label: str, taken: Iterable[str]) -> str:
    """A key in ASCII from the letters of the label, else v1, v2 and so on; none of those taken.

    >>> new_key("Café owner", []), new_key("Café owner", ["cafe_owner"]), new_key("شاهد", ["v1"])
    ('cafe_owner', 'cafe_owner_2', 'v2')
    """
    used = {key.casefold() for key in taken}
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_KEY_LENGTH].strip("_")
    wishes = (f"{stem}_{number}" if stem else f"v{number}" for number in range(1, len(used) + 3))
    if stem and stem not in used:
        return stem
    return next(key for key in wishes if key not in used and key != f"{stem}_1")


def move_entry(document: Document, place: Place, by: int) -> Document:
    """Swap an entry with the next one before (-1) or after (1) it, a question with the next one of its group."""
    target = moved_to(document, place, by)
    if target == place:
        return document
    edited = copy.deepcopy(document)
    listed = _list_of(edited, place)
    here, there = int(place[-1]), int(target[-1])
    listed[here], listed[there] = listed[there], listed[here]
    return edited


def moved_to(document: Document, place: Place, by: int) -> Place:
    """Where `move_entry` brings an entry: its own place where there is no further one."""
    group, listed = entry_at(document, place).get("group"), _list_of(document, place)
    index = int(place[-1]) + by
    while 0 <= index < len(listed):
        beside = listed[index]
        if isinstance(beside, dict) and beside.get("group") == group:
            return (*place[:-1], index)
        index += by
    return place


def put_entry(document: Document, place: Place, beside: int, *, after: bool) -> Document:
    """Put an entry right before or after another one of its list; a question joins the group of that one.

    >>> put_entry({"groups": [{"key": "a"}, {"key": "b"}, {"key": "c"}]}, ("groups", 0), 1, after=True)
    {'groups': [{'key': 'b'}, {'key': 'a'}, {'key': 'c'}]}
    """
    group = entry_at(document, (*place[:-1], beside)).get("group")
    edited = set_fields(document, place, {"group": group}) if place[0] == "variables" and len(place) == 2 else document
    edited = copy.deepcopy(edited)
    listed, here = _list_of(edited, place), int(place[-1])
    listed.insert(moved_index(here, here, beside, after=after), listed.pop(here))
    return edited


def moved_index(index: int, here: int, beside: int, *, after: bool) -> int:
    """Where an entry comes to stand when the one at `here` is put before or after the one at `beside`."""
    target = beside + after - (here < beside + after)
    if index == here:
        return target
    index -= here < index
    return index + (index >= target)


def remove_entry(document: Document, place: Place, published: Container[Identity]) -> Document:
    """Take an entry out. One that stands in a published version is retired instead, for labels may hang on it."""
    if not place:
        raise EditError("There is no such entry in the codebook.")
    if place[0] != "groups" and identity(document, place) in published:
        return set_fields(document, place, {"retired": True})
    key = entry_at(document, place).get("key")
    heirs = [entry for entry in entries(document, place[:-1]) if key in _listed(entry.get("became"))]
    if heirs:
        name = heirs[0].get("label") or heirs[0].get("key")
        raise EditError(f"“{name}” was merged or split into this value. Offer that one again first.")
    edited = copy.deepcopy(document)
    del _list_of(edited, place)[int(place[-1])]
    if place[0] == "groups":
        for variable in entries(edited, ("variables",)):
            if variable.get("group") == key:
                del variable["group"]
    elif place[-2] == "values":
        _forget(entry_at(edited, place[:-2]), key)
    return edited


def bring_back(document: Document, place: Place) -> Document:
    """Offer a retired entry again."""
    return set_fields(document, place, {"retired": None, "became": None})


def identity(document: Document, place: Place) -> Identity:
    """The entry's lists and keys: what tells that it is the same one in another version."""
    names: list[str] = []
    for depth, step in enumerate(place):
        names.append(str(entry_at(document, place[: depth + 1]).get("key")) if isinstance(step, int) else step)
    return tuple(names)


def identities(document: Document) -> Iterator[Identity]:
    """All questions of a document, all their values, sources, manners and stances, and what is asked of their spans."""
    for variable in entries(document, ("variables",)):
        whole = ("variables", str(variable.get("key")))
        yield whole
        for name in LISTS:
            yield from _keyed(variable, whole, name)
        for attribute in entries(variable, (ATTRIBUTES,)):
            asked = (*whole, ATTRIBUTES, str(attribute.get("key")))
            yield asked
            yield from _keyed(attribute, asked, "values")


def _keyed(holder: Document, whole: Identity, name: str) -> Iterator[Identity]:
    return ((*whole, name, str(entry.get("key"))) for entry in entries(holder, (name,)))


def _spelled_out(listed: list[Json]) -> list[Json]:
    """Values that are given in short, by their keys alone, as entries."""
    if not all(isinstance(item, str) for item in listed):
        return listed
    return [{"key": key, "label": key} for key in listed]


def _list_of(document: Document, place: Place) -> list[Json]:
    found = entry_at(document, place[:-2]).get(str(place[-2])) if len(place) > 1 else None
    if not isinstance(found, list):
        raise EditError("There is no such entry in the codebook.")
    return found


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _forget(variable: Document, value: Json) -> None:
    """What else a variable says of a value that is gone."""
    alone = variable.get("exclusive")
    if isinstance(alone, list) and value in alone:
        variable["exclusive"] = [key for key in alone if key != value]
    default = variable.get("default")
    if isinstance(default, list) and value in default:
        variable["default"] = [key for key in default if key != value]
    elif default == value:
        variable.pop("default", None)
