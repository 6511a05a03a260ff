from django.db.models import Max
from django.utils import timezone

from annotator.core.codebook import CodebookError, Document, document_hash, load, parse
from annotator.core.errors import InvalidError
from projects.models import CodebookVersion, Membership
from projects.permissions import require

from . import audit
from .transaction import write


def import_codebook(*, member: Membership, data: bytes, draft: bool = False) -> CodebookVersion:
    """Check a codebook document and store it as the next version, published unless it is a draft.

    Raises InvalidError with one problem a line when anything in the document can't be taken.
    """
    require(member, "import codebook")
    document = checked_document(data)
    with write():
        version = _store(member.project_id, document, draft=draft)
        audit.record(member, "import codebook", {"number": version.number, "state": version.state})
    return version


def checked_document(data: bytes) -> Document:
    try:
        document = load(data)
        parse(document)
    except CodebookError as error:
        problems = tuple(f"{p.where}: {p.message}" if p.where else p.message for p in error.problems)
        raise InvalidError("This codebook was not imported.", problems) from error
    return document


def _store(project_id: int, document: Document, *, draft: bool) -> CodebookVersion:
    last = CodebookVersion.objects.filter(project_id=project_id).aggregate(last=Max("number"))["last"] or 0
    state = CodebookVersion.State.DRAFT if draft else CodebookVersion.State.PUBLISHED
    return CodebookVersion.objects.create(
        project_id=project_id,
        number=last + 1,
        state=state,
        document=document,
        document_sha256=document_hash(document),
        published_at=None if draft else timezone.now(),
    )
