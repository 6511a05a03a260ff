"""What the boundaries page reads from its form and shows of a draft: a window of units with the doubts among them."""

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotator.core.codebook import Json
from annotator.core.errors import InvalidError
from annotator.core.mending import Draft, Edit, Piece, Reword, Split, read_edits
from annotator.core.proofreading import OpenDoubt
from annotator.core.repeats import Repeat, repeats
from projects.web.numbers import number

PER_PAGE = 100
AROUND, WORDS_AROUND = 80, 5
# A unit that asks more often, or is longer, is no news text; the rest of the doubts come when these are settled.
MOST_GAPS = 50
MOST_WORDS = 300
MOST_NAMED = 5
# Each kind with the key that gives it; the commonest have figures.
_FIGURES = ("sentence", "headline", "dek", "subhead", "byline", "caption", "promo", "list_item", "boilerplate")
_LETTERS = {"date": "d", "credit": "c", "pullquote": "q", "correction": "r"}
KIND_KEYS = [*((kind, str(number)) for number, kind in enumerate(_FIGURES, 1)), *_LETTERS.items()]


@dataclass(frozen=True)
class Asked:
    """The form of the page: the text version it was made from, the edits so far, and what is to come beside them."""

    base: int
    edits: list[Edit]
    next: list[Edit]
    at: int
    left: int | None


def read_form(form: QueryDict) -> Asked:
    """Read what the page posts; raises InvalidError for anything else, MendingError for edits that can't be read."""
    edits = read_edits(_json(form.get("edits") or "[]"))
    following = read_edits([_json(edit) for edit in form.getlist("edit")])
    if form.get("reword"):
        following.append(Reword(place(form.get("reword", "")), form.get("words", "")))
    if form.get("split"):
        following.append(Split(place(form.get("offset", ""))))
    if form.get("undo"):
        edits = edits[:-1]
    left = place(form.get("leave", "")) if form.get("leave") else None
    return Asked(place(form.get("base", "")), edits, following, place((form.getlist("at") or ["0"])[-1]), left)


def place(written: str) -> int:
    """An offset, or the number of a text version."""
    found = number(written)
    if found is None:
        raise InvalidError(_("The form of this page can't be read. Load the page again."))
    return found


def _json(written: str) -> Json:
    try:
        read: Json = json.loads(written)
        json.dumps(read, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise InvalidError(_("These changes can't be read. Load the page again.")) from error
    return read


@dataclass(frozen=True)
class Gap:
    """A doubtful place, with the words on its two sides and what its two buttons do."""

    open: OpenDoubt
    before: str
    after: str
    edit: str


@dataclass(frozen=True)
class Like:
    """Units that repeat one: the first of them as (number, start), and how many more there are."""

    words: str
    units: Sequence[tuple[int, int]]
    more: int


@dataclass(frozen=True)
class Row:
    """A unit of the draft: its text in parts, cut where a boundary might be; `next` is the start of the unit after."""

    number: int
    piece: Piece
    parts: Sequence[str]
    new_line: bool
    gaps: Sequence[Gap]
    next: int | None
    likes: Sequence[Like]

    @property
    def text(self) -> str:
        return "".join(self.parts)

    @property
    def why(self) -> str:
        return "\n".join(self.piece.why)

    @property
    def words(self) -> list[tuple[int, str]]:
        """Where each word but the first begins, for a browser without scripts."""
        places, at = [], self.piece.start
        for word in self.text.split(" ", MOST_WORDS)[:MOST_WORDS]:
            places.append((at, word))
            at += len(word) + 1
        return [(at, word) for at, word in places[1:] if word]


@dataclass(frozen=True)
class Window:
    """The units shown at once, and where those before and after begin; likewise the doubts beyond it."""

    rows: Sequence[Row]
    current: Row
    earlier: int | None
    later: int | None
    doubt_before: int | None
    doubt_after: int | None


def window(draft: Draft, doubts: Sequence[OpenDoubt], at: int) -> Window:
    """The page of units on which the offset `at` of the draft's text stands."""
    pieces = draft.pieces
    index = min(bisect_left(pieces, at, key=lambda piece: piece.end - 1), len(pieces) - 1)
    first = index - index % PER_PAGE
    last = min(first + PER_PAGE, len(pieces))
    found = repeats([draft.words(piece) for piece in pieces])
    of_unit: dict[int, list[OpenDoubt]] = {}
    for doubt in doubts:
        of_unit.setdefault(doubt.unit, []).append(doubt)
    rows = [_row(draft, i, of_unit.get(i, [])[:MOST_GAPS], found.get(i)) for i in range(first, last)]
    return Window(
        rows,
        rows[index - first],
        pieces[max(0, first - PER_PAGE)].start if first else None,
        pieces[last].start if last < len(pieces) else None,
        next((pieces[doubt.unit].start for doubt in reversed(doubts) if doubt.unit < first), None),
        next((pieces[doubt.unit].start for doubt in doubts if doubt.unit >= last), None),
    )


def _row(draft: Draft, index: int, doubts: Sequence[OpenDoubt], repeat: Repeat | None) -> Row:
    piece = draft.pieces[index]
    following = draft.pieces[index + 1].start if index + 1 < len(draft.pieces) else None
    cuts = [piece.start, *(doubt.place for doubt in doubts if not doubt.doubt.split), piece.end]
    before = draft.pieces[index - 1].end if index else 0
    return Row(
        number=index + 1,
        piece=piece,
        parts=[draft.text[start:end] for start, end in pairwise(cuts)],
        new_line=index == 0 or "\n" in draft.text[before : piece.start],
        gaps=[_gap(draft.text, doubt, piece, following) for doubt in doubts],
        next=following,
        likes=_likes(draft, index, repeat),
    )


def _gap(text: str, doubt: OpenDoubt, piece: Piece, following: int | None) -> Gap:
    edit = ["merge", following] if doubt.doubt.split else ["split", doubt.place]
    before = text[max(piece.start, doubt.place - AROUND) : doubt.place].split()[-WORDS_AROUND:]
    after = text[doubt.place : min(piece.end, doubt.place + AROUND)].split()[:WORDS_AROUND]
    return Gap(doubt, " ".join(before), " ".join(after), json.dumps(edit))


def _likes(draft: Draft, index: int, repeat: Repeat | None) -> list[Like]:
    if repeat is None:
        return []
    same = [place for place in repeat.same[: MOST_NAMED + 1] if place != index]
    in_same = set(repeat.same)
    others = islice((place for place in repeat.nearly if place not in in_same), MOST_NAMED)
    told = [
        (_("same words as"), same[:MOST_NAMED], len(repeat.same) - 1),
        (_("nearly the same words as"), list(others), len(repeat.nearly) - len(repeat.same)),
    ]
    return [
        Like(words, [(place + 1, draft.pieces[place].start) for place in places], number - len(places))
        for words, places, number in told
        if places
    ]


def summary(counts: Mapping[str, int]) -> str:
    """What a mending was made of, in words: "2 splits, 1 kind"."""
    told = {
        "split": lambda n: ngettext("%(n)s split", "%(n)s splits", n),
        "merge": lambda n: ngettext("%(n)s merge", "%(n)s merges", n),
        "move": lambda n: ngettext("%(n)s boundary moved", "%(n)s boundaries moved", n),
        "kind": lambda n: ngettext("%(n)s kind changed", "%(n)s kinds changed", n),
        "offer": lambda n: ngettext("%(n)s left out or offered", "%(n)s left out or offered", n),
        "text": lambda n: ngettext("%(n)s correction", "%(n)s corrections", n),
    }
    return ", ".join(told[name](counts[name]) % {"n": counts[name]} for name in told if counts.get(name))
