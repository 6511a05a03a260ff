"""The keys by which values are chosen on the coding screen."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence

from annotator.core.codebook.fields import Findings
from annotator.core.codebook.model import Value, Variable

ALLOWED = frozenset(string.ascii_letters + string.digits)
NARRATOR = "0"
_SPARE = "123456789" + string.ascii_lowercase + "0"


def effective_keys(variable: Variable) -> dict[str, str]:
    """Value key -> key on the keyboard, lower case. Of an attribution: its sources; `0` stays the narrator's."""
    return assign_keys(variable.choices, taken=NARRATOR if variable.kind == "attribution" else "")


def assign_keys(values: Sequence[Value], *, taken: str = "") -> dict[str, str]:
    """The shortcuts given, and for the other values the first free letter of key or label, else a digit or letter.

    Values that come after the 36th have none; retired values neither. The same values always get the same keys.

    >>> assign_keys([Value("army", "Army"), Value("aid", "Aid group", shortcut="a")])
    {'army': 'r', 'aid': 'a'}
    """
    offered = [value for value in values if not value.retired]
    keys = {value.key: value.shortcut.lower() for value in offered if value.shortcut}
    used = {*keys.values(), *taken}
    for value in offered:
        free = next((key for key in _wishes(value) if key not in used), None)
        if value.key not in keys and free:
            keys[value.key] = free
            used.add(free)
    return {value.key: keys[value.key] for value in offered if value.key in keys}


def check_shortcuts(values: Sequence[Value], where: str, findings: Findings, *, taken: str = "") -> None:
    """Reports shortcuts that are no single letter or digit, or given twice; a retired value has none."""
    seen: dict[str, str] = {}
    for number, value in enumerate(values):
        key, place = value.shortcut.lower(), f"{where}[{number}].shortcut"
        if not key or value.retired:
            continue
        if value.shortcut not in ALLOWED:
            findings.problem(
                place,
                f"the shortcut {value.shortcut[:20]!r} has to be one letter (a to z) or digit; "
                "the other keys belong to the coding screen",
            )
        elif key in taken:
            findings.problem(place, f"the shortcut {key!r} stands for the narrator in an attribution; take another")
        elif key in seen:
            findings.problem(place, f"the shortcut {key!r} is already that of {seen[key]!r}; take another")
        seen.setdefault(key, value.key)


def _wishes(value: Value) -> Iterator[str]:
    for char in (value.key + value.label).lower():
        if char in ALLOWED:
            yield char
    yield from _SPARE
