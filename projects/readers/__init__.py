"""Files to documents, one module a format. `read` chooses by the name's ending, and the content has to agree."""

from collections.abc import Mapping
from typing import Protocol

from projects.readers import csv, json, jsonl, limits, tsv, txt
from projects.readers.base import FIELDS, Document, EncodingError, Json, ReadError
from projects.readers.encoding import likely_encodings, preview
from projects.readers.kinds import check_content

__all__ = ["ENDINGS", "FIELDS", "Document", "EncodingError", "Json", "ReadError", "likely_encodings", "preview", "read"]


class _Reader(Protocol):
    def __call__(
        self, name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None
    ) -> list[Document]: ...


_READERS: dict[str, _Reader] = {
    "txt": txt.read,
    "csv": csv.read,
    "tsv": tsv.read,
    "json": json.read,
    "jsonl": jsonl.read,
}
ENDINGS = tuple(_READERS)
"""The formats that are read, as the endings of file names."""


def read(
    name: str, data: bytes, *, encoding: str | None = None, mapping: Mapping[str, str] | None = None
) -> list[Document]:
    """Read a file as articles, all or none.

    `encoding` is what the user declares; a byte order mark overrides it, and without both the file has to be UTF-8.
    `mapping` gives columns or keys the names of fields. Raises `ReadError`, and of its kind `EncodingError` where an
    encoding has to be chosen.
    """
    if len(data) > limits.UPLOAD_BYTES:
        raise ReadError(f"the file is too large: the limit is {limits.UPLOAD_BYTES // limits.MEGABYTE} MB")
    ending = _ending(name)
    if ending not in _READERS:
        raise ReadError(_unsupported(ending))
    if not data:
        raise ReadError("the file is empty")
    check_content(data, ending)
    return _READERS[ending](name, data, encoding=encoding, mapping=mapping)


def _ending(name: str) -> str:
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def _unsupported(ending: str) -> str:
    formats = ", ".join(f".{known}" for known in ENDINGS)
    shown = "".join(character for character in ending[:12] if character.isprintable())
    named = f"files of the type .{shown} are not supported yet" if shown else "the file's name has no ending"
    return f"{named}; the formats that are read are {formats}"
