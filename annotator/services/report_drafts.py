"""From the report and the notes into the next version of the codebook: counter-examples, edge rules, values to merge.

The draft is begun where there is none; nothing is published. Raises InvalidError where the draft lacks the entry, and
ConflictError where somebody edits it right now.
"""

from collections.abc import Sequence

from annotator.core.codebook.editing import Document, Identity
from annotator.core.codebook.examples import add_counter_example, add_edge_rule
from annotator.core.codebook.finding import place_of
from annotator.core.codebook.replacing import merge_entry
from projects.models import CodebookVersion, Membership, Unit
from projects.permissions import require
from projects.queries.codebooks import newest_draft
from projects.services.codebook_drafts import Edit, save_draft, start_draft


def note_counter_example(*, member: Membership, unit: Unit, key: str, value: str) -> CodebookVersion:
    """Write a unit's words among the counter-examples of a value, without `value` of the question itself.

    `key` names a variable or a part of an attribution ("x.source").
    """
    require(member, "import codebook")
    words = unit.text_version.text[unit.start : unit.end]
    return _edited(member, lambda document, _published: add_counter_example(document, key, value, words))


def note_edge_rule(*, member: Membership, key: str, value: str, rule: str) -> CodebookVersion:
    """Write a rule among the edge rules of a value, without `value` of the question itself."""
    require(member, "import codebook")
    return _edited(member, lambda document, _published: add_edge_rule(document, key, value, rule))


def draft_merge(*, member: Membership, key: str, values: Sequence[str]) -> tuple[CodebookVersion, int]:
    """Merge values into the first of them. The answer is the draft and the place of the question in it."""
    require(member, "import codebook")
    into, *others = values

    def merged(document: Document, published: frozenset[Identity]) -> Document:
        for value in others:
            document = merge_entry(document, place_of(document, key, value), into, published)
        return document

    version = _edited(member, merged)
    return version, int(place_of(version.document, key, into)[1])


def _edited(member: Membership, edit: Edit) -> CodebookVersion:
    draft = newest_draft(member.project_id) or start_draft(member=member)
    return save_draft(member=member, number=draft.number, base=draft.document_sha256, edit=edit)
