"""The registry of sources of an attribution variable: its actors edited, added and merged in one act.

The document is returned changed, as with the edits of editing.py; nothing else of it is touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from annotator.core.codebook.editing import Document, EditError, Place, add_entry, entries, set_fields
from annotator.core.codebook.model import Codebook, Json, Value
from annotator.core.terms import key as wording


@dataclass(frozen=True, slots=True)
class Actor:
    """What is said of one actor. In the order of the registry; a new one has no key yet."""

    label: str
    aliases: tuple[str, ...] = ()
    side: str = ""
    actor_type: str = ""
    key: str = ""

    @classmethod
    def of(cls, value: Value) -> Actor:
        return cls(value.label, value.aliases, value.side, value.actor_type, value.key)

    @property
    def fields(self) -> dict[str, Json]:
        aliases: list[Json] = [*distinct(self.aliases)]
        return {
            "label": self.label,
            "aliases": aliases or None,
            "side": self.side or None,
            "actor_type": self.actor_type or None,
        }


def with_actors(
    document: Document, variable: str, actors: Sequence[Actor], merges: Mapping[str, str] | None = None
) -> Document:
    """The document with these actors: those with a key edited, the others added, those of `merges` retired.

    A merged actor leaves its aliases to the other one and says what it `became`, so that labels can follow. Raises
    EditError for an unknown actor, an empty label, or a merge with one that is merged itself.
    """
    place = _place(document, variable)
    if not all(actor.label.strip() for actor in actors):
        raise EditError("Give each source a name.")
    listed = _edited(entries(document, place), [actor for actor in actors if actor.key])
    for actor in actors:
        if not actor.key:
            said = {name: value for name, value in actor.fields.items() if value is not None and name != "label"}
            listed = entries(add_entry({"sources": [*listed]}, ("sources",), actor.label, **said), ("sources",))
    listed = _merged(listed, merges or {})
    if listed == entries(document, place):
        return document
    return set_fields(document, place[:-1], {"sources": [*listed]})


def _edited(listed: Sequence[Document], actors: Iterable[Actor]) -> list[Document]:
    edited, places = [*listed], _places(listed)
    for actor in actors:
        at = _of_key(places, actor.key)
        edited[at] = set_fields(edited[at], (), actor.fields)
    return edited


def _merged(listed: Sequence[Document], merges: Mapping[str, str]) -> list[Document]:
    edited, places = [*listed], _places(listed)
    for one, other in merges.items():
        if one == other:
            raise EditError("A source can't be merged with itself.")
        if other in merges:
            raise EditError("Merge sources one after the other: one that is merged takes no other in.")
        here, there = _of_key(places, one), _of_key(places, other)
        united: list[Json] = [*distinct([*_aliases(edited[there]), *_aliases(edited[here])])]
        edited[there] = set_fields(edited[there], (), {"aliases": united or None})
        edited[here] = set_fields(edited[here], (), {"retired": True, "became": [other]})
    return edited


def distinct(aliases: Iterable[str]) -> list[str]:
    """The aliases without those that would be found in the same places as an earlier one."""
    found: dict[tuple[str, ...], str] = {}
    for alias in aliases:
        if words := tuple(wording(alias)):
            found.setdefault(words, " ".join(alias.split()))
    return list(found.values())


def shared_aliases(book: Codebook) -> dict[str, list[str]]:
    """The aliases that several sources of one variable have, with the labels of those."""
    found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for variable in book.variables:
        for source in variable.sources:
            for alias in () if source.retired else distinct(source.aliases):
                found.setdefault((variable.key, *wording(alias)), []).append((alias, source.label))
    return {shared[0][0]: [label for _, label in shared] for shared in found.values() if len(shared) > 1}


def _place(document: Document, variable: str) -> Place:
    for number, entry in enumerate(entries(document, ("variables",))):
        if entry.get("key") == variable and entry.get("type") == "attribution":
            return ("variables", number, "sources")
    raise EditError("There is no such question on sources in the codebook.")


def _places(listed: Sequence[Document]) -> dict[str, int]:
    """Where the sources in use stand, by their keys."""
    return {str(entry.get("key")): at for at, entry in enumerate(listed) if not entry.get("retired")}


def _of_key(places: Mapping[str, int], key: str) -> int:
    if key not in places:
        raise EditError(f"There is no source “{key[:60]}” in use.")
    return places[key]


def _aliases(entry: Document) -> list[str]:
    found = entry.get("aliases")
    return [alias for alias in found if isinstance(alias, str)] if isinstance(found, list) else []
