"""What changed between two versions of a codebook, for people to read.

Documents are compared as they were written, so that a list that several variables share is reported once. Variables,
values, groups and other entries with a key are the same where their keys are equal: a new label renames them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from annotator.core.codebook.model import Json
from annotator.core.differences import Piece, changed_words

What = Literal["added", "removed", "retired", "merged", "split", "back in use", "moved", "changed"]
Document: TypeAlias = Mapping[str, Json]
# The number by which a document calls its own version says nothing about what is asked.
_UNTOLD = frozenset({"version", "format", "format_version"})
_OF_USE = frozenset({"retired", "became"})


@dataclass(frozen=True, slots=True)
class Change:
    """`path` holds the labels of the entries around it, outermost first; `field` is the name in the document.

    `before` and `after` are empty unless `what` is "changed"; a field that was not there has no pieces. Of what was
    merged or split, `into` holds the labels of the values that it became.
    """

    what: What
    path: tuple[str, ...]
    field: str = ""
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()
    into: tuple[str, ...] = ()


def changes(old: Document, new: Document) -> list[Change]:
    """List what changed, in the order of the newer document, what it no longer holds last in its list.

    >>> one = {"key": "t", "label": "Tone"}
    >>> changes({"variables": [one]}, {"variables": [one | {"label": "Mood"}]})[0].path
    ('Mood',)
    """
    return list(_of_object(old, new, (), {}))


def _of_object(old: Document, new: Document, path: tuple[str, ...], beside: Mapping[str, Document]) -> Iterator[Change]:
    """`beside` are the entries of the newer list by key."""
    yield from _of_use(old, new, path, beside)
    for field in [*new, *(name for name in old if name not in new)]:
        if field in _OF_USE or (not path and field in _UNTOLD):
            continue
        before, after = old.get(field), new.get(field)
        if before == after:
            continue
        if _keyed(after):
            before = _in_full(before)
        if _keyed(before) and _keyed(after) and (before or after):
            yield from _of_list(field, _entries(before), _entries(after), path)
        else:
            yield Change("changed", path, field, *changed_words(_as_text(before), _as_text(after)))


def _of_use(old: Document, new: Document, path: tuple[str, ...], beside: Mapping[str, Document]) -> Iterator[Change]:
    """Whether the entry is still offered, and what became of it."""
    became = new.get("became")
    if isinstance(became, list) and became and became != old.get("became"):
        into = tuple(_name(beside.get(str(key), {"key": key})) for key in became)
        yield Change("merged" if len(into) == 1 else "split", path, into=into)
    elif bool(old.get("retired")) != bool(new.get("retired")) or (old.get("became") and not became):
        yield Change("retired" if new.get("retired") else "back in use", path)


def _of_list(
    field: str, old: Mapping[str, Document], new: Mapping[str, Document], path: tuple[str, ...]
) -> Iterator[Change]:
    stayed_old, stayed_new = [key for key in old if key in new], [key for key in new if key in old]
    moved = _moved(stayed_old, stayed_new)
    for key, entry in new.items():
        place = (*path, _name(entry))
        if key not in old:
            yield Change("added", place, field)
            continue
        if key in moved:
            yield Change("moved", place, field)
        yield from _of_object(old[key], entry, place, new)
    for key, entry in old.items():
        if key not in new:
            yield Change("removed", (*path, _name(entry)), field)


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest keys that, taken out, leave the others in the same order."""
    place = {key: index for index, key in enumerate(old)}
    best: list[tuple[int, int]] = []  # length of the longest run that ends here, and the index before it
    for i, key in enumerate(new):
        before = max((j for j in range(i) if place[new[j]] < place[key]), key=lambda j: best[j][0], default=-1)
        best.append((best[before][0] + 1 if before >= 0 else 1, before))
    kept: set[str] = set()
    at = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    while at >= 0:
        kept.add(new[at])
        at = best[at][1]
    return set(new) - kept


def _keyed(value: Json) -> bool:
    """A list of entries with keys; what is absent counts as an empty one."""
    return value is None or (
        isinstance(value, list)
        and all(isinstance(entry, dict) and isinstance(entry.get("key"), str) for entry in value)
    )


def _in_full(value: Json) -> Json:
    """Values of a question on spans may be given in short, as their keys alone."""
    short = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return [{"key": key, "label": key} for key in value] if short and isinstance(value, list) else value


def _entries(value: Json) -> dict[str, Document]:
    entries = value if isinstance(value, list) else []
    return {str(entry["key"]): entry for entry in entries if isinstance(entry, dict)}


def _name(entry: Document) -> str:
    return str(entry.get("label") or entry.get("key"))


def _as_text(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(str(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
