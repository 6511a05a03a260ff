"""Pieces of messages: what was sent, cut to a length that can be read, and what would have fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from annotator.core.codebook.model import Value

_MOST_LISTED = 30


def shown(answer: object) -> str:
    """A sent value, at most 60 characters of it; lists, objects and endless numbers are only named."""
    if isinstance(answer, str):
        return repr(answer) if len(answer) <= 60 else f"{answer[:60]!r}…"
    if isinstance(answer, list):
        return "a list"
    if isinstance(answer, Mapping):
        return "an object"
    if isinstance(answer, int) and abs(answer) > 10**60:
        return "a number of very many digits"
    if answer is None:
        return "nothing"
    return str(answer).lower() if isinstance(answer, bool) else str(answer)


def key_list(values: Sequence[Value]) -> str:
    """The keys that are offered, the first thirty of them."""
    keys = ", ".join(value.key for value in values[:_MOST_LISTED]) or "nothing yet"
    return keys if len(values) <= _MOST_LISTED else f"{keys} and {len(values) - _MOST_LISTED} more"
