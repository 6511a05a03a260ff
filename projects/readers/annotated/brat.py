"""brat stand-off: an .ann file of marks beside each .txt. Offsets are code points, and the marked words stand by them.

brat knows no annotators: where the same document lies in several folders, the folders name them. Our own export says in
a note of each mark all that it says; there the notes are read, and the rest is left.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from annotator.core.annotated import NONE, NOT_TOLD, Annotated
from projects.readers.annotated.base import NOBODY, Building, Gathering, Piece, listed
from projects.readers.base import Json, ReadError
from projects.readers.json import parse

TOOL = "brat"
ENTITIES = "entities"
NOTES = "notes"
_OURS = "codebook.json"
_ABOUT = frozenset({"variable", "unit", "item", "same_as"})
_MARK = re.compile(r"(\S+) (\d{1,15} \d{1,15}(?:;\d{1,15} \d{1,15})*)", re.ASCII)


def read(pieces: Sequence[Piece]) -> Annotated:
    gathering = Gathering(TOOL)
    texts = {piece.path: piece for piece in pieces if piece.ending == "txt"}
    by_stem = {piece.stem: piece for piece in texts.values()}
    files = [piece for piece in pieces if piece.ending == "ann"]
    folders = defaultdict(set)
    for piece in files:
        folders[piece.stem].add(piece.folder)
    ours = any(piece.path == _OURS for piece in pieces)
    many = ours or any(len(found) > 1 for found in folders.values())
    for piece in sorted(files, key=lambda piece: piece.path):
        source = texts.get(f"{piece.path[:-4]}.txt") or by_stem.get(piece.stem)
        if source is None:
            gathering.problem(piece.path, f"there is no {piece.stem}.txt for it in the archive")
            continue
        building = gathering.document(piece.stem, source.text(), source.path)
        folder = piece.folder.rpartition("/")[2]
        _Reading(building, building.annotated_by(folder if many and folder else NOBODY), piece, ours=ours).read()
    return gathering.finish()


class _Reading:
    """One .ann file: lines of marks (T), events (E), attributes (A, M), relations (R), notes (#)."""

    def __init__(self, building: Building, by: str, piece: Piece, *, ours: bool) -> None:
        self.building, self.by, self.piece, self.ours = building, by, piece, ours
        self.extents: dict[str, list[tuple[str, str]]] = {}

    def read(self) -> None:
        lines = [(number, line) for number, line in enumerate(self.piece.text().split("\n"), 1) if line.strip()]
        later = []
        for number, line in lines:
            where = f"{self.piece.path}, line {number}"
            id, _, rest = line.rstrip("\r").partition("\t")
            if id.startswith("T"):
                self._mark(id, rest, where)
            else:
                later.append((id, rest, where))
        for id, rest, where in sorted(later, key=lambda item: not item[0].startswith("E")):
            self._other(id, rest, where)

    def _mark(self, id: str, rest: str, where: str) -> None:
        head, _, quote = rest.partition("\t")
        found = _MARK.fullmatch(head)
        if not found:
            return self.building.gathering.problem(where, f"“{head[:60]}” is no type with a start and an end")
        pieces = [piece.split(" ") for piece in found[2].split(";")]
        if not self.ours:
            self.building.gathering.lost["marks of several pieces, each piece is a mark now"] += len(pieces) > 1
        self.extents[id] = [(start, end) for start, end in pieces]
        text = self.building.text or ""
        words = " ".join(text[int(start) : int(end)] for start, end in self.extents[id]).replace("\n", " ")
        if quote and words != quote.replace("\n", " "):
            message = f"the text there is “{words[:60]}”, but the file says “{quote[:60]}”"
            return self.building.gathering.problem(where, message)
        if not self.ours:
            self._put(ENTITIES, found[1], id, where)
        return None

    def _put(self, layer: str, value: str, id: str, where: str) -> None:
        for start, end in self.extents[id]:
            self.building.mark(self.by, layer, value, where, start=start, end=end, id=id)

    def _other(self, id: str, rest: str, where: str) -> None:
        lost = self.building.gathering.lost
        words = rest.partition("\t")[0].split(" ")
        if self.ours:
            self._note(id, words, rest, where)
        elif id[:1] in ("A", "M") and len(words) >= 2:
            self._attribute(words, where)
        elif id.startswith("R") and len(words) >= 3:
            source, target = (word.rpartition(":")[2] for word in words[1:3])
            if unknown := [end for end in (source, target) if end not in self.extents]:
                return self.building.gathering.problem(where, f"there is no mark {unknown[0][:40]}")
            self.building.link(self.by, words[0], source, target, where)
        elif id.startswith("E") and ":" in words[0]:
            self.extents[id] = self.extents.get(words[0].rpartition(":")[2], [])
            lost["arguments of events"] += len(words) - 1
        elif id.startswith("#") and len(words) >= 2 and words[1] in self.extents:
            self.building.gathering.free.add(NOTES)
            self._put(NOTES, rest.partition("\t")[2] or words[0], words[1], where)
        else:
            kinds: Mapping[str, str] = {"*": "equivalences", "N": "links to other databases", "#": "notes on relations"}
            if id[:1] not in kinds:
                return self.building.gathering.problem(where, f"“{id[:20]}” is no line of brat’s format")
            lost[kinds[id[:1]]] += 1
        return None

    def _note(self, id: str, words: Sequence[str], rest: str, where: str) -> None:
        """What our own export says of a mark, whose pieces are one stretch there."""
        if not id.startswith("#") or len(words) < 2 or words[1] not in self.extents:
            return
        try:
            said = parse(rest.partition("\t")[2], where)
        except ReadError as error:
            self.building.gathering.problem(where, error.message)
            return
        pieces = self.extents[words[1]]
        for layer, value in _layers_of(said):
            start, end = pieces[0][0], pieces[-1][1]
            self.building.mark(self.by, layer, value, where, start=start, end=end, id=words[1])

    def _attribute(self, words: Sequence[str], where: str) -> None:
        """A yes-or-no attribute has a name alone, others a value."""
        if words[1] not in self.extents:
            self.building.gathering.problem(where, f"there is no mark {words[1][:40]}")
            return
        self._put(words[0], words[2] if len(words) > 2 else "true", words[1], where)


def _layers_of(said: Json) -> Iterator[tuple[str, Json]]:
    """The layers and values of a note of ours: the answers on a unit, or one mark with its features."""
    if not isinstance(said, Mapping):
        return
    answers = said.get("answers")
    for key, value in answers.items() if isinstance(answers, Mapping) else ():
        if isinstance(value, Mapping):
            yield key, NOT_TOLD
        else:
            yield from ((key, one) for one in listed(value) or [NONE])
    joints = _ABOUT - {"item", "same_as"} if "source" in said else _ABOUT
    for name, word in said.items():
        if "variable" in said and name not in joints:
            yield (str(said["variable"]) if name == "value" else f"{said['variable']}.{name}"), word
