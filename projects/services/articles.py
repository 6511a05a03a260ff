"""Articles in: documents that a reader made, split into units, stored whole or not at all."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from django.db import IntegrityError

from annotator.core import sentences
from annotator.core.errors import InvalidError
from projects.models import Article, Membership, TextVersion, Unit
from projects.permissions import require
from projects.readers import Document
from projects.readers.base import METADATA

from . import audit
from .transaction import write

# Shown to the annotator, but not offered for labelling unless the project says so.
NOT_CODABLE = frozenset({"byline", "date", "credit", "promo", "correction", "boilerplate"})
ALL_KINDS = "all"


@dataclass(frozen=True)
class SplitDocument:
    document: Document
    units: Sequence[sentences.Unit]
    proof: sentences.Proof


def split_documents(documents: Sequence[Document]) -> list[SplitDocument]:
    """Split and prove, before anything is stored."""
    result = []
    for document in documents:
        language = str(document.metadata.get("language", "en"))
        units = sentences.split(document.text, language)
        result.append(SplitDocument(document, units, sentences.prove(document.text, units)))
    return result


def import_articles(
    *,
    member: Membership,
    documents: Sequence[Document],
    codable: Collection[str] | None = None,
    file_name: str = "",
) -> list[Article]:
    """Store the documents as articles of the member's project, all of them or none.

    `codable` names the kinds of unit offered for labelling ("all" for every kind); without it the project's choice
    holds, else every kind but `NOT_CODABLE`.
    """
    require(member, "import articles")
    if not documents:
        raise InvalidError("There is no article in this file.")
    _refuse_taken(member.project_id, documents)
    ready = split_documents(documents)
    offered = codable or member.project.codable_kinds or None
    try:
        with write():
            articles = [_store(member.project_id, item, offered, file_name) for item in ready]
            audit.record(member, "import articles", {"articles": [a.external_id for a in articles][:100]})
    except IntegrityError as error:
        raise InvalidError("Nothing was imported: an article with one of these ids came in meanwhile.") from error
    return articles


def _refuse_taken(project_id: int, documents: Sequence[Document]) -> None:
    ids = [document.external_id for document in documents]
    taken = set(
        Article.objects.filter(project_id=project_id, external_id__in=ids).values_list("external_id", flat=True)
    )
    twice = {i for i in ids if ids.count(i) > 1} if len(set(ids)) < len(ids) else set()
    problems = [f"{i}: an article with this id is in the project already." for i in sorted(taken)]
    problems += [f"{i}: this id occurs twice in the file." for i in sorted(twice)]
    if problems:
        raise InvalidError("Nothing was imported. Give each article an id of its own.", tuple(problems))


def _store(project_id: int, item: SplitDocument, offered: Collection[str] | None, file_name: str) -> Article:
    document = item.document
    own = dict(document.metadata)
    known = {name: str(own.pop(name)) for name in METADATA if name in own}
    article = Article.objects.create(
        project_id=project_id,
        external_id=document.external_id,
        title=document.title,
        **known,
        metadata=own,
        file_name=file_name[:255],
        file_sha256=document.source_sha256,
        encoding=document.encoding,
    )
    splitter, _, splitter_version = sentences.SPLITTER.rpartition(" ")
    version = TextVersion.objects.create(
        article=article,
        text=document.text,
        sha256=hashlib.sha256(document.text.encode()).hexdigest(),
        splitter=splitter,
        splitter_version=splitter_version,
        changes={change.kind: change.count for change in document.changes},
        proof=asdict(item.proof),
    )
    Unit.objects.bulk_create(_units(version, item, offered), batch_size=500)
    return article


def _units(version: TextVersion, item: SplitDocument, offered: Collection[str] | None) -> list[Unit]:
    body = item.document.text
    units = [Unit(text_version=version, index=0, kind="article", start=0, end=len(body), codable=True)]
    end = 0
    for index, unit in enumerate(item.units, start=1):
        units.append(
            Unit(
                text_version=version,
                index=index,
                kind=unit.kind,
                start=unit.start,
                end=unit.end,
                codable=is_codable(unit.kind, offered),
                new_line="\n" in body[end : unit.start] or index == 1,
                why=list(unit.why),
            )
        )
        end = unit.end
    return units


def is_codable(kind: str, offered: Collection[str] | None) -> bool:
    if offered is None:
        return kind not in NOT_CODABLE
    return ALL_KINDS in offered or kind in offered
