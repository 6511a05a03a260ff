"""Where the terms of a list stand in a text: whole words, compared folded, the longest first.

A term is a run of words with what stands between them; a text is walked once, word by word, along a tree of all terms.
So the time grows with the text, not with the list. Offsets are code points of the text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from annotator.core.markers import fold

ANY_WORD = "*"
"""In a form: one word, whichever; a capitalised one where case counts."""
MOST_WORDS = 12
_MOST_ANY = 2
# Marks, joiners and soft hyphens belong to the word they stand in; fold() drops them.
_INSIDE = "\u00ad\u0300-\u036f\u0591-\u05c7\u0610-\u061c\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c-\u200f"
_WORD = re.compile(rf"[\w{_INSIDE}]+")
_WORD_OR_ANY = re.compile(rf"[\w{_INSIDE}]+|\*")
_SIGNS = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "‐": "-", "‑": "-", "–": "-"})
_MOST_PREFIXES, _LEAST_STEM = 3, 3
# The words of a whole article are not kept for the next list: they take thirty times its room.
_LONG = 20_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """One wording of a term and what it stands for. `cased`: capitals count."""

    text: str
    what: T
    cased: bool = False


class Hit(NamedTuple, Generic[T]):
    """A term found; `end` is the first code point after it."""

    start: int
    end: int
    what: T


class _Word(NamedTuple):
    start: int
    end: int
    folded: str
    before: str


@dataclass(slots=True)
class _Node(Generic[T]):
    next: dict[str, _Node[T]] = field(default_factory=dict)
    ends: list[Form[T]] = field(default_factory=list)


class Terms(Generic[T]):
    """A list of terms, ready to be looked for.

    `prefixes` may stand before the first word of a term without a space, `endings` after any of its words, as in
    Arabic; the hit is the whole word then.

    >>> Terms([Form("rescue", 1), Form("rescue team", 2)]).find("The Rescue Team’s boat")
    [Hit(start=4, end=15, what=2)]
    >>> Terms([Form("مجلس", 1)], prefixes=("و", "ال")).find("والمجلس قال")
    [Hit(start=0, end=7, what=1)]
    """

    def __init__(self, forms: Iterable[Form[T]], *, prefixes: Iterable[str] = (), endings: Iterable[str] = ()) -> None:
        self._root: _Node[T] = _Node()
        self._prefixes, self._endings = tuple(map(fold, prefixes)), tuple(map(fold, endings))
        self._begins = lru_cache(maxsize=50_000)(self._may_begin)
        for form in forms:
            self._add(form)

    def _add(self, form: Form[T]) -> None:
        steps = key(form.text)
        if not steps or len(steps) > MOST_WORDS or sum(step.endswith(ANY_WORD) for step in steps) > _MOST_ANY:
            return
        node = self._root
        for step in steps:
            node = node.next.setdefault(step, _Node())
        node.ends.append(form)

    def find(self, text: str) -> list[Hit[T]]:
        """The terms in order, none inside another; several of one extent where it stands for several things."""
        words = _words_of(text) if len(text) <= _LONG else tuple(_words(text, _WORD))
        after_any = self._root.next.get(ANY_WORD, _Node[T]()).next
        hits: list[Hit[T]] = []
        at = 0
        while at < len(words):
            following = words[at + 1].before + words[at + 1].folded if at + 1 < len(words) else ""
            if following not in after_any and not self._begins(words[at].folded):
                at += 1
                continue
            last, forms = self._longest(text, words, at)
            what = dict.fromkeys(form.what for form in forms)
            hits += [Hit(words[at].start, words[last].end, each) for each in what]
            at = last + 1
        return hits

    def _may_begin(self, word: str) -> bool:
        return any(shape in self._root.next for shape in self._stated(word))

    def _longest(self, text: str, words: Sequence[_Word], at: int) -> tuple[int, list[Form[T]]]:
        """The last word of the longest term that begins here, and its forms; none: this word alone."""
        best: tuple[int, list[Form[T]]] = (at, [])
        waiting = [(self._root, at)]
        while waiting:
            node, number = waiting.pop()
            if node.ends and (number - 1 > best[0] or not best[1]):
                said = text[words[at].start : words[number - 1].end]
                fitting = [form for form in node.ends if not form.cased or _same_case(form.text, said)]
                best = (number - 1, fitting) if fitting else best
            if number < len(words):
                before = "" if number == at else words[number].before
                # What is put down last is looked at first: the word itself, and only then what else it may be.
                for shape in reversed(self._shapes(words[number].folded, first=number == at)):
                    if further := node.next.get(before + shape):
                        waiting.append((further, number + 1))
        return best

    def _shapes(self, word: str, *, first: bool) -> list[str]:
        """What a word may be in the list: itself, without prefixes, without an ending, any word."""
        return [*self._stated(word, first=first), ANY_WORD]

    def _stated(self, word: str, *, first: bool = True) -> list[str]:
        shapes = [word]
        if self._prefixes and first:
            shapes += self._stems(word)
        if self._endings:
            shapes += [
                shape.removesuffix(ending)
                for shape in shapes[:]
                for ending in self._endings
                if shape.endswith(ending) and len(shape) - len(ending) >= _LEAST_STEM
            ]
        return list(dict.fromkeys(shapes))

    def _stems(self, word: str) -> list[str]:
        """The word without up to three prefixes. Where Arabic writes "for the" in one, its alef is put back."""
        found, latest = [], [word]
        for _ in range(_MOST_PREFIXES):
            latest = [
                stem
                for shape in latest
                for prefix in self._prefixes
                if shape.startswith(prefix) and len(shape) - len(prefix) >= _LEAST_STEM
                for stem in (shape[len(prefix) :], *(["ا" + shape[1:]] if shape.startswith("لل") else []))
            ]
            found += latest
        return found


def key(text: str) -> list[str]:
    """The words of a term, folded, each with what stands before it: what has to be equal for a hit.

    >>> key("so-called  Council")
    ['so', '-called', ' council']
    """
    words = list(_words(text, _WORD_OR_ANY))
    return [("" if number == 0 else word.before) + word.folded for number, word in enumerate(words)]


_fold = lru_cache(maxsize=50_000)(fold)


def _words(text: str, pattern: re.Pattern[str]) -> Iterator[_Word]:
    last = 0
    for found in pattern.finditer(text):
        gap = text[last : found.start()]
        before = " " if gap == " " or gap.isspace() else fold(gap.translate(_SIGNS))
        last = found.end()
        yield _Word(found.start(), last, _fold(found.group()), before)


@lru_cache(maxsize=8)
def _words_of(text: str) -> tuple[_Word, ...]:
    """The words of a text in which several lists are looked for, one after the other."""
    return tuple(_words(text, _WORD))


def _same_case(form: str, said: str) -> bool:
    """Whether there is a capital wherever the form has one or says any word; none where the form has neither."""
    asked, given = _WORD_OR_ANY.findall(form), _WORD.findall(said)
    if form.islower() and ANY_WORD not in form:
        return not any(word[:1].isupper() for word in given)
    pairs = zip(asked, given, strict=False)
    return all(word[:1].isupper() for ask, word in pairs if ask == ANY_WORD or ask[:1].isupper())
