"""Which document and which annotator a file of an archive is of, by where it lies."""

from collections import Counter
from collections.abc import Sequence

from projects.readers.annotated.base import NOBODY, Piece

_OF_PROJECTS = ("annotation", "annotation_ser", "curation")
_SOURCES = (".txt", ".tsv", ".xmi", ".xml", ".html", ".pdf")


def owner(piece: Piece, pieces: Sequence[Piece]) -> tuple[str, str]:
    """Document and annotator. INCEpTION has a folder a document with a file an annotator in it; others the reverse."""
    *folders, _ = piece.path.split("/")
    if folders and any(folder in _OF_PROJECTS for folder in folders[:-1]):
        at = next(number for number, folder in enumerate(folders) if folder in _OF_PROJECTS)
        # What was packed once more lies in a folder named for its annotator, whatever the file itself is called.
        return without_ending(folders[at + 1]), (folders[at + 2] if len(folders) > at + 2 else piece.stem)
    alike = Counter(other.stem for other in pieces if other.ending == piece.ending)
    several = any(times > 1 for times in alike.values())
    return without_ending(piece.stem), (folders[-1] if folders and several else NOBODY)


def without_ending(name: str) -> str:
    """The name of a source document without the ending of its file."""
    return next((name.removesuffix(ending) for ending in _SOURCES if name.endswith(ending)), name)
