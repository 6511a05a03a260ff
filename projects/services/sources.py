"""The registry of sources: each save of it publishes the next version of the codebook."""

from collections.abc import Mapping, Sequence

from annotator.core.codebook import Json, problems
from annotator.core.codebook.editing import EditError
from annotator.core.codebook.registry import Actor, with_actors
from annotator.core.errors import ConflictError, InvalidError
from projects.models import CodebookVersion, Membership, Project
from projects.permissions import require
from projects.queries.codebooks import newest_draft, newest_published

from . import audit
from .codebooks import store_version
from .transaction import write


def publish_sources(
    *, member: Membership, base: int, variable: str, actors: Sequence[Actor], merges: Mapping[str, str]
) -> CodebookVersion:
    """Publish the newest version with these actors: edited, added (those without a key) and merged.

    `base` is the number of the version that was looked at. Raises ConflictError where another was published since or a
    draft would be overtaken, InvalidError where the actors can't be so. Without a change, that version is returned.
    """
    require(member, "import codebook")
    newest = _looked_at(member, base)
    document = _edited(newest, variable, actors, merges)
    if document == newest.document:
        return newest
    with write():
        # One at a time: the version that is looked up here stays the newest until the next is stored.
        Project.objects.select_for_update().get(pk=member.project_id)
        _looked_at(member, base)
        if draft := newest_draft(member.project_id):
            raise ConflictError(f"Draft {draft.number} would be overtaken: publish or discard it first.")
        made = store_version(member.project_id, document, draft=False)
        audit.record(member, "edit sources", {"number": made.number, "merged": dict(merges)})
    return made


def _looked_at(member: Membership, base: int) -> CodebookVersion:
    newest = newest_published(member.project_id)
    if newest.number != base:
        raise ConflictError(f"Version {newest.number} was published meanwhile. Open the page again.")
    return newest


def _edited(
    version: CodebookVersion, variable: str, actors: Sequence[Actor], merges: Mapping[str, str]
) -> dict[str, Json]:
    try:
        document = with_actors(version.document, variable, actors, merges)
    except EditError as error:
        raise InvalidError(str(error)) from error
    if found := problems(document):
        raise InvalidError("The sources were not saved.", tuple(str(problem) for problem in found))
    return document
