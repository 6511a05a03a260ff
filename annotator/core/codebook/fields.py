"""Reading typed fields out of a JSON object while collecting every problem met."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from annotator.core.codebook.model import Problem
from annotator.core.text import is_storable

MAX_LABEL = 200
MAX_KEY = 64
MAX_TEXT = 10_000
_Name = TypeVar("_Name", bound=str)


@dataclass
class Findings:
    """What a reading has found so far: problems refuse the document, ignored fields are only reported."""

    problems: list[Problem] = field(default_factory=list)
    ignored: list[Problem] = field(default_factory=list)

    def problem(self, where: str, message: str) -> None:
        self.problems.append(Problem(where, message))


class Fields:
    """One JSON object at `where` in the document. Each method reads one field, or reports why it can't."""

    def __init__(self, data: object, where: str, findings: Findings) -> None:
        self.where = where
        self.findings = findings
        self._read: set[str] = set()
        if not isinstance(data, Mapping):
            findings.problem(where, "has to be an object ({...})")
            data = {}
        self._data: Mapping[str, object] = data

    def __contains__(self, name: str) -> bool:
        return self._data.get(name) is not None

    def path(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name

    def problem(self, name: str, message: str) -> None:
        self.findings.problem(self.path(name), message)

    def get(self, name: str) -> object:
        self._read.add(name)
        return self._data.get(name)

    def text(self, name: str, *, needed: bool = False, most: int = MAX_TEXT) -> str:
        found = self.get(name)
        if found is None and not (needed or name in self._data):
            return ""
        if found is None and not needed:
            return ""
        if not isinstance(found, str):
            self.problem(name, f"the {name} has to be text" if name in self._data else f"the {name} is missing")
            return ""
        if needed and not found.strip():
            self.problem(name, f"the {name} is empty")
        elif len(found) > most:
            self.problem(name, f"the {name} has {len(found)} characters; it may have {most} at most")
        return found

    def label(self, name: str = "label") -> str:
        return self.text(name, needed=True, most=MAX_LABEL)

    def key(self, name: str = "key") -> str:
        found = self.text(name, needed=True, most=MAX_KEY)
        if found.strip() and (fault := key_fault(found)):
            self.problem(name, f"the key {found[:MAX_KEY]!r} {fault}")
        return found

    def flag(self, name: str, *, default: bool = False) -> bool:
        found = self.get(name)
        if found is not None and not isinstance(found, bool):
            self.problem(name, "has to be true or false")
        return found if isinstance(found, bool) else default

    def number(self, name: str) -> int | float | None:
        found = self.get(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float) or abs(found) > 10**15:
            self.problem(name, f"{name} has to be a number (at most 15 digits)")
            return None
        return found

    def whole(self, name: str, least: int, most: int = 10**6) -> int | None:
        found = self.get(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
            self.problem(name, f"{name} has to be a whole number from {least} to {most}")
            return None
        return found

    def choice(self, name: str, allowed: Sequence[_Name], default: _Name) -> _Name:
        found = self.get(name)
        if found is None:
            return default
        for option in allowed:
            if option == found:
                return option
        self.problem(name, f"{str(found)[:60]!r} is unknown; use one of: {', '.join(allowed)}")
        return default

    def items(self, name: str, most: int) -> list[object]:
        found = self.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            self.problem(name, f"{name} has to be a list ([...])")
            return []
        if len(found) > most:
            self.problem(name, f"{name} has too many entries ({len(found)}); {most} at most")
            return []
        return found

    def objects(self, name: str, most: int) -> Iterator[Fields]:
        for number, item in enumerate(self.items(name, most)):
            yield Fields(item, f"{self.path(name)}[{number}]", self.findings)

    def texts(self, name: str, most: int = 1_000) -> tuple[str, ...]:
        found = self.items(name, most)
        if not all(isinstance(item, str) for item in found):
            self.problem(name, f"{name} has to be a list of texts")
        return tuple(item for item in found if isinstance(item, str))

    def ignore_rest(self) -> None:
        """Reports the fields that nobody has read: the format doesn't have them."""
        for name in self._data.keys() - self._read:
            self.findings.ignored.append(Problem(self.path(name), "the format has no such field; it is kept unused"))


def key_fault(key: str) -> str | None:
    """Why this text can't be a key, or None. Keys appear in addresses, column names and queries."""
    if any(char.isspace() for char in key):
        return "has a space; use an underscore"
    if "/" in key or "\\" in key:
        return "has a slash; use an underscore"
    if "__" in key:
        return "has a double underscore (__); use a single one"
    if any(unicodedata.category(char).startswith("C") for char in key):
        return "has a control or unseen character; remove it"
    return None


def report_duplicates(findings: Findings, where: str, keys: Iterable[str], what: str) -> None:
    """Reports each key that was seen before, without regard to case."""
    seen: dict[str, str] = {}
    for number, key in enumerate(keys):
        folded = unicodedata.normalize("NFC", key).casefold()
        if folded in seen and key:
            same = "is used twice" if seen[folded] == key else f"differs from {seen[folded]!r} only in case"
            findings.problem(f"{where}[{number}].key", f"the {what} key {key[:MAX_KEY]!r} {same}; keys must be unique")
        seen.setdefault(folded, key)


def report_bad_characters(document: object, findings: Findings) -> None:
    """Reports NUL, lone surrogates and nesting too deep for storage, anywhere in the document."""
    waiting: list[tuple[str, object, int]] = [("", document, 0)]
    while waiting:
        where, item, depth = waiting.pop()
        if depth > 64:
            findings.problem(where, "is nested deeper than 64 levels")
        elif isinstance(item, str):
            if not is_storable(item):
                findings.problem(where, "holds a NUL character or half a character (a lone surrogate); type it again")
        elif isinstance(item, Mapping):
            waiting.extend(
                (f"{where}.{name}" if where else str(name), child, depth + 1) for name, child in item.items()
            )
            waiting.extend((f"a name in {where or 'the document'}", str(name), depth + 1) for name in item)
        elif isinstance(item, list):
            waiting.extend((f"{where}[{number}]", child, depth + 1) for number, child in enumerate(item))
