"""Drafts of a codebook: begun, edited by several people without losing an edit, given up."""

import json
from collections.abc import Callable

from django.conf import settings

from annotator.core.codebook import Json, document_hash, load, unstorable
from annotator.core.codebook.document import MAX_BYTES
from annotator.core.codebook.editing import EditError, Identity
from annotator.core.errors import ConflictError, InvalidError, NotFoundError
from projects.models import CodebookVersion, Membership
from projects.permissions import require
from projects.queries.codebooks import newest_published_or_none, published_entries

from . import audit
from .codebooks import READY, locked_draft, store_version
from .transaction import write

Document = dict[str, Json]
# From a document and what is published to the document as it shall be.
Edit = Callable[[Document, frozenset[Identity]], Document]


def start_draft(*, member: Membership) -> CodebookVersion:
    """Begin the next version: a copy of the newest published one, else five questions to start from."""
    require(member, "import codebook")
    newest = newest_published_or_none(member.project_id)
    document = newest.document if newest else load((settings.BASE_DIR / READY["short"]).read_bytes())
    with write():
        version = store_version(member.project_id, document, draft=True)
        audit.record(member, "start codebook draft", {"number": version.number})
    return version


def save_draft(*, member: Membership, number: int, base: str, edit: Edit) -> CodebookVersion:
    """Change a draft that still is what the editor saw: `base` is the hash of that document.

    A draft need not be a codebook yet. Raises ConflictError where somebody else changed it meanwhile, InvalidError
    where the edit can't be made or stored.
    """
    require(member, "import codebook")
    published = published_entries(member.project_id)
    with write():
        version = _draft(member, number)
        if version.document_sha256 != base:
            raise ConflictError("Somebody else, or another tab of yours, has changed this draft meanwhile.")
        document = _checked_edit(edit, version.document, published)
        version.document, version.document_sha256 = document, document_hash(document)
        version.save(update_fields=["document", "document_sha256"])
    return version


def discard_draft(*, member: Membership, number: int) -> None:
    """Give a draft up for good. Nothing hangs on a draft, and the published versions stay; the audit names its hash."""
    require(member, "import codebook")
    with write():
        version = _draft(member, number)
        audit.record(member, "discard codebook draft", {"number": number, "sha256": version.document_sha256})
        version.delete()


def _draft(member: Membership, number: int) -> CodebookVersion:
    version = locked_draft(member.project_id, number)
    if version is None:
        raise NotFoundError("There is no such draft. It may have been published or discarded meanwhile.")
    return version


def _checked_edit(edit: Edit, document: Document, published: frozenset[Identity]) -> Document:
    try:
        edited = edit(document, published)
    except EditError as error:
        raise InvalidError(str(error)) from error
    wrong = unstorable(edited)
    if wrong:
        raise InvalidError("The draft was not saved.", tuple(str(problem) for problem in wrong))
    if len(json.dumps(edited)) > MAX_BYTES:
        raise InvalidError(f"The draft was not saved: a codebook may have {MAX_BYTES:,} bytes at most.")
    return edited
