"""Two texts side by side: which sentences both have, which were changed, and in those which words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

MOST_SENTENCES = 400
"""Compared of each text. SequenceMatcher is quadratic, at its worst cubic."""
MOST_WORDS = 150
"""Of a sentence, compared word by word."""
LEAST_ALIKE = 0.4
"""Ratio of equal words below which two sentences stand as different ones, not as one that was changed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; `own` where the other text doesn't have it."""

    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One text's part of a row: its sentences, numbered from 1, and the pieces to show where they aren't equal."""

    first: int
    last: int
    pieces: tuple[Piece, ...] = ()

    @property
    def sentences(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Row:
    """Sentences that stand beside one another; a side is None where its text has nothing there."""

    left: Side | None
    right: Side | None
    same: bool = False


def side_by_side(left: Sequence[str], right: Sequence[str], most: int = MOST_SENTENCES) -> list[Row]:
    """Align two texts, given as their sentences. Equal sentences in a row are one row without pieces.

    Only the first `most` sentences of each are compared.

    >>> rows = side_by_side(["A ferry sank.", "Nobody was hurt at all."], ["A ferry sank.", "Nobody was hurt."])
    >>> rows[0]
    Row(left=Side(first=1, last=1, pieces=()), right=Side(first=1, last=1, pieces=()), same=True)
    >>> rows[1].left.pieces
    (Piece(text='Nobody was ', own=False), Piece(text='hurt at all.', own=True))
    """
    left, right = left[:most], right[:most]
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    rows: list[Row] = []
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            rows.append(Row(Side(i + 1, i_end), Side(j + 1, j_end), same=True))
        else:
            rows += _changed(left, right, range(i, i_end), range(j, j_end))
    return rows


def changed_words(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The two wordings in pieces; each a piece of its own where they have too little in common, or are too long.

    >>> changed_words("Judge the cue.", "Judge the cue word.")[1]
    (Piece(text='Judge the ', own=False), Piece(text='cue word.', own=True))
    """
    whole = tuple((Piece(text, own=True),) if text else () for text in (before, after))
    return _by_word(before, after) or (whole[0], whole[1])


def _changed(left: Sequence[str], right: Sequence[str], lefts: range, rights: range) -> Iterator[Row]:
    for i, j in zip_longest(lefts, rights):
        if i is not None and j is not None and (pieces := _by_word(left[i], right[j])):
            yield Row(Side(i + 1, i + 1, pieces[0]), Side(j + 1, j + 1, pieces[1]))
        else:
            if i is not None:
                yield Row(Side(i + 1, i + 1, (Piece(left[i], True),)), None)
            if j is not None:
                yield Row(None, Side(j + 1, j + 1, (Piece(right[j], True),)))


def _by_word(left: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]] | None:
    """The pieces of a changed sentence; None where the two have too little in common, or are too long."""
    one, other = left.split(" "), right.split(" ")
    if max(len(one), len(other)) > MOST_WORDS:
        return None
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return None
    codes = matcher.get_opcodes()
    return (
        tuple(_pieces(one, [(code[1], code[2], code[0] != "equal") for code in codes])),
        tuple(_pieces(other, [(code[3], code[4], code[0] != "equal") for code in codes])),
    )


def _pieces(found: Sequence[str], stretches: Sequence[tuple[int, int, bool]]) -> Iterator[Piece]:
    for start, end, own in stretches:
        if start < end:
            space = " " if end < len(found) else ""
            yield Piece(" ".join(found[start:end]) + space, own)
