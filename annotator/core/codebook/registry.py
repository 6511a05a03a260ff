"""The registry of sources of an attribution variable: its actors edited, added and merged in one act.

The document is returned changed, as with the edits of editing.py; nothing else of it is touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from annotator.core.codebook.editing import Document, EditError, Place, add_entry, entries, entry_at, set_fields
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
    document: Document, variable: str, actors: Iterable[Actor], merges: Mapping[str, str] | None = None
) -> Document:
    """The document with these actors: those with a key edited, the others added, those of `merges` retired.

    A merged actor leaves its aliases to the other one and says what it `became`, so that labels can follow. Raises
    EditError for an unknown actor, an empty label, or a merge with one that is merged itself.
    """
    place = _place(document, variable)
    for actor in actors:
        if not actor.label.strip():
            raise EditError("Give each source a name.")
        if actor.key:
            document = set_fields(document, _place_of(document, place, actor.key), actor.fields)
        else:
            said = {name: value for name, value in actor.fields.items() if value is not None and name != "label"}
            document = add_entry(document, place, actor.label, **said)
    for one, other in (merges or {}).items():
        if other in (merges or {}):
            raise EditError("Merge sources one after the other: one that is merged takes no other in.")
        document = _merged(document, place, one, other)
    return document


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


def _place_of(document: Document, place: Place, key: str) -> Place:
    for number, entry in enumerate(entries(document, place)):
        if entry.get("key") == key and not entry.get("retired"):
            return (*place, number)
    raise EditError(f"There is no source “{key[:60]}” in use.")


def _merged(document: Document, place: Place, one: str, other: str) -> Document:
    if one == other:
        raise EditError("A source can't be merged with itself.")
    here, there = _place_of(document, place, one), _place_of(document, place, other)
    aliases = [*_aliases(document, there), *_aliases(document, here)]
    united: list[Json] = [*distinct(aliases)]
    document = set_fields(document, there, {"aliases": united or None})
    return set_fields(document, here, {"retired": True, "became": [other]})


def _aliases(document: Document, place: Place) -> list[str]:
    found = entry_at(document, place).get("aliases")
    return [alias for alias in found if isinstance(alias, str)] if isinstance(found, list) else []
