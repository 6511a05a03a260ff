"""JSON Lines, or a JSON list of the same objects."""

from collections.abc import Iterator, Mapping

from projects.readers.annotated.base import Piece
from projects.readers.base import Json, ReadError
from projects.readers.json import parse


def records(piece: Piece) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Each object with its place. Raises ReadError for a line that is none."""
    text = piece.text()
    if text.lstrip().startswith("["):
        items = parse(text, piece.path)
        placed = enumerate(items if isinstance(items, list) else [], start=1)
        lines = ((f"{piece.path}, object {number}", item) for number, item in placed)
    else:
        numbered = enumerate(text.split("\n"), start=1)
        lines = (
            (where, parse(line, where))
            for number, line in numbered
            if line.strip()
            for where in [f"{piece.path}, line {number}"]
        )
    for where, item in lines:
        if not isinstance(item, Mapping):
            raise ReadError("it is no JSON object", where)
        yield where, item
