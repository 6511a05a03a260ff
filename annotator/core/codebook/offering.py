"""What a question of a document that is still being written offers to choose from."""

from __future__ import annotations

from annotator.core.codebook.editing import Document, entries
from annotator.core.codebook.model import CHOICE_KINDS, SCOPES, Json


def question(document: Document, key: Json) -> Document:
    """The question with this key, empty where there is none."""
    return next((entry for entry in entries(document, ("variables",)) if entry.get("key") == key), {})


def is_closed(entry: Document) -> bool:
    """Whether its answers are chosen from a list."""
    return entry.get("type") in (*CHOICE_KINDS, "attribution")


def scope(entry: Document) -> Json:
    """What a question is asked of."""
    return entry.get("scope") or SCOPES[0]


def offered(document: Document, entry: Document) -> list[Document]:
    """The values of a question, the sources of an attribution, or the values that `values_from` leads to.

    >>> tone = {"key": "tone", "values": [{"key": "warm"}, {"key": "cold"}]}
    >>> mood = {"key": "mood", "values_from": "tone", "values_without": ["cold"]}
    >>> offered({"variables": [tone, mood]}, mood)
    [{'key': 'warm'}]
    """
    seen: list[Json] = []
    without: list[Json] = []
    while entry.get("values_from") and entry.get("key") not in seen:
        seen.append(entry.get("key"))
        left_out = entry.get("values_without")
        without += left_out if isinstance(left_out, list) else []
        entry = question(document, entry["values_from"])
    name = "sources" if entry.get("type") == "attribution" else "values"
    return [value for value in entries(entry, (name,)) if value.get("key") not in without]
