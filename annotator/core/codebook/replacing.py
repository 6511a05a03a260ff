"""Edits by which a value becomes others: merged into one, or split into several. `moves` says what answers become."""

from __future__ import annotations

import copy
from collections.abc import Container, Iterator, Sequence

from annotator.core.codebook.editing import (
    Document,
    EditError,
    Identity,
    Place,
    add_entry,
    bring_back,
    entries,
    entry_at,
    identity,
    remove_entry,
    set_fields,
)
from annotator.core.codebook.model import Json


def merge_entry(document: Document, place: Place, into: str, published: Container[Identity]) -> Document:
    """Let a value become another of its list. One that was never published leaves no trace.

    >>> values = [{"key": "rebel"}, {"key": "fighter"}]
    >>> book = {"variables": [{"key": "side", "values": values}]}
    >>> place = ("variables", 0, "values", 0)
    >>> merge_entry(book, place, "fighter", {("variables", "side", "values", "rebel")})["variables"][0]["values"][0]
    {'key': 'rebel', 'retired': True, 'became': ['fighter']}
    """
    key = entry_at(document, place).get("key")
    beside = entries(document, place[:-1])
    if into == key or not any(entry.get("key") == into and not entry.get("retired") for entry in beside):
        raise EditError("Choose a value of this list that is still offered, to merge this one into.")
    if identity(document, place) in published:
        return set_fields(document, place, {"retired": True, "became": [into]})
    edited = copy.deepcopy(document)
    for entry in _that_became(edited, place[:-1], key):
        entry["became"] = [*dict.fromkeys(into if to == key else to for to in _became(entry))]
    return remove_entry(edited, place, published)


def split_entry(document: Document, place: Place, labels: Sequence[str]) -> Document:
    """Let a value become new ones with these labels, which stand right after it."""
    named = [label.strip() for label in labels if label.strip()]
    if len(named) < 2:
        raise EditError("Name the two values that this one is split into.")
    edited, keys = document, list[Json]()
    for number, label in enumerate(named, start=1):
        edited = add_entry(edited, place[:-1], label)
        listed = entry_at(edited, place[:-2])[str(place[-2])]
        assert isinstance(listed, list)
        listed.insert(int(place[-1]) + number, listed.pop())
        keys.append(entry_at(edited, (*place[:-1], int(place[-1]) + number))["key"])
    return set_fields(edited, place, {"retired": True, "became": keys})


def take_back(document: Document, place: Place, published: Container[Identity]) -> Document:
    """Offer a value again that was retired, merged or split; what a split added goes if nothing was written into it."""
    edited = bring_back(document, place)
    for key in _became(entry_at(document, place)):
        listed = entries(edited, place[:-1])
        at = next((number for number, entry in enumerate(listed) if entry.get("key") == key), None)
        half = (*place[:-1], at) if at is not None else None
        if half and listed[at or 0].keys() == {"key", "label"} and identity(edited, half) not in published:
            edited = edited if any(_that_became(edited, place[:-1], key)) else remove_entry(edited, half, published)
    return edited


def _that_became(document: Document, place: Place, key: Json) -> Iterator[Document]:
    return (entry for entry in entries(document, place) if key in _became(entry))


def _became(entry: Document) -> list[Json]:
    found = entry.get("became")
    return found if isinstance(found, list) else []
