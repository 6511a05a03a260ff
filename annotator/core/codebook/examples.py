"""What annotators' sentences and questions add to a draft, one a line: counter-examples and edge rules."""

from __future__ import annotations

from annotator.core.codebook.editing import Document, EditError, Place, entries, set_fields
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
    return _add_line(document, place_of(document, key, value), "negative", words)


def add_edge_rule(document: Document, key: str, value: str, rule: str) -> Document:
    """Add a line to the edge rule of a value, or without a value of the question itself; a part has none of its own.

    Raises EditError where the draft has no such entry, or has this rule already.

    >>> add_edge_rule({"variables": [{"key": "tone", "edge_rule": "One."}]}, "tone", "", "Two.")["variables"]
    [{'key': 'tone', 'edge_rule': 'One.\\nTwo.'}]
    """
    return _add_line(document, place_of(document, key, value), "edge_rule", rule)


def _add_line(document: Document, place: Place, field: str, words: str) -> Document:
    entry = entries(document, place[:-1])[int(place[-1])]
    old = entry.get(field)
    lines = old.splitlines() if isinstance(old, str) else []
    words = " ".join(words.split())
    if words in lines:
        raise EditError("These words stand there already.")
    text = "\n".join([*lines, words])
    if len(text) > MAX_TEXT:
        raise EditError(f"The text would have more than {MAX_TEXT:,} characters.")
    return set_fields(document, place, {field: text})
