"""Words for the formats that stand on words: what stands between white space, without the punctuation round it."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

# Punctuation of the scripts that news is written in. All else belongs to a word: combining marks, joiners, emoji.
_SIGNS = (
    r"!-/:-@\[-^`{-~\u00a1-\u00bf\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965"
    r"\u2010-\u2027\u2030-\u205e\u3000-\u303f"
)
_TOKEN = re.compile(rf"[^\s{_SIGNS}]+(?:[’'.-][^\s{_SIGNS}]+)*|[{_SIGNS}]")


class Token(NamedTuple):
    """A word or sign by its place in the text, in code points, end exclusive."""

    start: int
    end: int


def tokens(text: str, start: int, end: int, cuts: Iterable[int] = ()) -> Iterator[Token]:
    """The words between two places in a text; one is cut where `cuts` has a place within it.

    >>> [("It isn't so.")[token.start:token.end] for token in tokens("It isn't so.", 0, 12, cuts=[5])]
    ['It', 'is', "n't", 'so', '.']
    """
    places = sorted({place for place in cuts if start < place < end})
    for match in _TOKEN.finditer(text, start, end):
        edges = [match.start(), *(place for place in places if match.start() < place < match.end()), match.end()]
        yield from (Token(a, b) for a, b in pairwise(edges))
