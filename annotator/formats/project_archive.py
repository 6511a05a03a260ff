"""The file of a project archive: a ZIP of JSON Lines, one file a kind of thing, and a manifest with their hashes.

Lines are numbered from 1, and by these numbers they refer to each other. docs/archives.md describes the format.
"""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from math import isfinite
from typing import IO, Any

from annotator.core.errors import InvalidError
from annotator.formats.zipped import PIECE, File, zip_pieces

FORMAT = "annotator-project"
VERSION = 1
MANIFEST = "manifest.json"
MEGABYTE = 1024 * 1024
LONGEST_MANIFEST = MEGABYTE
DEEPEST = 64
LONGEST_LINE = 64 * MEGABYTE

Row = dict[str, Any]
Part = tuple[str, Iterable[Row]]
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
# Numbers that PostgreSQL gives back in another spelling than SQLite.
_TWO_SPELLINGS = re.compile(r"-0\.0|\de\+\d")


def file_name(part: str) -> str:
    return f"{part}.jsonl"


def archive_pieces(parts: Iterable[Part], *, software: str, left_out: Mapping[str, str]) -> Iterator[bytes]:
    """The bytes of the file. The manifest is its last entry, for it says what the others came to."""
    return zip_pieces(_files(parts, software, left_out), large=True)


def _files(parts: Iterable[Part], software: str, left_out: Mapping[str, str]) -> Iterator[File]:
    written = []
    for name, rows in parts:
        part = _Written(name, rows)
        yield file_name(name), part
        written.append(part.as_json())
    about = {"format": FORMAT, "version": VERSION, "software": software, "parts": written, "left_out": left_out}
    yield MANIFEST, [json.dumps(about, ensure_ascii=False, indent=1).encode() + b"\n"]


class _Written:
    """A part on its way out, counted and hashed as it goes."""

    def __init__(self, name: str, rows: Iterable[Row]) -> None:
        self._name, self._rows = name, rows
        self._number, self._sha256 = 0, hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for some in _together(map(_line, self._rows)):
            piece = "".join(some).encode()
            self._number += len(some)
            self._sha256.update(piece)
            yield piece

    def as_json(self) -> Row:
        return {"name": file_name(self._name), "rows": self._number, "sha256": self._sha256.hexdigest()}


def _together(lines: Iterable[str]) -> Iterator[list[str]]:
    """As many as make a piece; a text may be as long as a hundred thousand labels."""
    some, size = list[str](), 0
    for line in lines:
        some.append(line)
        size += len(line)
        if size >= PIECE:
            yield some
            some, size = [], 0
    if some:
        yield some


def _line(row: Row) -> str:
    line = _dumped(row)
    return _dumped(_spelt_once(row)) if _TWO_SPELLINGS.search(line) else line


def _dumped(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")) + "\n"


def _spelt_once(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _spelt_once(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_spelt_once(item) for item in value]
    is_whole = isinstance(value, float) and value.is_integer()
    return int(value) if is_whole and abs(value) >= 1e16 else 0.0 if is_whole and value == 0 else value


@dataclass(frozen=True)
class Archive:
    """An archive whose manifest and hashes were checked; what its rows say was not."""

    zip: zipfile.ZipFile
    rows_of: Mapping[str, int]
    sha256: str

    def rows(self, part: str) -> Iterator[Row]:
        """Raises InvalidError with the number of the line that can't be read."""
        if not self.rows_of[part]:
            return
        with damage_told(), self.zip.open(file_name(part)) as file:
            lines = BufferedReader(file)  # type: ignore[type-var]  # ZipExtFile is raw enough for it
            for number in range(1, self.rows_of[part] + 1):
                yield _read(lines.readline(LONGEST_LINE + 1), f"{file_name(part)}, line {number}")


def opened(file: IO[bytes], *, parts: Sequence[str], most: int | None = None) -> Archive:
    """The archive in a file, which stays open. `parts` are those it may have, `most` bytes may be in it unpacked.

    An earlier program didn't know them all: what its manifest doesn't list has no rows.

    Raises InvalidError where this is no archive, one of another version, an incomplete or a damaged one.
    """
    with damage_told():
        found = zipfile.ZipFile(file)
        names = [entry.filename for entry in found.infolist()]
        if MANIFEST not in names:
            raise InvalidError("This is no project archive: it has no manifest.json.")
        about = _manifest(found)
        if newer := sorted(about.keys() - set(map(file_name, parts))):
            raise InvalidError(f"This archive was made by a newer program: {newer[0][:80]} is not known here.")
        _refuse_other_files(names, {MANIFEST, *about})
        unpacked = sum(entry.file_size for entry in found.infolist())
        if most is not None and unpacked > most:
            raise InvalidError(
                f"This archive holds {unpacked // MEGABYTE:,} MB; {most // MEGABYTE:,} MB are the most that can be"
                " brought in here. Whoever runs the site can bring in a larger one by the command import_project."
            )
        there = {part: _checked(found, part, about) if file_name(part) in about else 0 for part in parts}
        return Archive(found, there, _hash_of(about))


def _refuse_other_files(names: Sequence[str], expected: Set[str]) -> None:
    if missing := sorted(expected - set(names)):
        raise InvalidError(f"This archive is incomplete: {missing[0][:80]} is missing. Take it again, whole.")
    if len(names) != len(expected):
        strange = next((name for name in names if name not in expected), "the same file twice")
        raise InvalidError(f"This archive holds something that doesn’t belong into it: {strange[:80]}.")


@contextmanager
def damage_told() -> Iterator[None]:
    """What goes wrong on unpacking."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError) as error:
        raise InvalidError("This file is no ZIP file that can be read, or it is damaged. Take it again.") from error


def _manifest(found: zipfile.ZipFile) -> Mapping[str, Row]:
    """What it says of each part, by file name."""
    with found.open(MANIFEST) as file:
        about = _read(file.read(LONGEST_MANIFEST + 1)[: LONGEST_MANIFEST + 1], MANIFEST)
    if about.get("format") != FORMAT:
        raise InvalidError(f"This is no project archive: its manifest doesn’t say “{FORMAT}”.")
    if about.get("version") != VERSION:
        raise InvalidError(
            f"This archive has version {str(about.get('version'))[:20]} of the format; this program reads version"
            f" {VERSION}. Use the program that it was made with, or a newer one."
        )
    try:
        return {
            str(part["name"]): {"rows": int(part["rows"]), "sha256": str(part["sha256"])} for part in about["parts"]
        }
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise InvalidError("The manifest of this archive doesn’t say what is in it.") from error


def _checked(found: zipfile.ZipFile, part: str, about: Mapping[str, Row]) -> int:
    """How many rows the part has, which is as its maker wrote it."""
    name = file_name(part)
    said, sha256, rows = about.get(name), hashlib.sha256(), 0
    with found.open(name) as file:
        while piece := file.read(MEGABYTE):
            sha256.update(piece)
            rows += piece.count(b"\n")
    if said != {"rows": rows, "sha256": sha256.hexdigest()}:
        raise InvalidError(f"This archive is damaged: {name} is not as its manifest says. Take it again.")
    return rows


def _hash_of(about: Mapping[str, Row]) -> str:
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def _read(line: bytes, where: str) -> Row:
    if len(line) > LONGEST_LINE:
        raise InvalidError(f"{where}: longer than {LONGEST_LINE // MEGABYTE} MB.")
    try:
        row = json.loads(line.decode(), parse_float=_number, parse_constant=_number)
    except (ValueError, RecursionError) as error:
        raise InvalidError(f"{where}: this is no JSON that can be read.") from error
    if not isinstance(row, dict):
        raise InvalidError(f"{where}: this is no JSON object.")
    if line.count(b"[") + line.count(b"{") > DEEPEST and _is_deep(row):
        raise InvalidError(f"{where}: nested more than {DEEPEST} deep.")
    if b"\\u" in line and not _is_storable(row):
        raise InvalidError(f"{where}: a text with NUL or half a character, which can’t be stored.")
    return row


def _is_storable(row: Row) -> bool:
    """JSON can spell NUL and half of a surrogate pair."""
    line = json.dumps(row, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return not _NUL.search(line)


def _is_deep(row: Row) -> bool:
    """Level by level, for one nested deeply enough would exhaust the stack."""
    level: list[Any] = [row]
    for _ in range(DEEPEST):
        inner = (one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list))
        level = [item for items in inner for item in items]
    return bool(level)


def _number(written: str) -> float:
    found = float(written)
    if not isfinite(found):
        raise ValueError(written)
    return found
