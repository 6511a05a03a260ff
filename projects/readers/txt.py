"""A plain text file is one article: its name without the ending is the external id, its first line the title.

A text export of ProQuest holds many articles.
"""

from collections.abc import Mapping

from annotator.core.text import BYTE_ORDER_MARK
from projects.readers.base import Document, documents, refuse_mapping
from projects.readers.databases import proquest
from projects.readers.encoding import read_table_text, read_text


def read(name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    refuse_mapping(mapping, "text file")
    text, source = read_text(name, data, encoding)
    lines = text.removeprefix(BYTE_ORDER_MARK).splitlines() if proquest.MARK in text else []
    if proquest.recognises(lines):
        _, source = read_table_text(name, data, encoding)
        return documents(source, proquest.records(lines), "it is empty")
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
