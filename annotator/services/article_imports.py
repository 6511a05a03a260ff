"""Articles out of files: short ones at once, long ones as a job, in batches that nobody sees until the end."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict, cast
from uuid import UUID, uuid4

from django.db import IntegrityError

from annotator.core.errors import InvalidError
from annotator.core.sentences import KINDS
from annotator.models import Job
from annotator.services import jobs, uploads
from projects.models import Article, Membership, Project, TextVersion, Unit
from projects.permissions import require
from projects.readers import Document, EncodingError, ReadError, preview, read
from projects.services import articles
from projects.services.articles import ALL_KINDS, check_importable, split_document
from projects.services.bulk import in_batches
from projects.services.transaction import plan_anew, write

KIND = "import articles"
# What is longer becomes a job. A request below this takes about a second.
SHORT_BYTES, SHORT_ARTICLES, SHORT_UNITS = 1_000_000, 200, 5_000
# One write transaction of a job: some 40 ms, so that annotators who save meanwhile hardly wait.
BATCH_CHARACTERS, BATCH_UNITS = 200_000, 2_000
GUESSES = 4
MOST_CHANGES = 100


@dataclass(frozen=True)
class Request:
    """A file to import, and what its sender says about it. Raises InvalidError for an unknown kind of unit."""

    name: str
    data: bytes
    encoding: str | None = None
    mapping: Mapping[str, str] | None = None
    language: str = ""
    """Of those articles that do not name theirs, in place of our guess."""
    codable: Sequence[str] | None = None
    skip_taken: bool = False
    """Leave out the articles whose ids the project has already, in place of refusing the file."""

    def __post_init__(self) -> None:
        unknown = [kind for kind in self.codable or () if kind not in (*KINDS, ALL_KINDS)]
        if unknown:
            known = ", ".join((*KINDS, ALL_KINDS))
            raise InvalidError(f"There is no kind of unit “{unknown[0][:40]}”. Kinds are {known}.")


class KeptFile(TypedDict):
    token: str
    name: str


class Spec(TypedDict):
    """What a job needs to know, as it stands in its row."""

    batch: str
    files: list[KeptFile]
    encoding: str | None
    mapping: Mapping[str, str] | None
    language: str
    codable: Sequence[str] | None
    skip_taken: bool


@dataclass(frozen=True)
class Guess:
    """An encoding that the file may be in, and how its beginning would then read."""

    name: str
    beginning: str


class UnreadableError(InvalidError):
    """The file is in an encoding that nobody declared: the person who uploads chooses, we never do."""

    def __init__(self, message: str, guesses: tuple[Guess, ...]) -> None:
        super().__init__(message)
        self.guesses = guesses


@dataclass(frozen=True)
class Imported:
    """What came in, and what was changed on the way: nothing is altered in silence."""

    articles: list[Article]
    changes: list[str]
    skipped: int = 0


def read_articles(request: Request, project: Project) -> list[Document]:
    """Read a file as documents, each with the language that holds for it; refusals are those of a service."""
    try:
        found = read(request.name, request.data, encoding=request.encoding, mapping=request.mapping)
    except EncodingError as error:
        guesses = tuple(Guess(name, preview(request.data, name)) for name in error.likely[:GUESSES])
        raise UnreadableError(f"Nothing was stored: {error}", guesses) from error
    except ReadError as error:
        raise InvalidError(f"Nothing was stored: {error}") from error
    return [_with_language(document, request.language, project.language) for document in found]


def import_or_start(*, member: Membership, request: Request) -> Imported | Job:
    """Import a short file whole; start a job for a long one. Raises `InvalidError`; then nothing is stored."""
    require(member, "import articles")
    if len(request.data) > SHORT_BYTES:
        return _start(member, request)
    documents, skipped = new_ones(member, read_articles(request, member.project), skip=request.skip_taken)
    check_importable(member=member, documents=documents)
    if len(documents) > SHORT_ARTICLES:
        return _start(member, request)
    items = [split_document(document, member.project) for document in documents]
    if sum(len(item.units) for item in items) > SHORT_UNITS:
        return _start(member, request)
    made = articles.store_articles(member=member, items=items, codable=request.codable, file_name=request.name)
    return Imported(made, changes_of(documents), skipped)


def new_ones(member: Membership, documents: Sequence[Document], *, skip: bool) -> tuple[Sequence[Document], int]:
    """Where asked, leave out the articles that are there already: the others, and how many were left out."""
    if not skip:
        return documents, 0
    taken = set(articles.taken_ids(member.project_id, {document.external_id for document in documents}))
    new = [document for document in documents if document.external_id not in taken]
    if documents and not new:
        raise InvalidError("Nothing was imported: every article of this file is in the project already.")
    return new, len(documents) - len(new)


def import_files(*, member: Membership, requests: Sequence[Request]) -> int:
    """Import files at once in this process, all of them or none, in the batches of a job; the number of articles."""
    job = jobs.run_here(member=member, kind=KIND, spec=_spec(member, requests))
    if job.state != Job.State.DONE:
        raise InvalidError(job.message, tuple(job.result.get("problems", ())))
    return int(job.result["articles"])


def changes_of(documents: Sequence[Document]) -> list[str]:
    return [f"{document.external_id}: {change}." for document in documents for change in document.changes]


def work(running: jobs.Running) -> None:
    """The job: read, then store in batches under one mark, then show all at once."""
    member, spec = running.job.member, _spec_of(running.job)
    many = len(spec["files"]) > 1
    files = [(request.name, _read_one(request, member, many)) for request in _requests(member, spec)]
    read = [document for _, found in files for document in found]
    documents, skipped = new_ones(member, read, skip=spec["skip_taken"])
    new = {document.external_id for document in documents}
    files = [(name, [document for document in found if document.external_id in new]) for name, found in files]
    check_importable(member=member, documents=documents)
    running.begin(len(documents))
    try:
        units = sum(_store(running, batch, name) for name, found in files for batch in _batches(found))
        with write():
            articles.publish(member=member, batch=UUID(spec["batch"]))
            plan_anew(Article, TextVersion, Unit)
            running.finish({"articles": len(documents), "units": units, "skipped": skipped, **_told(documents)})
    except IntegrityError as error:
        raise InvalidError(articles.TAKEN_MEANWHILE) from error


def _read_one(request: Request, member: Membership, many: bool) -> list[Document]:
    try:
        return read_articles(request, member.project)
    except InvalidError as error:
        if not many:
            raise
        raise InvalidError(f"{request.name}: {error}", error.problems) from error


def undo(job: Job) -> None:
    articles.discard(batch=UUID(_spec_of(job)["batch"]))


def ended(job: Job) -> None:
    for file in _spec_of(job)["files"]:
        uploads.forget(member=job.member, token=file["token"])


def _start(member: Membership, request: Request) -> Job:
    return jobs.start(member=member, kind=KIND, spec=_spec(member, [request]))


def _spec(member: Membership, requests: Sequence[Request]) -> Spec:
    first = requests[0]
    kept = [KeptFile(token=uploads.keep(member=member, name=r.name, data=r.data), name=r.name) for r in requests]
    return Spec(
        batch=str(uuid4()),
        files=kept,
        encoding=first.encoding,
        mapping=first.mapping,
        language=first.language,
        codable=first.codable,
        skip_taken=first.skip_taken,
    )


def _spec_of(job: Job) -> Spec:
    return cast(Spec, job.spec)


def _requests(member: Membership, spec: Spec) -> Iterator[Request]:
    for file in spec["files"]:
        kept = uploads.kept(member=member, token=file["token"])
        yield Request(
            kept.name,
            kept.data,
            encoding=spec["encoding"],
            mapping=spec["mapping"],
            language=spec["language"],
            codable=spec["codable"],
        )


def _with_language(document: Document, said: str, of_project: str) -> Document:
    """The language that the article names, else the one that was said, else our guess, else the project's."""
    named = document.metadata.get("language")
    if named and not (said and document.language_detected):
        return document
    return replace(document, metadata={**document.metadata, "language": said or of_project}, language_detected=False)


def _batches(documents: Sequence[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    characters = 0
    for document in documents:
        if batch and characters + len(document.text) > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
        batch.append(document)
        characters += len(document.text)
    if batch:
        yield batch


def _store(running: jobs.Running, documents: Sequence[Document], file_name: str) -> int:
    """Store a batch of articles; the number of their units."""
    member, spec = running.job.member, _spec_of(running.job)
    items = [split_document(document, member.project) for document in documents]
    with write():
        running.advance(len(documents))
        made = articles.insert_articles(
            member=member, items=items, codable=spec["codable"], file_name=file_name, batch=UUID(spec["batch"])
        )
        articles.insert_units(next(in_batches(made.units, BATCH_UNITS)))
    for rows in in_batches(made.units, BATCH_UNITS):
        with write():
            running.advance(0)
            articles.insert_units(rows)
    return sum(len(item.units) for item in items)


def _told(documents: Sequence[Document]) -> dict[str, object]:
    changes = changes_of(documents)
    return {
        "changes": changes[:MOST_CHANGES],
        "changed": len(changes),
        "to_review": sum(document.needs_review for document in documents),
        "languages": dict(Counter(str(document.metadata["language"]) for document in documents).most_common(20)),
        "encodings": sorted({document.encoding for document in documents if document.encoding}),
    }
