"""Edits of the units of a text: split, merge, move a boundary, change a kind, leave out, correct the words.

A draft is a text with its pieces; each edit makes the next draft, so that any number of them can be undone. Edits name
places by offsets into the text of the draft that they are applied to, never by unit numbers.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from annotator.core.align import Alignment, Block, align, identity
from annotator.core.sentences.units import KINDS, Proof, ProofError, Unit, prove
from annotator.core.spans import Interval
from annotator.core.text import TextError, clean

MOST_EDITS = 500
LONGEST_WORDING = 20_000


class MendingError(ValueError):
    """An edit that can't be made here; the message is for the person who asked."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A unit in the making: its extent, its kind, whether it is offered for labelling, and the rules that cut it."""

    start: int
    end: int
    kind: str
    codable: bool = True
    why: tuple[str, ...] = ()

    @property
    def extent(self) -> Interval:
        return Interval(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Split:
    """Cut the unit around `offset` in two."""

    offset: int


@dataclass(frozen=True, slots=True)
class Merge:
    """Join the unit that begins at `start` to the one before it, whose kind it takes."""

    start: int


@dataclass(frozen=True, slots=True)
class Move:
    """Let the unit that begins at `start` begin at or after `offset` instead; the unit before it ends there."""

    start: int
    offset: int


@dataclass(frozen=True, slots=True)
class Retype:
    start: int
    kind: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Offer the unit for labelling, or leave it out."""

    start: int
    codable: bool


@dataclass(frozen=True, slots=True)
class Reword:
    """Put other words in the place of the unit's own: a typing error corrected."""

    start: int
    text: str


Edit: TypeAlias = Split | Merge | Move | Retype | Offer | Reword
Offered: TypeAlias = Callable[[str], bool]


@dataclass(frozen=True)
class Draft:
    """A text, its pieces in order, and how the text lies to the one that the draft began with."""

    text: str
    pieces: tuple[Piece, ...]
    alignment: Alignment

    @staticmethod
    def of(text: str, pieces: Iterable[Piece]) -> Draft:
        return Draft(text, tuple(pieces), identity(len(text)))

    def words(self, piece: Piece) -> str:
        return self.text[piece.start : piece.end]

    def index_at(self, start: int) -> int:
        """The index of the piece that begins at `start`."""
        index = bisect_left(self.pieces, start, key=lambda piece: piece.start)
        if index == len(self.pieces) or self.pieces[index].start != start:
            raise MendingError("There is no unit that begins here any more.")
        return index


def mend(draft: Draft, edits: Sequence[Edit], offered: Offered = lambda kind: True) -> Draft:
    """Apply edits one after the other; `offered` says whether units of a kind are offered for labelling.

    Raises MendingError at the first that can't be made.

    >>> begun = Draft.of("One. Two.", [Piece(0, 9, "sentence")])
    >>> [begun.text[piece.start : piece.end] for piece in mend(begun, [Split(4)]).pieces]
    ['One.', 'Two.']
    """
    if len(edits) > MOST_EDITS:
        raise MendingError(f"A draft holds {MOST_EDITS} changes at most. Apply these first.")
    for edit in edits:
        draft = _mended(draft, edit, offered)
    return draft


def proven(draft: Draft) -> Proof:
    """Prove that the pieces of a draft cover its text; see `annotator.core.sentences.prove`."""
    try:
        return prove(draft.text, [Unit(p.start, p.end, p.kind, draft.words(p), p.why) for p in draft.pieces])
    except ProofError as error:
        raise MendingError(f"The units no longer cover the text: {error}.") from error


def _mended(draft: Draft, edit: Edit, offered: Offered) -> Draft:
    match edit:
        case Split(offset):
            return _split(draft, offset)
        case Merge(start):
            return _merged(draft, start)
        case Move(start, offset):
            return _moved(draft, start, offset)
        case Retype(start, kind):
            return _retyped(draft, start, kind, offered)
        case Offer(start, codable):
            index = draft.index_at(start)
            return _with(draft, index, index + 1, replace(draft.pieces[index], codable=codable))
        case Reword(start, text):
            return _reworded(draft, start, text)


def _with(draft: Draft, first: int, last: int, *pieces: Piece) -> Draft:
    return replace(draft, pieces=(*draft.pieces[:first], *pieces, *draft.pieces[last:]))


def _split(draft: Draft, offset: int) -> Draft:
    index = bisect_right(draft.pieces, offset, key=lambda piece: piece.start) - 1
    piece = draft.pieces[index] if index >= 0 else None
    if piece is None or not piece.start < offset < piece.end:
        raise MendingError("Put the caret inside a unit to split it.")
    before, after = _trimmed(draft.text, piece.start, offset), _trimmed(draft.text, offset, piece.end)
    if before is None or after is None:
        raise MendingError("Both parts of a split need at least one character.")
    first = replace(piece, start=before.start, end=before.end, why=(*piece.why, "split by hand"))
    return _with(draft, index, index + 1, first, replace(piece, start=after.start, end=after.end))


def _merged(draft: Draft, start: int) -> Draft:
    index = draft.index_at(start)
    if index == 0:
        raise MendingError("There is no unit before the first one.")
    first, second = draft.pieces[index - 1 : index + 1]
    return _with(draft, index - 1, index + 1, replace(first, end=second.end, why=(*first.why, "merged by hand")))


def _moved(draft: Draft, start: int, offset: int) -> Draft:
    index = draft.index_at(start)
    if index == 0:
        raise MendingError("The first unit has no boundary before it.")
    first, second = draft.pieces[index - 1 : index + 1]
    if not first.start < offset < second.end:
        raise MendingError("A boundary can be moved inside the two units that it parts, no further.")
    before, after = _trimmed(draft.text, first.start, offset), _trimmed(draft.text, offset, second.end)
    if before is None or after is None:
        raise MendingError("Both units need at least one character.")
    moved = replace(first, start=before.start, end=before.end, why=(*first.why, "boundary moved by hand"))
    return _with(draft, index - 1, index + 1, moved, replace(second, start=after.start, end=after.end))


def _retyped(draft: Draft, start: int, kind: str, offered: Offered) -> Draft:
    if kind not in KINDS:
        raise MendingError(f"There is no kind “{kind[:40]}”.")
    index = draft.index_at(start)
    piece = draft.pieces[index]
    if piece.kind == kind:
        return draft
    return _with(draft, index, index + 1, replace(piece, kind=kind, codable=offered(kind), why=("kind set by hand",)))


def _reworded(draft: Draft, start: int, wording: str) -> Draft:
    index = draft.index_at(start)
    piece = draft.pieces[index]
    new = _fit(wording)
    old = draft.words(piece)
    text = draft.text[: piece.start] + new + draft.text[piece.end :]
    grown = len(new) - len(old)
    inside = [Block(b.old + start, b.new + start, b.length) for b in align(old, new).blocks]
    after = Block(piece.end, piece.end + grown, len(draft.text) - piece.end)
    step = Alignment(len(draft.text), len(text), tuple(b for b in (Block(0, 0, start), *inside, after) if b.length))
    later = [replace(other, start=other.start + grown, end=other.end + grown) for other in draft.pieces[index + 1 :]]
    corrected = replace(piece, end=piece.end + grown)
    return Draft(text, (*draft.pieces[:index], corrected, *later), draft.alignment.then(step))


def _fit(wording: str) -> str:
    """The corrected words as they are stored: cleaned like any text, and trimmed."""
    if len(wording) > LONGEST_WORDING:
        raise MendingError(f"A unit has {LONGEST_WORDING} characters at most.")
    try:
        return clean(wording).text.strip()
    except TextError as error:
        raise MendingError(f"The words were not changed: {error}. To take a unit away, leave it out.") from error


def _trimmed(text: str, start: int, end: int) -> Interval | None:
    stretch = text[start:end]
    if not stretch.strip():
        return None
    return Interval(start + len(stretch) - len(stretch.lstrip()), end - len(stretch) + len(stretch.rstrip()))


FORMS: dict[str, tuple[type[Edit], tuple[type, ...]]] = {
    "split": (Split, (int,)),
    "merge": (Merge, (int,)),
    "move": (Move, (int, int)),
    "kind": (Retype, (int, str)),
    "offer": (Offer, (int, bool)),
    "text": (Reword, (int, str)),
}
"""How an edit is written in a form or a file: its name and its fields, such as `["split", 120]`."""
_NAMES: dict[type, Literal["split", "merge", "move", "kind", "offer", "text"]] = {
    Split: "split",
    Merge: "merge",
    Move: "move",
    Retype: "kind",
    Offer: "offer",
    Reword: "text",
}
Written: TypeAlias = "list[str | int | bool]"


def written(edits: Iterable[Edit]) -> list[Written]:
    """Edits as lists of JSON values.

    >>> written([Split(120)])
    [['split', 120]]
    """
    return [[_NAMES[type(edit)], *(getattr(edit, name) for name in edit.__slots__)] for edit in edits]


def read_edits(rows: object) -> list[Edit]:
    """Read what `written` wrote; raises MendingError for anything else."""
    if not isinstance(rows, list) or len(rows) > MOST_EDITS:
        raise MendingError("These changes can't be read. Load the page again.")
    return [_read_edit(row) for row in rows]


def _read_edit(row: object) -> Edit:
    if isinstance(row, list) and row and isinstance(row[0], str) and row[0] in FORMS:
        made, kinds = FORMS[row[0]]
        if [type(field) for field in row[1:]] == list(kinds):
            return made(*row[1:])
    raise MendingError("These changes can't be read. Load the page again.")
