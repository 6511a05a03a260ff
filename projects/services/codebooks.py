from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from annotator.core.codebook import Codebook, CodebookError, Json, document_hash, load, parse, problems
from annotator.core.errors import InvalidError
from projects.models import CodebookVersion, Membership, Project
from projects.permissions import require
from projects.queries.codebooks import newest_published_or_none

from . import audit
from .transaction import write

# The codebooks that come with the product, by the names that a form may choose.
READY = {
    "conflict": "fixtures/codebook_conflict_news.json",
    "stance": "fixtures/codebook_stance.json",
    "short": "fixtures/codebook_short.json",
}


def import_codebook(*, member: Membership, data: bytes, draft: bool = False) -> CodebookVersion:
    """Check a codebook document and store it as the next version, published unless it is a draft.

    Raises InvalidError with one problem a line when anything in the document can't be taken.
    """
    require(member, "import codebook")
    document = checked_document(data)
    with write():
        version = store_version(member.project_id, document, draft=draft)
        audit.record(member, "import codebook", {"number": version.number, "state": version.state})
    return version


def publish_draft(*, member: Membership, number: int) -> CodebookVersion:
    """Publish a draft for ever.

    Raises InvalidError where there is no draft of this number any more, where a newer version is published already, or
    with one problem a line where the draft is no codebook yet.
    """
    require(member, "import codebook")
    with write():
        version = locked_draft(member.project_id, number)
        if version is None:
            raise InvalidError("There is no such draft. It may have been published meanwhile.")
        _check_publishable(version)
        version.state, version.published_at = CodebookVersion.State.PUBLISHED, timezone.now()
        version.save(update_fields=["state", "published_at"])
        audit.record(member, "publish codebook", {"number": version.number})
    return version


def locked_draft(project_id: int, number: int) -> CodebookVersion | None:
    """The draft of this number, locked inside the caller's transaction."""
    drafts = CodebookVersion.objects.filter(project_id=project_id, state=CodebookVersion.State.DRAFT)
    return drafts.filter(number=number).select_for_update().first()


def take_ready_codebook(*, member: Membership, name: str = "conflict") -> CodebookVersion:
    """Publish one of the codebooks that come with the product."""
    if name not in READY:
        raise InvalidError("There is no such ready codebook.")
    return import_codebook(member=member, data=(settings.BASE_DIR / READY[name]).read_bytes())


def check_codebook(*, member: Membership, data: bytes) -> Codebook:
    """What the document would become; nothing is stored."""
    require(member, "import codebook")
    return parse(checked_document(data))


def checked_document(data: bytes) -> dict[str, Json]:
    try:
        document = load(data)
        parse(document)
    except CodebookError as error:
        problems = tuple(str(problem) for problem in error.problems)
        raise InvalidError("This codebook was not imported.", problems) from error
    return document


def _check_publishable(version: CodebookVersion) -> None:
    found = problems(version.document)
    if found:
        raise InvalidError("This draft was not published.", tuple(str(problem) for problem in found))
    newer = newest_published_or_none(version.project_id)
    if newer and newer.number > version.number:
        raise InvalidError(
            f"Version {newer.number} was published after this draft was begun and would stay the newest. "
            "Discard the draft, or import its document as the next version."
        )


def store_version(project_id: int, document: dict[str, Json], *, draft: bool) -> CodebookVersion:
    # One at a time: two imports at once would get the same number.
    Project.objects.select_for_update().get(pk=project_id)
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
