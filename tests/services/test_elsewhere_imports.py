"""Files of other tools come in whole or not at all, as articles, members, questions and labels that can be used."""

import pytest

from annotator.core.annotated import Plan
from annotator.models import Label
from annotator.services.elsewhere_reviews import Export, proposed_plan, read_export, storable
from annotator.services.elsewhere_storing import Brought, store
from annotator.services.rebuild import check_labels
from projects.models import Article, Membership, Round
from projects.readers.annotated import read_here
from tests import annotated_files as files
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child process is tested by the page; here it would cost half a second a test."""
    monkeypatch.setattr("projects.readers.contained.read_annotated", read_here)
    monkeypatch.setattr("projects.readers.contained.likely_languages", lambda samples: [""] * len(samples))


def exported(lead: Membership, sample: files.Sample) -> Export:
    return read_export(member=lead, name=sample.name, data=sample.data)


def brought(lead: Membership, sample: files.Sample, plan: Plan | None = None) -> Brought:
    export = exported(lead, sample)
    found = storable(member=lead, export=export, plan=plan or proposed_plan(member=lead, export=export))
    return store(member=lead, review=found)


def stored_marks(target: Round) -> list[tuple[str, str, str]]:
    labels = Label.objects.filter(round=target).select_related("assignment__member").order_by("pk")
    return [
        (label.assignment.member.pseudonym, span["quote"], span["value"])
        for label in labels
        for span in (label.value if isinstance(label.value, list) else [])
    ]


@pytest.mark.parametrize("tool", files.SAMPLES)
def test_every_mark_of_every_tool_is_stored_in_the_sentence_where_it_stood(tool: str) -> None:
    lead, sample = make.project(), files.SAMPLES[tool]()
    done = brought(lead, sample)
    for annotator in sample.annotators:
        assert [mark[1:] for mark in stored_marks(done.round) if mark[0] == annotator][:2] == list(files.MARKS)
    article = Article.objects.get(project=lead.project)
    assert (article.external_id, article.text_versions.get().text) == (sample.id, files.TEXT)
    assert done.round.closed_at
    assert not done.round.blind
    assert not list(check_labels())
