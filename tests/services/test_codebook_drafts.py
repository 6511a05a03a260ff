"""Drafts of a codebook: many may write one, nobody loses an edit, and nothing published is touched."""

import json
import threading

import pytest
from django.db import connection

from annotator.core.codebook.editing import Document, add_entry, remove_entry, set_fields
from annotator.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from projects.models import AuditEntry, CodebookVersion, Membership, Role
from projects.queries.codebooks import newest_draft, newest_published
from projects.services.codebook_drafts import Edit, discard_draft, save_draft, start_draft
from projects.services.codebooks import READY, import_codebook, publish_draft, take_ready_codebook
from tests import make

pytestmark = pytest.mark.django_db


def titled(title: str) -> Edit:
    return lambda document, _published: set_fields(document, (), {"title": title})


def save(member: Membership, draft: CodebookVersion, edit: Edit, base: str = "") -> CodebookVersion:
    return save_draft(member=member, number=draft.number, base=base or draft.document_sha256, edit=edit)


def test_a_draft_begins_as_the_newest_published_version_and_may_be_wrong_until_it_is_published() -> None:
    lead = make.project()
    published = make.codebook(lead)
    draft = start_draft(member=lead)
    assert draft.document == published.document
    broken = save(lead, draft, titled(""))
    with pytest.raises(InvalidError) as refused:
        publish_draft(member=lead, number=draft.number)
    assert refused.value.problems == ("title: the title is empty",)
    save(lead, broken, titled("Second"))
    publish_draft(member=lead, number=draft.number)
    assert newest_published(lead.project_id).document["title"] == "Second"
    published.refresh_from_db()
    assert published.document["title"] == make.CODEBOOK["title"]


def test_a_draft_without_a_version_before_it_has_five_questions() -> None:
    lead = make.project()
    draft = start_draft(member=lead)
    assert len(draft.document["variables"]) == 5
    publish_draft(member=lead, number=draft.number)


def test_an_edit_of_what_somebody_else_has_changed_is_a_conflict() -> None:
    lead = make.project()
    draft = start_draft(member=lead)
    saved = save(lead, draft, titled("One"))
    with pytest.raises(ConflictError):
        save(lead, draft, titled("Two"))
    assert save(lead, saved, titled("Three")).document["title"] == "Three"


@pytest.mark.django_db(transaction=True)
def test_of_edits_at_once_one_is_saved_and_the_others_are_told() -> None:
    lead, together, told = make.project(), threading.Barrier(4), []
    draft = start_draft(member=lead)

    def edit(number: int) -> None:
        together.wait()
        try:
            save(lead, draft, titled(f"Title {number}"))
        except ConflictError:
            told.append(number)
        finally:
            connection.close()

    editors = [threading.Thread(target=edit, args=(number,)) for number in range(4)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    title = CodebookVersion.objects.get(pk=draft.pk).document["title"]
    assert sorted([*told, int(title[-1])]) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (titled("a\0b"), "title"),
        (lambda document, _published: add_entry(document, ("variables",), "x" * 201), "at most; this one has 201"),
        (titled("\ud800"), "title"),
        (titled("x" * 6_000_000), "5,242,880 bytes"),
        (lambda document, published: remove_entry(document, ("variables", 99), published), "no such entry"),
    ],
)
def test_what_cannot_be_kept_is_refused(edit: Edit, told: str) -> None:
    lead = make.project()
    draft = start_draft(member=lead)
    with pytest.raises(InvalidError) as refused:
        save(lead, draft, edit)
    assert told in f"{refused.value} {refused.value.problems}"
    draft.refresh_from_db()
    assert draft.document["title"] == "Five short questions"


def test_a_value_of_any_published_version_is_retired_even_where_the_newest_lacks_it() -> None:
    lead = make.project()
    make.codebook(lead)

    def without(document: Document) -> Document:
        return remove_entry(document, ("variables", 1, "values", 0), frozenset())

    newest = import_codebook(member=lead, data=json.dumps(without(make.CODEBOOK)).encode(), draft=True)
    publish_draft(member=lead, number=newest.number)
    draft = import_codebook(member=lead, data=json.dumps(make.CODEBOOK).encode(), draft=True)
    saved = save(lead, draft, lambda d, published: remove_entry(d, ("variables", 1, "values", 0), published))
    assert saved.document["variables"][1]["values"][0]["retired"] is True


def test_a_discarded_draft_is_gone_and_named_in_the_audit_and_a_published_version_cannot_be() -> None:
    lead = make.project()
    make.codebook(lead)
    draft = start_draft(member=lead)
    discard_draft(member=lead, number=draft.number)
    assert not CodebookVersion.objects.filter(pk=draft.pk).exists()
    assert AuditEntry.objects.get(act="discard codebook draft").detail["sha256"] == draft.document_sha256
    for act in (discard_draft, lambda **k: save_draft(base=draft.document_sha256, edit=titled("No"), **k)):
        with pytest.raises(NotFoundError):
            act(member=lead, number=1)
    assert newest_published(lead.project_id).number == 1


def test_a_draft_that_a_newer_version_has_overtaken_is_not_published() -> None:
    lead = make.project()
    draft = start_draft(member=lead)
    assert newest_draft(lead.project_id) == draft
    make.codebook(lead)
    assert newest_draft(lead.project_id) is None
    with pytest.raises(InvalidError, match="would stay the newest"):
        publish_draft(member=lead, number=draft.number)


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.ADJUDICATOR, Role.VIEWER])
def test_only_leads_write(role: str) -> None:
    lead = make.project()
    draft, other = start_draft(member=lead), make.member(lead.project, role)
    for act in (
        lambda: start_draft(member=other),
        lambda: save(other, draft, titled("Mine")),
        lambda: discard_draft(member=other, number=draft.number),
    ):
        with pytest.raises(NotAllowedError):
            act()
    with pytest.raises(NotFoundError):
        save(make.project(), draft, titled("Mine"))


@pytest.mark.parametrize("name", READY)
def test_each_ready_codebook_can_be_taken(name: str) -> None:
    assert take_ready_codebook(member=make.project(), name=name).state == "published"
