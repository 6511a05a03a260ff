"""An archive of files, each read by its own reader; one that can't be read refuses the whole, by its name."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from annotator.core.text import TextError, decode
from projects import readers
from projects.readers import kinds, limits
from projects.readers.archive import Archive, shown
from projects.readers.base import Document, EncodingError, ReadError
from projects.readers.txt import stem

_WHAT = "archive"
_TABLES = frozenset({"csv", "tsv", "json", "jsonl", "xlsx", "ods"})
_TEXTS = frozenset({"txt", "csv", "tsv", "json", "jsonl", "html", "htm"})
_OFFICE = frozenset({"docx", "xlsx", "ods"})
_LEFT_BY_SYSTEMS = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


def read(name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    archive = Archive(data, _WHAT, most=limits.ENTRIES)
    names = [entry for entry in archive.names if not _left_by_system(entry)]
    if not names:
        raise ReadError("the archive is empty: there is no article in it")
    _check_endings(names)
    found: list[tuple[str, Document]] = []
    unpacked = 0
    for entry in names:
        content = archive.read(entry)
        unpacked += _office_size(entry, content)
        read_entry = _read_entry(entry, content, encoding, mapping)
        found += [(entry, document) for document in read_entry]
        if unpacked > limits.OFFICE_IN_ARCHIVE_BYTES:
            most = limits.OFFICE_IN_ARCHIVE_BYTES // limits.MEGABYTE
            raise ReadError(f"the office files in the archive are too large when unpacked: the limit is {most} MB")
    return _with_own_ids(found)


def doubtful_text(data: bytes) -> bytes:
    """Return the first text file in an archive that is not UTF-8, for a preview in other encodings; else nothing."""
    archive = Archive(data, _WHAT, most=limits.ENTRIES)
    texts = (archive.read(entry) for entry in archive.names if readers.ending_of(entry) in _TEXTS)
    return next((text for text in texts if not _is_utf8(text)), b"")


def _is_utf8(text: bytes) -> bool:
    try:
        decode(text)
    except TextError:
        return False
    return True


def _left_by_system(entry: str) -> bool:
    last = entry.rpartition("/")[2]
    return entry.startswith("__MACOSX/") or last.startswith("._") or last.lower() in _LEFT_BY_SYSTEMS


def _check_endings(names: list[str]) -> None:
    """Refuse what is no article before anything is read: an archive of a thousand texts should fail at once."""
    for entry in names:
        ending = readers.ending_of(entry)
        if ending == "zip":
            raise ReadError("an archive inside an archive is not opened: upload it by itself", shown(entry))
        if ending not in readers.ENDINGS:
            formats = ", ".join(f".{known}" for known in readers.ENDINGS if known != "zip")
            raise ReadError(f"a file of this type is not supported; an archive may hold {formats}", shown(entry))


def _office_size(entry: str, content: bytes) -> int:
    packed = readers.ending_of(entry) in _OFFICE and kinds.is_packed(content)
    return Archive(content, shown(entry)).size if packed else 0


def _read_entry(entry: str, content: bytes, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    columns = mapping if readers.ending_of(entry) in _TABLES else None
    try:
        return readers.read_here(entry, content, encoding=encoding, mapping=columns)
    except EncodingError as error:
        raise EncodingError(error.message, error.likely, _where(entry, error)) from error
    except ReadError as error:
        raise ReadError(error.message, _where(entry, error)) from error


def _where(entry: str, error: ReadError) -> str:
    return f"{shown(entry)}, {error.where}" if error.where else shown(entry)


def _with_own_ids(found: list[tuple[str, Document]]) -> list[Document]:
    """Put the folder before the ids of files that have the same name; refuse ids from tables that are there twice."""
    counted = Counter(document.external_id for _, document in found)
    own = [
        replace(document, external_id=_path_id(entry, document)) if counted[document.external_id] > 1 else document
        for entry, document in found
    ]
    seen: dict[str, str] = {}
    for (entry, _), document in zip(found, own, strict=True):
        if document.external_id in seen:
            first = shown(seen[document.external_id])
            raise ReadError(f"the external_id “{document.external_id}” is a duplicate of one in {first}", shown(entry))
        seen[document.external_id] = entry
    return own


def _path_id(entry: str, document: Document) -> str:
    """Return folder and id where the id was made from the file's name; one that the file itself gives stays."""
    folder = entry.rpartition("/")[0]
    named = document.external_id.startswith(stem(entry))
    return f"{folder}/{document.external_id}"[: limits.EXTERNAL_ID_LENGTH] if folder and named else document.external_id
