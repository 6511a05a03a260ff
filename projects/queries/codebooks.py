"""Codebooks as parsed documents. Published versions never change, so each process parses each once."""

from functools import lru_cache

from django.db.models import Count, Q, QuerySet

from annotator.core.codebook import Codebook, parse
from annotator.core.codebook.editing import Identity, identities
from annotator.core.errors import NotFoundError
from projects.models import CodebookVersion, Round


@lru_cache(maxsize=64)
def codebook(version_id: int) -> Codebook:
    """The codebook of a published version."""
    version = CodebookVersion.objects.get(pk=version_id, state=CodebookVersion.State.PUBLISHED)
    return parse(version.document)


def newest_published(project_id: int) -> CodebookVersion:
    found = newest_published_or_none(project_id)
    if found is None:
        raise NotFoundError("This project has no published codebook yet.")
    return found


def newest_published_or_none(project_id: int) -> CodebookVersion | None:
    return CodebookVersion.objects.filter(project_id=project_id, state=CodebookVersion.State.PUBLISHED).first()


def versions(project_id: int, *, drafts: bool) -> QuerySet[CodebookVersion]:
    """All versions, newest first; `used` counts the rounds of each, but for those in the trash."""
    used = Count("rounds", filter=Q(rounds__deleted_at=None))
    found = CodebookVersion.objects.filter(project_id=project_id).annotate(used=used).order_by("-number")
    return found if drafts else found.filter(state=CodebookVersion.State.PUBLISHED)


def rounds_before(version: CodebookVersion) -> QuerySet[Round]:
    """The rounds that use an earlier version, in the order in which they were opened."""
    rounds = Round.objects.filter(project=version.project_id, codebook_version__number__lt=version.number)
    return rounds.select_related("codebook_version").defer("codebook_version__document").order_by("pk")


def published_entries(project_id: int) -> frozenset[Identity]:
    """Every question and value that stands in any published version: labels may hang on them."""
    published = CodebookVersion.objects.filter(project_id=project_id, state=CodebookVersion.State.PUBLISHED)
    return frozenset(entry for version in published for entry in identities(version.document))


def newest_draft(project_id: int) -> CodebookVersion | None:
    """The draft of the next version; one that a published version has overtaken is none."""
    newest = CodebookVersion.objects.filter(project_id=project_id).first()
    return newest if newest and newest.state == CodebookVersion.State.DRAFT else None
