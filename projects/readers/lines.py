"""Documents that a reader has turned into lines: one article, or the many of a newspaper database."""

from collections.abc import Sequence

from projects.readers.base import Document, ReadError, Source, documents
from projects.readers.databases import factiva, nexis
from projects.readers.txt import stem


def documents_of_lines(source: Source, lines: Sequence[str]) -> list[Document]:
    """Make articles of the lines of a word processor's file; raises `ReadError` where there is no text in them."""
    for database in (nexis, factiva):
        if database.recognises(lines):
            return documents(source, database.records(lines, stem(source.name)), "it is empty")
    return one_document(source, lines)


def one_document(source: Source, lines: Sequence[str]) -> list[Document]:
    """Make one article of all lines, named after the file; its first line is the title."""
    if not any(line.strip() for line in lines):
        raise ReadError("there is no text in the file: it is empty, or holds pictures only")
    text = "\n".join(lines).strip("\n") + "\n"
    return documents(source, [("the file", {"external_id": stem(source.name), "text": text})], "")
