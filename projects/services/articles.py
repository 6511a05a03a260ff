"""Articles in: documents that a reader made, split into units, stored whole or not at all."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from annotator.core import sentences
from annotator.core.errors import InvalidError
from projects.models import Article, Membership, Project, TextVersion, Unit
from projects.permissions import require
from projects.readers import Document
from projects.readers.base import METADATA

from . import audit
from .bulk import ROWS_AT_ONCE, in_batches, insert_rows
from .transaction import write

# Shown to the annotator, but not offered for labelling unless the project says so.
NOT_CODABLE = frozenset({"byline", "date", "credit", "promo", "correction", "boilerplate"})
ALL_KINDS = "all"
TAKEN_MEANWHILE = "Nothing was imported: an article with one of these ids came in meanwhile."


@dataclass(frozen=True, slots=True)
class SplitDocument:
    document: Document
    language: str
    units: Sequence[sentences.Unit]
    proof: sentences.Proof
    options: sentences.SplitOptions


def split_document(document: Document, project: Project) -> SplitDocument:
    """Split as the project asks, and prove, before anything is stored."""
    own = str(document.metadata.get("language") or project.language)
    options = options_of(project)
    units = sentences.split(document.text, own, options=options)
    return SplitDocument(document, own, units, sentences.prove(document.text, units), options)


def options_of(project: Project) -> sentences.SplitOptions:
    """What the project asks of the splitter."""
    return _options(json.dumps(project.split_options))


@lru_cache(maxsize=50)
def _options(document: str) -> sentences.SplitOptions:
    """Kept for the thousands of articles of an import."""
    return sentences.options_from(json.loads(document))


def import_articles(
    *,
    member: Membership,
    documents: Sequence[Document],
    codable: Collection[str] | None = None,
    file_name: str = "",
) -> list[Article]:
    """Store the documents as articles of the member's project, all of them or none, in one transaction.

    `codable` names the kinds of unit offered for labelling ("all" for every kind); without it the project's choice
    holds, else every kind but `NOT_CODABLE`. Many articles are for `annotator.services.article_imports`.
    """
    check_importable(member=member, documents=documents)
    items = [split_document(document, member.project) for document in documents]
    return store_articles(member=member, items=items, codable=codable, file_name=file_name)


def store_articles(
    *, member: Membership, items: Sequence[SplitDocument], codable: Collection[str] | None = None, file_name: str = ""
) -> list[Article]:
    """Store articles that were checked and split."""
    require(member, "import articles")
    try:
        with write():
            made = insert_articles(member=member, items=items, codable=codable, file_name=file_name)
            insert_units(made.units)
            record_import(member, [article.external_id for article in made.articles])
    except IntegrityError as error:
        raise InvalidError(TAKEN_MEANWHILE) from error
    return made.articles


def check_importable(*, member: Membership, documents: Sequence[Document]) -> None:
    """Refuse what can't come in whole: no article, an id that is there twice, or in the project already."""
    require(member, "import articles")
    if not documents:
        raise InvalidError("There is no article in this file.")
    counted = Counter(document.external_id for document in documents)
    taken = taken_ids(member.project_id, counted)
    problems = [f"{i}: an article with this id is in the project already." for i in taken]
    problems += [f"{i}: this id occurs twice in the file." for i, times in sorted(counted.items()) if times > 1]
    if problems:
        raise InvalidError("Nothing was imported. Give each article an id of its own.", tuple(problems))


def taken_ids(project_id: int, ids: Iterable[str]) -> list[str]:
    """Those of the ids that articles of the project have, of an import that still runs too."""
    of_project = Article.with_pending.filter(project_id=project_id)
    return sorted(
        taken
        for some in in_batches(iter(ids))
        for taken in of_project.filter(external_id__in=some).values_list("external_id", flat=True)
    )


UNIT_COLUMNS = ("text_version_id", "index", "kind", "start", "end", "codable", "new_line", "why")
UnitRow = tuple[int, int, str, int, int, bool, bool, str]
"""A row of the table of units, `why` as JSON."""


@dataclass(frozen=True)
class Inserted:
    articles: list[Article]
    units: Iterator[UnitRow]
    """Not stored yet: a long article has too many for one transaction."""


def insert_articles(
    *,
    member: Membership,
    items: Sequence[SplitDocument],
    codable: Collection[str] | None = None,
    file_name: str = "",
    batch: UUID | None = None,
) -> Inserted:
    """Store articles and their texts inside the caller's transaction. Nobody sees a `batch` until it is published."""
    offered = codable or member.project.codable_kinds or None
    articles = Article.objects.bulk_create([_article(member.project_id, item, file_name, batch) for item in items])
    pairs = list(zip(articles, items, strict=True))
    versions = TextVersion.objects.bulk_create([_version(article, item, batch, offered) for article, item in pairs])
    stored = zip(versions, items, strict=True)
    return Inserted(articles, (row for version, item in stored for row in unit_rows(version, item.units, offered)))


def publish(*, member: Membership, batch: UUID) -> int:
    """Show the articles of a batch, inside the caller's transaction; their number."""
    require(member, "import articles")
    pending = Article.with_pending.filter(pending_import=batch)
    ids = list(pending.values_list("external_id", flat=True)[:100])
    TextVersion.objects.filter(article__pending_import=batch).update(pending=None)
    number = pending.update(pending_import=None)
    record_import(member, ids, number)
    return number


def discard(*, batch: UUID) -> None:
    """Clear away what an import left that did not come to its end: a few articles a transaction."""
    pending = Article.with_pending.filter(pending_import=batch)
    while ids := list(pending.values_list("pk", flat=True)[:50]):
        units = Unit.objects.filter(text_version__article__in=ids)
        while some := list(units.values_list("pk", flat=True)[: ROWS_AT_ONCE * 2]):
            with write():
                Unit.objects.filter(pk__in=some).delete()
        with write():
            TextVersion.objects.filter(article__in=ids).delete()
            Article.with_pending.filter(pk__in=ids).delete()


def record_import(member: Membership, ids: Sequence[str], number: int | None = None) -> None:
    audit.record(member, "import articles", {"articles": list(ids[:100]), "number": number or len(ids)})


def locked_articles(ids: Collection[int]) -> dict[int, Article]:
    """Articles as they stand, locked until the caller's transaction ends.

    Whoever draws, mends, splits, links, drops or holds one of them takes this lock first, and so waits for the others.
    """
    return {article.pk: article for article in Article.objects.select_for_update().filter(pk__in=ids).order_by("pk")}


def _article(project_id: int, item: SplitDocument, file_name: str, batch: UUID | None) -> Article:
    document = item.document
    own = dict(document.metadata)
    known = {name: str(own.pop(name)) for name in METADATA if name in own}
    return Article(
        project_id=project_id,
        external_id=document.external_id,
        title=document.title,
        **known | {"language": item.language},
        metadata=own,
        file_name=file_name[:255],
        file_sha256=document.source_sha256,
        encoding=document.encoding,
        review_wanted_at=timezone.now() if document.needs_review else None,
        pending_import=batch,
    )


def _version(article: Article, item: SplitDocument, batch: UUID | None, offered: Collection[str] | None) -> TextVersion:
    document = item.document
    return TextVersion(
        article=article,
        text=document.text,
        sha256=hashlib.sha256(document.text.encode()).hexdigest(),
        changes={change.kind: change.count for change in document.changes},
        pending=True if batch else None,
        **split_record(item.options, offered, item.proof),
    )


def split_record(
    options: sentences.SplitOptions, offered: Collection[str] | None, proof: sentences.Proof
) -> dict[str, object]:
    """How a text was split, as columns of its version: enough to split it again and get the same units."""
    splitter, _, version = sentences.SPLITTER.rpartition(" ")
    asked = sentences.written(options) | ({"codable_kinds": list(offered)} if offered else {})
    return {"splitter": splitter, "splitter_version": version, "options": asked or None, "proof": asdict(proof)}


def unit_rows(
    version: TextVersion, units: Sequence[sentences.Unit], offered: Collection[str] | None
) -> Iterator[UnitRow]:
    """The units of a text version that is stored, the whole article first."""
    yield version.pk, 0, "article", 0, len(version.text), True, True, "[]"
    codable = {kind: is_codable(kind, offered) for kind in sentences.KINDS}
    end = 0
    for index, unit in enumerate(units, start=1):
        new_line = index == 1 or "\n" in version.text[end : unit.start]
        why = json.dumps(unit.why) if unit.why else "[]"
        yield version.pk, index, unit.kind, unit.start, unit.end, codable[unit.kind], new_line, why
        end = unit.end


def insert_units(rows: Iterable[UnitRow]) -> None:
    """Store units inside the caller's transaction."""
    insert_rows(Unit, UNIT_COLUMNS, rows)


def is_codable(kind: str, offered: Collection[str] | None) -> bool:
    if offered is None:
        return kind not in NOT_CODABLE
    return ALL_KINDS in offered or kind in offered
