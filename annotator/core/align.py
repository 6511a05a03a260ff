"""Where a stretch of an old text stands in a new one, and which new units the old units became.

Two things happen to an article after it was cut: boundaries are drawn elsewhere, and typing errors are corrected.
Both come down to the same question, asked here without any database: what became of each old unit? All offsets are code
points, end exclusive; all functions take linear time but `align`, which takes n log n a level, of which it has eight.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

from annotator.core.spans import Interval, contains

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_LEVELS = 8

LinkKind = Literal["same", "moved", "split", "merged"]


class Block(NamedTuple):
    """`length` code points that stand unchanged at `old` in the old text and at `new` in the new one."""

    old: int
    new: int
    length: int


@dataclass(frozen=True)
class Alignment:
    """The unchanged blocks of two texts, in order. What lies between two of them was replaced."""

    old_length: int
    new_length: int
    blocks: tuple[Block, ...]

    def place(self, start: int, end: int) -> Interval | None:
        """Where the stretch stands now, if both its ends are certain; what is inside may have been corrected.

        >>> align("He sayd so.", "He said so.").place(3, 7), align("One two.", "One.").place(3, 7)
        (Interval(start=3, end=7), None)
        """
        first, last = self._from(start), self._to(end)
        certain = first is not None and last is not None and first < last
        return Interval(first, last) if certain and first is not None and last is not None else None

    def unchanged(self, start: int, end: int) -> Interval | None:
        """Where the stretch stands now, if it is the same to the character."""
        index = bisect_right(self._olds, start) - 1
        if index < 0:
            return None
        block = self.blocks[index]
        shift = block.new - block.old
        return Interval(start + shift, end + shift) if end <= block.old + block.length else None

    def image(self, start: int, end: int) -> Interval:
        """All that the stretch may have become; empty where it was taken out."""
        index = bisect_right(self._olds, start) - 1
        low = self._new_at(index, start) if index >= 0 else 0
        index = bisect_left(self._ends, end)
        high = self.new_length
        if index < len(self.blocks):
            block = self.blocks[index]
            high = block.new + max(0, end - block.old)
        return Interval(low, max(low, high))

    def then(self, following: Alignment) -> Alignment:
        """The alignment of this one's old text with the new text of `following`."""
        blocks = tuple(_joined(_composed(self.blocks, following.blocks)))
        return Alignment(self.old_length, following.new_length, blocks)

    def reversed(self) -> Alignment:
        turned = tuple(Block(block.new, block.old, block.length) for block in self.blocks)
        return Alignment(self.new_length, self.old_length, turned)

    def _new_at(self, index: int, offset: int) -> int:
        block = self.blocks[index]
        return block.new + min(offset - block.old, block.length)

    def _from(self, start: int) -> int | None:
        """The new place of a stretch's first code point: inside a block, or where a replaced piece begins."""
        index = bisect_right(self._olds, start) - 1
        if index < 0:
            return 0 if start == 0 else None
        inside = start <= self.blocks[index].old + self.blocks[index].length
        return self._new_at(index, start) if inside else None

    def _to(self, end: int) -> int | None:
        """The new place of a stretch's end: inside a block, or where a replaced piece ends."""
        index = bisect_left(self._ends, end)
        if index == len(self.blocks):
            return self.new_length if end == self.old_length else None
        block = self.blocks[index]
        return block.new + end - block.old if end >= block.old else None

    @cached_property
    def _olds(self) -> list[int]:
        return [block.old for block in self.blocks]

    @cached_property
    def _ends(self) -> list[int]:
        return [block.old + block.length for block in self.blocks]


def identity(length: int) -> Alignment:
    """Of a text with itself."""
    return Alignment(length, length, (Block(0, 0, length),) if length else ())


def align(old: str, new: str) -> Alignment:
    """Find what stayed between two versions of a text: common ends first, then words that stand once in both.

    The words are matched in order and the stretches between them again, as in Bram Cohen's patience diff, to a depth of
    eight; so the time stays bounded where a general diff is quadratic, and a passage that moved is not followed.

    >>> align("It rained hard.", "It hardly rained hard.").blocks
    (Block(old=0, new=0, length=3), Block(old=3, new=10, length=12))
    """
    blocks = _matched(_tokens(old), _tokens(new))
    return Alignment(len(old), len(new), tuple(_joined(blocks)))


class _Token(NamedTuple):
    start: int
    text: str


def _tokens(text: str) -> list[_Token]:
    return [_Token(found.start(), found.group()) for found in _TOKEN.finditer(text)]


def _matched(old: list[_Token], new: list[_Token]) -> list[Block]:
    blocks = []
    open_stretches = [(0, len(old), 0, len(new), _LEVELS)]
    while open_stretches:
        a, a_end, b, b_end, level = open_stretches.pop()
        while a < a_end and b < b_end and old[a].text == new[b].text:
            blocks.append(Block(old[a].start, new[b].start, len(old[a].text)))
            a, b = a + 1, b + 1
        while a < a_end and b < b_end and old[a_end - 1].text == new[b_end - 1].text:
            a_end, b_end = a_end - 1, b_end - 1
            blocks.append(Block(old[a_end].start, new[b_end].start, len(old[a_end].text)))
        anchors = _anchors(old, new, (a, a_end, b, b_end)) if level else []
        marks = [(a, b), *anchors, (a_end, b_end)] if anchors else []
        open_stretches += [(i, k, j, m, level - 1) for (i, j), (k, m) in pairwise(marks)]
    return sorted(blocks)


def _anchors(old: list[_Token], new: list[_Token], within: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """The longest run, in order in both, of tokens that stand once in either stretch."""
    a, a_end, b, b_end = within
    once_old = Counter(token.text for token in old[a:a_end])
    once_new = Counter(token.text for token in new[b:b_end])
    places = {new[j].text: j for j in range(b, b_end) if once_new[new[j].text] == 1}
    pairs = [(i, places[old[i].text]) for i in range(a, a_end) if once_old[old[i].text] == 1 and old[i].text in places]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence in which the second numbers rise; the first rise already."""
    tops: list[int] = []
    at_top: list[int] = []
    before: list[int] = []
    for index, (_, number) in enumerate(pairs):
        pile = bisect_left(tops, number)
        before.append(at_top[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [number]
        at_top[pile : pile + 1] = [index]
    chain = []
    index = at_top[-1] if at_top else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _joined(blocks: Sequence[Block] | Iterator[Block]) -> Iterator[Block]:
    """The same blocks, those that touch in both texts as one."""
    last: Block | None = None
    for block in blocks:
        if not block.length:
            continue
        if last and last.old + last.length == block.old and last.new + last.length == block.new:
            last = Block(last.old, last.new, last.length + block.length)
            continue
        if last:
            yield last
        last = block
    if last:
        yield last


def _composed(first: Sequence[Block], second: Sequence[Block]) -> Iterator[Block]:
    i = j = 0
    while i < len(first) and j < len(second):
        start = max(first[i].new, second[j].old)
        end = min(first[i].new + first[i].length, second[j].old + second[j].length)
        if start < end:
            yield Block(start - first[i].new + first[i].old, start - second[j].old + second[j].new, end - start)
        if first[i].new + first[i].length < second[j].old + second[j].length:
            i += 1
        else:
            j += 1


class Link(NamedTuple):
    """The new unit at index `new` came from the old one at index `old`.

    `same`: the same words at the same extent, wherever they stand now. `split`: one of several pieces of the old unit.
    `merged`: one of several old units that lie in the new one whole. `moved`: anything else. `whole`: every character
    of the old unit stands unchanged in the new one. `home`: most of the old unit is here; each has one home.
    """

    new: int
    old: int
    kind: LinkKind
    whole: bool
    home: bool


def link_units(old: Sequence[Interval], new: Sequence[Interval], alignment: Alignment) -> list[Link]:
    """Say for each new unit which old ones it came from; both sequences are in order and disjoint.

    An old unit without a link was taken out of the text, a new one without a link was put in.

    >>> halves = link_units([Interval(0, 9)], [Interval(0, 4), Interval(5, 9)], identity(9))
    >>> [(link.new, link.old, link.kind, link.home) for link in halves]
    [(0, 0, 'split', True), (1, 0, 'split', False)]
    """
    shares = [_shares(piece, new, alignment) for piece in old]
    parents = Counter(index for found in shares for index, _ in found)
    cut = {index for found in shares if len(found) > 1 for index, _ in found}
    links = []
    for number, (piece, found) in enumerate(zip(old, shares, strict=True)):
        home = max(found, key=lambda share: share[1])[0] if found else -1
        now = alignment.unchanged(*piece)
        joined = any(parents[index] > 1 for index, _ in found)
        for index, _ in found:
            whole = now is not None and contains(new[index], now)
            kind: LinkKind = "moved"
            if len(found) == 1 and parents[index] == 1 and now == new[index]:
                kind = "same"
            elif len(found) > 1 and not joined:
                kind = "split"
            elif parents[index] > 1 and index not in cut and whole:
                kind = "merged"
            links.append(Link(index, number, kind, whole, index == home))
    return sorted(links)


def _shares(piece: Interval, new: Sequence[Interval], alignment: Alignment) -> list[tuple[int, int]]:
    """The new units in which a part of the old one may lie, each with the size of that part."""
    around = alignment.image(*piece)
    index = bisect_right(new, around.start, key=lambda unit: unit.end)
    found = []
    while index < len(new) and new[index].start < around.end:
        found.append((index, min(new[index].end, around.end) - max(new[index].start, around.start)))
        index += 1
    return found
