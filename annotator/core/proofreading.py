"""What is left to look at while the units of a text are mended: the doubts of the splitter that nobody settled."""

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from annotator.core.mending import Draft
from annotator.core.sentences import Doubt, SplitOptions, doubts
from annotator.core.sentences.units import RUNNING
from annotator.core.sentences.wishes import NO_OPTIONS


@dataclass(frozen=True, slots=True)
class OpenDoubt:
    """A doubt as it stands in a draft: its offset there, and the index of the piece that ends or goes on at it."""

    doubt: Doubt
    place: int
    unit: int


@lru_cache(maxsize=16)
def doubts_of(text: str, language: str, options: SplitOptions = NO_OPTIONS) -> tuple[Doubt, ...]:
    """The doubts of a stored text, worked out once: a text never changes, and each edit of a draft asks again."""
    return tuple(doubts(text, language, options=options))


def open_doubts(draft: Draft, found: Iterable[Doubt], left: Container[int] = ()) -> Iterator[OpenDoubt]:
    """Yield, in order, the doubts of the text that the draft began with on which nobody has decided.

    A person has decided where the boundary is no longer as the rules left it, where the words or the kind were
    corrected, or where the offset of the doubt is among `left`.

    >>> from annotator.core.mending import Merge, Piece, mend
    >>> draft = Draft.of("They waited... Nothing came.", [Piece(0, 14, "sentence"), Piece(15, 28, "sentence")])
    >>> found = doubts_of(draft.text, "en")
    >>> len(list(open_doubts(draft, found))), len(list(open_doubts(mend(draft, [Merge(15)]), found)))
    (1, 0)
    """
    ends = [piece.end for piece in draft.pieces]
    for doubt in found:
        now = draft.alignment.unchanged(doubt.offset - 1, doubt.offset)
        if now is None or doubt.offset in left:
            continue
        unit = bisect_left(ends, now.end)
        piece = draft.pieces[unit]
        as_cut = piece.end == now.end if doubt.split else piece.start < now.end < piece.end
        if as_cut and piece.kind in RUNNING and unit + doubt.split < len(ends):
            yield OpenDoubt(doubt, now.end, unit)
