"""Exports of other annotation tools, a module a tool. The content says which tool it is, never the name alone.

Archives and long files are read in a process of their own (`contained`), as they unpack and may need large libraries.
"""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import cast

from annotator.core.annotated import Annotated
from projects.readers import contained, limits
from projects.readers.annotated import brat, doccano, label_studio, potato, prodigy, table, webanno_tsv
from projects.readers.annotated.base import Piece
from projects.readers.annotated.json_lines import records
from projects.readers.archive import Archive, shown
from projects.readers.base import ReadError
from projects.readers.json import parse
from projects.readers.kinds import is_packed

TOOLS = (
    "Label Studio (JSON, JSON-MIN)",
    "doccano (JSONL)",
    "brat (ZIP)",
    "INCEpTION and WebAnno (UIMA CAS XMI, WebAnno TSV 3)",
    "Potato (ZIP)",
    "Prodigy (JSONL)",
    "a coded table (CSV, TSV, XLSX)",
)
TABLE = table.TOOL
TABLES = ("csv", "tsv", "xlsx", "ods")
ENDINGS = ("zip", "json", "jsonl", "tsv", "csv", "xlsx", "ods")
_SHORT = 1_000_000
"""What is larger may take long, by mistake or malice."""
_READ = frozenset({"json", "jsonl", "tsv", "txt", "ann", "xmi", "xml", "csv"})
_Reader = Callable[[Sequence[Piece]], Annotated]


def read(name: str, data: bytes, *, encoding: str | None = None) -> Annotated:
    """Read an export of any of the tools. Raises ReadError."""
    if name.rpartition(".")[2].strip().lower() in TABLES and not webanno_tsv.is_it(data):
        return table.read(name, data, encoding=encoding)
    if is_packed(data) or len(data) > _SHORT:
        return contained.read_annotated(name, data)
    return read_here(name, data)


def read_here(name: str, data: bytes) -> Annotated:
    """Read an export in this process. Raises ReadError where no tool writes such a file, or it can't be read."""
    if not data:
        raise ReadError("the file is empty")
    if len(data) > limits.UPLOAD_BYTES:
        raise ReadError(f"the file is too large: the limit is {limits.UPLOAD_BYTES // limits.MEGABYTE} MB")
    pieces = list(_unpacked(data)) if is_packed(data) else [Piece(name, data)]
    reader, own = _reader(pieces)
    return reader(own)


def _unpacked(data: bytes, inside: str = "") -> Iterator[Piece]:
    """The files of an archive; INCEpTION packs each annotator's file once more, so one level inside is opened too."""
    archive = Archive(data, "archive", most=limits.ANNOTATED_ENTRIES)
    size = archive.size
    for entry in archive.names:
        path = f"{inside}/{entry}" if inside else entry
        ending = entry.rpartition(".")[2].lower()
        if entry.startswith("__MACOSX/") or entry.rpartition("/")[2].startswith("."):
            continue
        if ending == "zip" and not inside:
            content = archive.read(entry)
            for piece in _unpacked(content, entry.rpartition(".")[0]):
                size += len(piece.data)
                if size > limits.UNPACKED_BYTES:
                    most = limits.UNPACKED_BYTES // limits.MEGABYTE
                    raise ReadError(f"the archive is too large when it is unpacked: the limit is {most} MB")
                yield piece
        elif ending == "zip":
            raise ReadError("an archive inside an archive inside an archive is not opened", shown(path))
        elif ending in _READ:
            yield Piece(path, archive.read(entry))


def _reader(pieces: Sequence[Piece]) -> tuple[_Reader, Sequence[Piece]]:
    """Who reads the files, and which of them."""
    endings = {piece.ending for piece in pieces}
    if "xmi" in endings:
        # It needs a large library, which the other tools do without.
        return cast(_Reader, import_module("projects.readers.annotated.cas").read), pieces
    if "ann" in endings:
        return brat.read, pieces
    if any(webanno_tsv.is_it(piece.data) for piece in pieces):
        return webanno_tsv.read, pieces
    known = [(found, piece) for piece in pieces if (found := _of_json(piece, alone=len(pieces) == 1))]
    if any(found is potato.read for found, _ in known):
        return potato.read, pieces
    if known:
        reader = known[0][0]
        return reader, [piece for found, piece in known if found is reader]
    raise ReadError(
        "it is not known which tool this file comes from. What is read: " + "; ".join(TOOLS) + ". An .xmi file has to"
        " come in a ZIP with its TypeSystem.xml, an .ann file in a ZIP with its .txt"
    )


def _of_json(piece: Piece, *, alone: bool) -> _Reader | None:
    """Who reads a JSON file. Raises ReadError for a broken one, if it is no file beside those of a tool."""
    if piece.ending not in ("json", "jsonl"):
        return None
    text = piece.text().lstrip()
    if potato.is_it(piece, text):
        return potato.read
    try:
        if text.startswith("[") and label_studio.is_it(parse(text, piece.path)):
            return label_studio.read
        first = next(records(piece), ("", {}))[1]
    except ReadError:
        if alone:
            raise
        return None
    if prodigy.is_it(first):
        return prodigy.read
    return doccano.read if doccano.is_it(first) else None
