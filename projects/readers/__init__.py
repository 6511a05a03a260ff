"""Files to documents, one module a format. `read` chooses by the name's ending, and the content has to agree.

A format's module is imported when the first file of it comes; those that need large libraries, or unpack, are read in
a process of their own (`contained`).
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol, cast

from projects.readers import contained, limits
from projects.readers.base import FIELDS, Document, EncodingError, Json, ReadError, Rows
from projects.readers.encoding import beginning, likely_encodings
from projects.readers.kinds import check_content, is_packed
from projects.readers.language import with_languages

__all__ = [
    "ENDINGS",
    "FIELDS",
    "SPREADSHEETS",
    "Document",
    "EncodingError",
    "Json",
    "ReadError",
    "first_rows",
    "likely_encodings",
    "preview",
    "read",
]


class _Reader(Protocol):
    def __call__(
        self, name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None
    ) -> list[Document]: ...


class _Archives(Protocol):
    def doubtful_text(self, data: bytes) -> bytes: ...


_MODULES = {
    "txt": "txt",
    "csv": "csv",
    "tsv": "tsv",
    "json": "json",
    "jsonl": "jsonl",
    "xlsx": "spreadsheet",
    "ods": "spreadsheet",
    "html": "html",
    "htm": "html",
    "docx": "docx",
    "rtf": "rtf",
    "pdf": "pdf",
    "zip": "zip",
}
_IN_THIS_PROCESS = frozenset({"txt", "csv", "tsv", "json", "jsonl"})
SPREADSHEETS = frozenset({"xlsx", "ods"})
ENDINGS = tuple(_MODULES)
"""The formats that are read, as the endings of file names."""


def read(
    name: str, data: bytes, *, encoding: str | None = None, mapping: Mapping[str, str] | None = None
) -> list[Document]:
    """Read a file as articles, all or none.

    `encoding` is what the user declares; a byte order mark overrides it, and without both the file has to be UTF-8 or
    name its encoding itself (HTML, RTF). `mapping` gives columns or keys the names of fields. Raises `ReadError`, and
    of its kind `EncodingError` where an encoding has to be chosen.
    """
    if len(data) > limits.UPLOAD_BYTES:
        raise ReadError(f"the file is too large: the limit is {limits.UPLOAD_BYTES // limits.MEGABYTE} MB")
    ending = _checked_ending(name, data)
    if ending not in _IN_THIS_PROCESS:
        return contained.read(name, data, encoding=encoding, mapping=mapping)
    found = read_here(name, data, encoding=encoding, mapping=mapping)
    return with_languages(found, contained.likely_languages)


def first_rows(name: str, data: bytes) -> Rows:
    """Return the header and the first five rows of a spreadsheet; raises `ReadError`."""
    _checked_ending(name, data)
    return contained.first_rows(name, data)


def preview(data: bytes, encoding: str, characters: int = 400) -> str:
    """Return the beginning of a file as it would read in `encoding`; of an archive, that of its first doubtful text.

    Raises `ReadError` where it can't be read in it.
    """
    if is_packed(data):
        data = cast(_Archives, import_module("projects.readers.zip")).doubtful_text(data)
    return beginning(data, encoding, characters)


def read_here(name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    """Read a file in this process, whatever its format, and guess no language: for the child process and archives."""
    ending = _checked_ending(name, data)
    reader = cast(_Reader, import_module(f"projects.readers.{_MODULES[ending]}").read)
    return reader(name, data, encoding=encoding, mapping=mapping)


def ending_of(name: str) -> str:
    """Return the ending of a file's name in small letters, without its dot; empty where there is none."""
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def _checked_ending(name: str, data: bytes) -> str:
    ending = ending_of(name)
    if ending not in _MODULES:
        raise ReadError(_unsupported(ending))
    if not data:
        raise ReadError("the file is empty")
    check_content(data, ending)
    return ending


def _unsupported(ending: str) -> str:
    formats = ", ".join(f".{known}" for known in ENDINGS)
    shown = "".join(character for character in ending[:12] if character.isprintable())
    named = f"files of the type .{shown} are not supported yet" if shown else "the file's name has no ending"
    return f"{named}; the formats that are read are {formats}"
