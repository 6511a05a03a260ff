"""Where in a document the entries stand that a report speaks of."""

from __future__ import annotations

from annotator.core.codebook.editing import Document, EditError, Place, entries

_PARTS = {"source": "sources", "manner": "manners", "stance": "stances"}


def place_of(document: Document, key: str, value: str = "") -> Place:
    """Where a value stands, or without one the question.

    `key` names a variable or a part of an attribution ("x.source"). Values taken over from another question stand
    there. Raises EditError where the document has no such entry.

    >>> book = {"variables": [{"key": "tone", "values": [{"key": "cold"}, {"key": "warm"}]}]}
    >>> place_of(book, "tone", "warm")
    ('variables', 0, 'values', 1)
    """
    name, _dot, part = key.partition(".")
    question = _find(document, ("variables",), name, "The draft has no such question any more.")
    if not value:
        return question
    seen = {name}
    while other := entries(document, ("variables",))[int(question[-1])].get("values_from"):
        if str(other) in seen:
            break
        seen.add(str(other))
        question = _find(document, ("variables",), str(other), "The draft has no such question any more.")
    return _find(document, (*question, _PARTS.get(part, "values")), value, "The draft has no such value any more.")


def _find(document: Document, place: Place, key: str, missing: str) -> Place:
    for number, entry in enumerate(entries(document, place)):
        if entry.get("key") == key:
            return (*place, number)
    raise EditError(missing)
