"""A plain text file is one article; its name without the ending is the external id, its first line the title."""

from collections.abc import Mapping

from projects.readers.base import Document, ReadError, documents
from projects.readers.encoding import read_text


def read(name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    if mapping:
        raise ReadError("a text file has no columns to map")
    text, source = read_text(name, data, encoding)
    return documents(source, [("the file", {"external_id": stem(name), "text": text})], "")


def stem(name: str) -> str:
    """Return a file's name without folders, control characters and ending.

    >>> stem("../reports\\\\march.final.txt")
    'march.final'
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(character for character in last if character.isprintable()).strip()
    before, dot, _ = printable.rpartition(".")
    return before if dot and before else printable.strip(".")
