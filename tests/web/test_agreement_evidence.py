"""From a cell of the matrix to its sentences, and from a sentence to a note, a counter-example or the queue."""

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from annotator.models import Note, QueuedUnit
from annotator.queries.notes import own_threads, visible_notes
from projects.models import CodebookVersion, Membership, Role
from projects.services.rounds import set_closed
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


@pytest.fixture
def study() -> make.Study:
    """Of five units two hold the cell for | against, one of them twice; nobody differs on the first."""
    made = make.study()
    given = [("for",) * 3, ("for", "against", "for"), ("for", "neutral", None), ("against", "for", None)]
    for unit, answers in zip(made.units(), given, strict=False):
        for number, value in enumerate(answers):
            if value:
                make.label(made.assignment(number), unit, "stance", value)
    return made


def client_of(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def sentences(study: make.Study, member: Membership | None = None, **asked: str) -> HttpResponse:
    where = f"/p/{study.slug}/agreement/sentences/"
    return client_of(member or study.lead).get(where, {"variable": "stance", **asked})


def act(study: make.Study, member: Membership | None = None, **sent: object) -> HttpResponse:
    fields = {"round": study.round.pk, "variable": "stance", "unit": study.units()[1].pk, **sent}
    url = f"/p/{study.slug}/agreement/act/"
    return client_of(member or study.lead).post(url, fields, headers={"HX-Request": "true"})


def test_a_cell_opens_its_sentences_in_context_with_every_label(study: make.Study) -> None:
    shown = sentences(study, first="for", second="against").content.decode()
    assert "3 pairs" in shown
    assert "in 2 units" in shown
    first, second, third = (study.articles[0].text_versions.get().text[u.start : u.end] for u in study.units()[:3])
    for words in (first, second, third):
        assert words in shown
    assert shown.count('class="unit here"') == 2
    assert shown.count('<span class="letter">') == 5


def test_the_report_links_each_cell_and_htmx_gets_the_part_alone(study: make.Study) -> None:
    report = client_of(study.lead).get(f"/p/{study.slug}/agreement/?variable=stance").content.decode()
    assert "first=for&amp;second=against" in report
    url = f"/p/{study.slug}/agreement/sentences/?variable=stance&first=for&second=for"
    part = client_of(study.lead).get(url, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<section class="sheet" id="evidence"')
    assert 'aria-current="true"' in part


@pytest.mark.parametrize("asked", [{"first": "for"}, {"first": "x", "second": "for"}, {"variable": "x"}, {"page": "9"}])
def test_a_cell_or_page_that_is_not_there_is_not_found(study: make.Study, asked: dict[str, str]) -> None:
    assert sentences(study, **asked).status_code == 404


def test_a_note_to_the_annotators_stands_beside_the_sentence_for_those_who_label_it(study: make.Study) -> None:
    outsider = make.member(study.project)
    assert "Left." in act(study, act="note", text="Mind rule 3.").content.decode()
    (thread,) = own_threads(study.assignment(1)).values()
    assert [note.text for note in thread.notes] == ["Mind rule 3."]
    assert visible_notes(study.members[0], of_all=False).count() == 1
    assert not visible_notes(outsider, of_all=False).exists()
    shown = client_of(study.members[0]).get(f"/p/{study.slug}/notes/").content.decode()
    assert "From the lead" in shown
    screen = client_of(study.members[0]).get(f"/p/{study.slug}/code/{study.assignment().pk}/").content.decode()
    assert "From the lead" in screen


def test_an_empty_note_is_refused_in_place(study: make.Study) -> None:
    assert "The note is empty" in act(study, act="note", text=" ").content.decode()
    assert not Note.objects.exists()


def test_a_counter_example_is_written_into_one_draft(study: make.Study) -> None:
    for unit in study.units()[1:3]:
        assert "draft 2" in act(study, act="example", value="for", unit=unit.pk).content.decode()
    assert "already" in act(study, act="example", value="for").content.decode()
    (draft,) = CodebookVersion.objects.filter(state="draft")
    (stance,) = (v for v in draft.document["variables"] if v["key"] == "stance")
    (found,) = (value["negative"] for value in stance["values"] if value["key"] == "for")
    assert found.splitlines()[0] == "The mayor blamed the regime for the delay."
    assert len(found.splitlines()) == 2


def test_a_unit_is_queued_once_and_taken_off_again(study: make.Study) -> None:
    for _ in range(2):
        act(study, act="queue")
    queued = QueuedUnit.objects.get()
    client = client_of(study.lead)
    shown = client.get(f"/p/{study.slug}/adjudication/").content.decode()
    assert "The mayor blamed the regime for the delay." in shown
    assert "put up" in shown
    client.post(f"/p/{study.slug}/adjudication/{queued.pk}/leave/")
    assert "put up" not in client.get(f"/p/{study.slug}/adjudication/").content.decode()


def test_without_htmx_an_act_leads_back_to_the_cell(study: make.Study) -> None:
    sent = {"round": study.round.pk, "variable": "stance", "unit": study.units()[1].pk, "act": "queue"}
    url = f"/p/{study.slug}/agreement/act/"
    answer = client_of(study.lead).post(url, sent | {"first": "for", "second": "against"}, follow=True)
    assert "Waits for adjudication." in answer.content.decode()
    assert "3 pairs" in answer.content.decode()


def test_each_role_does_what_it_may(study: make.Study) -> None:
    viewer, adjudicator = make.member(study.project, Role.VIEWER), make.member(study.project, Role.ADJUDICATOR)
    assert sentences(study, study.members[0]).status_code == 403
    assert act(study, study.members[0], act="queue").status_code == 403
    assert sentences(study, viewer).status_code == 200
    assert "Counter-example" not in sentences(study, viewer).content.decode()
    for name in ("note", "example", "queue"):
        assert act(study, viewer, act=name, text="x", value="for").status_code == 403
    assert act(study, adjudicator, act="example", value="for").status_code == 403
    assert act(study, adjudicator, act="queue").status_code == 200


def test_who_annotates_in_an_open_blind_round_reads_no_sentence_of_it(study: make.Study) -> None:
    Membership.objects.filter(pk=study.members[0].pk).update(role=Role.LEAD)
    act(study, act="queue")
    own = Membership.objects.get(pk=study.members[0].pk)
    assert sentences(study, own).status_code == 403
    assert act(study, own, act="queue").status_code == 403
    assert "Nothing to settle" in client_of(own).get(f"/p/{study.slug}/adjudication/").content.decode()
    set_closed(lead=study.lead, round=study.round, closed=True)
    assert sentences(study, own).status_code == 200


def test_a_unit_of_another_round_is_not_found(study: make.Study) -> None:
    assert act(study, act="queue", unit=make.study().units()[0].pk).status_code == 404


def test_the_report_of_a_large_question_comes_before_its_sentences(
    study: make.Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.web.agreement_detail.MOST_INLINE", 5)
    shown = client_of(study.lead).get(f"/p/{study.slug}/agreement/?variable=stance").content.decode()
    assert 'class="unit here"' not in shown
    assert f'hx-get="/p/{study.slug}/agreement/sentences/' in shown
