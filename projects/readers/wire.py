"""Documents as JSON and back, for the way between two processes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TypedDict

from annotator.core.text import Change
from projects.readers.base import Document, EncodingError, Json, ReadError, Rows


class Request(TypedDict):
    name: str
    encoding: str | None
    mapping: dict[str, str] | None


class Problem(TypedDict):
    message: str
    where: str
    likely: list[str] | None
    """The encodings to choose from, where that is the problem."""


class Answer(TypedDict):
    documents: list[dict[str, Json]]
    rows: Rows
    problem: Problem | None


def request(name: str, data: bytes, encoding: str | None, mapping: Mapping[str, str] | None) -> bytes:
    """Return a line of JSON, and the file behind it."""
    head: Request = {"name": name, "encoding": encoding, "mapping": dict(mapping) if mapping else None}
    return _encoded(head) + b"\n" + data


def asked(sent: bytes) -> tuple[Request, bytes]:
    head, _, data = sent.partition(b"\n")
    return json.loads(head.decode(errors="surrogatepass")), data


def answer(documents: Sequence[Document]) -> bytes:
    sent: Answer = {"documents": [asdict(document) for document in documents], "rows": [], "problem": None}
    return _encoded(sent)


def rows_answer(rows: Rows) -> bytes:
    return _encoded({"documents": [], "rows": rows, "problem": None})


def refusal(error: ReadError) -> bytes:
    likely = list(error.likely) if isinstance(error, EncodingError) else None
    sent: Answer = {
        "documents": [],
        "rows": [],
        "problem": {"message": error.message, "where": error.where, "likely": likely},
    }
    return _encoded(sent)


def answered(sent: bytes) -> list[Document]:
    """Return the documents that were sent, or raise the error that was."""
    return [_document(fields) for fields in _answer(sent)["documents"]]


def answered_rows(sent: bytes) -> Rows:
    """Return the rows that were sent, or raise the error that was."""
    return _answer(sent)["rows"]


def _answer(sent: bytes) -> Answer:
    found: Answer = json.loads(sent.decode(errors="surrogatepass"))
    if problem := found["problem"]:
        if problem["likely"] is not None:
            raise EncodingError(problem["message"], tuple(problem["likely"]), problem["where"])
        raise ReadError(problem["message"], problem["where"])
    return found


def _encoded(value: Request | Answer) -> bytes:
    # As they are, not as escapes: an Arabic text would take three times the memory.
    return json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass")


def _document(fields: dict[str, Json]) -> Document:
    changes = tuple(Change(**change) for change in fields.pop("changes"))  # type: ignore[arg-type, union-attr]
    return Document(**fields, changes=changes)  # type: ignore[arg-type]
