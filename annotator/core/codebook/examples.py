"""Sentences as counter-examples: written into a draft, one a line."""

from __future__ import annotations

from annotator.core.codebook.editing import Document, EditError, entries, set_fields
from annotator.core.codebook.fields import MAX_TEXT
from annotator.core.codebook.finding import place_of


def add_counter_example(document: Document, key: str, value: str, words: str) -> Document:
    """Add these words to the counter-examples of a value, or without a value to those of the question itself.

    `key` names a variable or a part of an attribution ("x.source"). Raises EditError where the draft has no such
    entry, or has these words already.

    >>> book = {"variables": [{"key": "tone", "values": [{"key": "warm", "negative": "One."}]}]}
    >>> add_counter_example(book, "tone", "warm", "Two.")["variables"][0]["values"][0]["negative"]
    'One.\\nTwo.'
    """
    place = place_of(document, key, value)
    entry = entries(document, place[:-1])[int(place[-1])]
    old = entry.get("negative")
    lines = old.splitlines() if isinstance(old, str) else []
    words = " ".join(words.split())
    if words in lines:
        raise EditError("These words are a counter-example there already.")
    text = "\n".join([*lines, words])
    if len(text) > MAX_TEXT:
        raise EditError(f"The counter-examples would have more than {MAX_TEXT:,} characters.")
    return set_fields(document, place, {"negative": text})
