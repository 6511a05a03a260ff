"""Kinds that a project gives by a pattern: every unit that begins with "READ MORE" is a promo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from annotator.core.markers import fold
from annotator.core.sentences.units import Unit

_READ = {"begins": "begins with", "is": "is", "contains": "contains", "ends": "ends with"}
MATCHES = tuple(_READ)


@dataclass(frozen=True, slots=True)
class KindRule:
    """Units whose words fit get `kind`. Case, accents and the width of white space don't count.

    >>> KindRule("begins", "read more", "promo").fits("READ  MORE: ferries")
    True
    """

    match: str
    words: str
    kind: str

    def fits(self, text: str) -> bool:
        return self.fits_key(pattern_key(text))

    def fits_key(self, key: str) -> bool:
        """Like `fits`, for a text that was folded by `pattern_key` already."""
        words = _key_of_words(self.words)
        if self.match == "is":
            return key == words
        if self.match == "begins":
            return key.startswith(words)
        return key.endswith(words) if self.match == "ends" else words in key


def pattern_key(text: str) -> str:
    """Return what patterns are compared by."""
    return " ".join(fold(text).split())


@lru_cache(maxsize=1000)
def _key_of_words(words: str) -> str:
    return pattern_key(words)


def retyped(units: Iterable[Unit], rules: Sequence[KindRule]) -> Iterator[Unit]:
    """Yield the units with the kinds that the rules give; where several fit, the last of them decides."""
    for unit in units:
        key = pattern_key(unit.text)
        rule = next((rule for rule in reversed(rules) if rule.fits_key(key)), None)
        if rule is None or rule.kind == unit.kind:
            yield unit
        else:
            why = f"{rule.kind}, not {unit.kind}: a rule of the project, {_READ[rule.match]} “{rule.words}”"
            yield replace(unit, kind=rule.kind, why=(*unit.why, why))
