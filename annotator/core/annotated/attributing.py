"""Attributions out of marks: each mark is a piece that says who speaks and what part it is; pieces share a number."""

from collections.abc import Mapping, Sequence

from annotator.core.codebook import CANNOT_TELL, Json
from annotator.core.codebook.model import ROLES

from .plan import NONE, NOT_TOLD

PARTS = ("source", "role", "manner", "stance", "item", "same_as")
"""What a layer of marks may say of an attribution: `key:part`."""
MOST_DIGITS = 15
Said = Mapping[str, str]
Piece = tuple[int, int, Said]


def attributions(pieces: Sequence[Piece]) -> Json:
    """The answer that these marks of one unit give. Pieces of one `item` are one attribution, others stand alone.

    >>> said = {"source": "mayor", "role": "cue", "item": "1"}
    >>> attributions([(4, 8, said)])
    [{'source': 'mayor', 'manner': None, 'stance': None, 'spans': [{'role': 'cue', 'start': 4, 'end': 8}]}]
    >>> len(attributions([(4, 8, said | {"item": "9" * 5000}), (9, 12, said | {"item": "9" * 5000})]))
    2
    """
    sources = {said.get("source") for _, _, said in pieces}
    if sources in ({NONE}, {NOT_TOLD}):
        return [] if sources == {NONE} else CANNOT_TELL
    grouped: dict[tuple[int, int], list[Piece]] = {}
    for number, piece in enumerate(pieces):
        item = _number(piece[2], "item")
        grouped.setdefault((0, number) if item is None else (item, 0), []).append(piece)
    return [_attribution(grouped[key]) for key in sorted(grouped)]


def _attribution(pieces: Sequence[Piece]) -> dict[str, Json]:
    said = pieces[0][2]
    made: dict[str, Json] = {
        "source": said.get("source"),
        "manner": _end(said, "manner"),
        "stance": _end(said, "stance"),
        "spans": [
            {"role": piece["role"], "start": start, "end": end}
            for start, end, piece in pieces
            if piece.get("role") in ROLES
        ],
    }
    earlier = _number(said, "same_as")
    return made if earlier is None else made | {"same_as": earlier}


def _number(said: Said, part: str) -> int | None:
    """The number of an attribution or a place in a text; whatever else a tool wrote there says nothing."""
    word = said.get(part, "")
    return int(word) if word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS else None


def _end(said: Said, part: str) -> Json:
    """Manner or stance: open where it is not said."""
    return CANNOT_TELL if said.get(part) == NOT_TOLD else said.get(part)
