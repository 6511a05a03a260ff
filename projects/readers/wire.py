"""Documents as JSON and back, for the way between two processes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypedDict

from annotator.core.annotated import Annotated, AnnotatedDocument, Annotating, Link, Mark
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


def annotated_answer(annotated: Annotated) -> bytes:
    return json.dumps({**asdict(annotated), "problem": None}, ensure_ascii=False).encode(errors="surrogatepass")


def answered_annotated(sent: bytes) -> Annotated:
    """Return what was read of an export, or raise the error that was."""
    found: Any = _answer(sent)
    documents = tuple(map(_annotated_document, found["documents"]))
    return Annotated(found["tool"], documents, tuple(found["problems"]), found["lost"], tuple(found["free"]))


def _annotated_document(fields: dict[str, Any]) -> AnnotatedDocument:
    by = tuple(Annotating(**one) for one in fields.pop("by"))
    marks = tuple(Mark(**one) for one in fields.pop("marks"))
    links = tuple(Link(**one) for one in fields.pop("links"))
    return AnnotatedDocument(**fields, by=by, marks=marks, links=links)


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
