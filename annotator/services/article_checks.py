"""The dry run of an import: what would come in, how it was read, and what stands in the way. Nothing is stored."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotator.core.errors import InvalidError
from annotator.services import tables
from annotator.services.article_imports import Request, UnreadableError, changes_of, new_ones, read_articles
from annotator.services.row_problems import row_problems
from projects.models import Membership
from projects.permissions import require
from projects.readers import FIELDS, Document
from projects.services.articles import check_importable, is_codable, split_document, taken_ids

PREVIEWED = 5
# Of a long article no more is shown; all of it is stored.
PREVIEWED_UNITS = 60


@dataclass(frozen=True)
class PreviewedUnit:
    kind: str
    text: str
    codable: bool


@dataclass(frozen=True)
class Preview:
    document: Document
    language: str
    units: list[PreviewedUnit]
    more: int


@dataclass(frozen=True)
class Column:
    """A column of the file with the field that it is taken for (empty: kept as a column of one's own)."""

    name: str
    field: str
    cells: list[str]


@dataclass(frozen=True)
class Check:
    name: str
    columns: list[Column]
    refusal: InvalidError | None
    found: int = 0
    previews: Sequence[Preview] = ()
    encodings: Sequence[str] = ()
    languages: Sequence[tuple[str, int]] = ()
    """Code and number of articles, most frequent first."""
    changes: Sequence[str] = ()
    taken: int = 0
    """Articles whose ids the project has already."""


def check_articles(*, member: Membership, request: Request) -> Check:
    """Read the file as an import would. A refusal is part of the answer, beside what could be read."""
    require(member, "import articles")
    try:
        read = read_articles(request, member.project)
    except UnreadableError as error:
        return refused(request, error)
    except InvalidError as error:
        problems = row_problems(request)
        return refused(request, InvalidError(str(error), problems if len(problems) > 1 else ()))
    documents: Sequence[Document] = read
    try:
        documents, _ = new_ones(member, read, skip=request.skip_taken)
        check_importable(member=member, documents=documents)
        refusal = None
    except InvalidError as error:
        refusal = error
    return Check(
        name=request.name,
        columns=_columns(request),
        found=len(documents),
        previews=[_preview(member, document) for document in documents[:PREVIEWED]],
        encodings=sorted({document.encoding for document in documents if document.encoding}),
        languages=Counter(str(document.metadata["language"]) for document in documents).most_common(),
        changes=changes_of(documents),
        taken=len(taken_ids(member.project_id, {document.external_id for document in read})),
        refusal=refusal,
    )


def refused(request: Request, error: InvalidError) -> Check:
    """What can be said of a file that can't come in as it is: its columns, if it has any, for mapping them."""
    return Check(name=request.name, columns=_columns(request), refusal=error)


def with_likely_mapping(member: Membership, request: Request) -> dict[str, str] | None:
    """What the columns of the file probably are, where nobody has said it yet."""
    table = tables.peek(request.name, request.data, request.encoding)
    return tables.likely_mapping(table.columns, member.project.column_mapping) if table else None


def _preview(member: Membership, document: Document) -> Preview:
    offered = member.project.codable_kinds or None
    item = split_document(document, member.project)
    shown = [PreviewedUnit(u.kind, u.text, is_codable(u.kind, offered)) for u in item.units[:PREVIEWED_UNITS]]
    return Preview(document, item.language, shown, max(0, len(item.units) - PREVIEWED_UNITS))


def _columns(request: Request) -> list[Column]:
    table = tables.peek(request.name, request.data, request.encoding)
    if table is None:
        return []
    mapping = request.mapping or {}
    return [Column(name, _field(name, mapping), _cells(table.rows, at)) for at, name in enumerate(table.columns)]


def _field(column: str, mapping: Mapping[str, str]) -> str:
    field = mapping.get(column, column)
    return field if field in FIELDS else ""


def _cells(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    return [row[at] if at < len(row) else "" for row in rows]
