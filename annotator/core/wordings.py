"""The wordings that a pattern of a lexicon stands for: terms can be looked for in linear time, a pattern can't.

A small part of regular expressions is read: letters, `(?:a|b)`, `[abc]`, `?`, `\\b`, and `\\w+` for any one word.
"""

from __future__ import annotations

import re

from annotator.core.terms import ANY_WORD

MOST_WORDINGS = 500
_TOKEN = re.compile(r"\(\?:|\[[^\]]+\]|\\.|.", re.DOTALL)
_END = ("", "|", ")")


class PatternError(ValueError):
    """The pattern can't be written as a list of wordings; the message says where it stops."""


def wordings(pattern: str) -> list[str]:
    """Every wording, without doubles.

    >>> wordings(r"\\b(?:rebel|opposition)-held\\b"), wordings(r"\\bgunm[ae]n\\b"), wordings(r"\\b\\w+-backed\\b")
    (['rebel-held', 'opposition-held'], ['gunman', 'gunmen'], ['*-backed'])
    """
    reader = _Reader(_TOKEN.findall(pattern))
    found = reader.choice()
    if reader.here:
        raise PatternError(f"{pattern[:60]!r}: a bracket is closed that was never opened")
    return list(dict.fromkeys(re.sub(r"\*+", ANY_WORD, wording) for wording in found))


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def here(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self.here
        self._at += 1
        return token

    def choice(self) -> list[str]:
        """What stands between brackets, or the whole: one or several sequences."""
        found = self._sequence()
        while self.here == "|":
            self._next()
            found += self._sequence()
        return found

    def _sequence(self) -> list[str]:
        found = [""]
        while self.here not in _END:
            part = self._part()
            if len(found) * len(part) > MOST_WORDINGS:
                raise PatternError(f"it stands for more than {MOST_WORDINGS} wordings; name them one by one")
            found = [before + after for before in found for after in part]
        return found

    def _part(self) -> list[str]:
        atom = self._atom()
        if self.here == "?":
            self._next()
            return ["", *atom] if "" not in atom else atom
        if self.here in ("+", "*"):
            if atom != [ANY_WORD]:
                raise PatternError(f"{self.here!r} is read after \\w only")
            return [ANY_WORD] if self._next() == "+" else [""]
        return atom

    def _atom(self) -> list[str]:
        token = self._next()
        if token == "(?:":
            found = self.choice()
            if self._next() != ")":
                raise PatternError("a bracket is not closed")
            return found
        if token.startswith("[") and len(token) > 1:
            return _letters(token[1:-1])
        if token.startswith("\\") and len(token) > 1:
            return _escaped(token[1])
        if token in "([{}.^$*+?\\":
            raise PatternError(f"{token!r} is not read in patterns; write \\{token} for the sign itself")
        return [token]


def _letters(inside: str) -> list[str]:
    """The signs of a class; one with a range such as A-Z, or with \\w, is part of any word."""
    if "\\w" in inside or re.search(r"\w-\w", inside):
        return [ANY_WORD]
    if inside.startswith("^"):
        raise PatternError("[^...] is not read in patterns")
    return list(inside.replace("\\", ""))


def _escaped(sign: str) -> list[str]:
    if sign == "b":
        return [""]
    if sign == "s":
        return [" "]
    if sign == "w":
        return [ANY_WORD]
    if sign.isalnum():
        raise PatternError(f"'\\{sign}' is not read in patterns")
    return [sign]
