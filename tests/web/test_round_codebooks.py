"""The page of a round's codebook: what a move would do, the move, and the way back."""

import pytest
from django.test import Client

from annotator.models import CodebookMove, Event, Job
from annotator.services import jobs
from annotator.services.codebook_moves import job as move_job
from projects.models import Membership, Role
from projects.services.rounds import open_round
from tests import make, moved
from tests.web.test_coding import form, save, signed_in
from tests.web.test_export import client_of, download, table

pytestmark = pytest.mark.django_db
LATER = moved.later(
    {"stance": {"values.for": ["against"]}, "side": {"values.town": ["state"], "values.army": None}}, title="New"
)
SPLIT = moved.later({"stance": {"values.for": ["against", "neutral"]}})


@pytest.fixture
def study() -> make.Study:
    study = make.study(annotators=1)
    for unit, value, sides in zip(study.units(), ("for", "for", "neutral"), (["town", "state"], [], []), strict=False):
        make.label(study.assignment(), unit, "attribution", [])
        make.label(study.assignment(), unit, "stance", value)
        make.label(study.assignment(), unit, "side", sides)
    return study


def address(study: make.Study, act: str = "") -> str:
    return f"/p/{study.slug}/rounds/{study.round.pk}/codebook/{act}"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_page_counts_what_would_happen_and_changes_nothing(study: make.Study) -> None:
    moved.publish(study, LATER)
    before = Event.objects.count()
    lead = client_of(study.lead)
    assert address(study) + "?to=2" in page(lead, f"/p/{study.slug}/codebook/")
    shown = page(lead, address(study))
    assert "3 labels follow merged values, 0 are asked again" in shown
    assert "1 of 3 stay, 2 follow" in shown
    assert "one set gets smaller" in shown
    assert "becomes “Against”" in shown
    assert "stays where it stands" in shown
    assert Event.objects.count() == before


def test_a_round_is_moved_and_taken_back(study: make.Study) -> None:
    moved.publish(study, LATER)
    lead = client_of(study.lead)
    assert "3 labels followed." in lead.post(address(study, "move/"), {"to": "2"}, follow=True).content.decode()
    move = CodebookMove.objects.get()
    assert moved.said(study, study.units()[0], "side") == (["state"], False)
    assert "Back to version 1" in page(lead, address(study))
    assert "codebook=1" in page(lead, f"/p/{study.slug}/export/")
    answer = lead.post(address(study, "undo/"), {"move": move.pk}, follow=True)
    assert "uses version 1 again" in answer.content.decode()
    assert moved.said(study, study.units()[0], "side") == (["town", "state"], False)
    assert moved.is_sound()


def test_a_long_move_is_a_job(study: make.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(move_job, "SHORT_LABELS", 2)
    moved.publish(study, LATER)
    lead = client_of(study.lead)
    answer = lead.post(address(study, "move/"), {"to": "2"})
    assert answer.status_code == 202
    assert study.assignment().round.codebook_version.number == 1
    jobs.run(Job.objects.get().pk)
    shown = page(lead, answer["Location"])
    assert "The round was moved" in shown
    assert address(study) in shown
    assert "1 of 1 assignments" in page(lead, f"/p/{study.slug}/jobs/")
    assert study.assignment().round.codebook_version.number == 2


def test_what_can_not_be_moved_is_told_before_and_refused(study: make.Study) -> None:
    document = moved.later({})
    document["variables"].pop(1)  # type: ignore[union-attr]
    moved.publish(study, document)
    lead = client_of(study.lead)
    shown = page(lead, address(study))
    assert "The question “Stance” is gone" in shown
    assert "Move the round" not in shown
    assert "“Stance” is gone" in lead.post(address(study, "move/"), {"to": "2"}, follow=True).content.decode()
    assert study.assignment().round.codebook_version.number == 1


def test_an_interrupted_move_is_finished_from_the_page(study: make.Study) -> None:
    moved.move(study, LATER)
    CodebookMove.objects.update(finished_at=None)
    lead = client_of(study.lead)
    assert "not finished" in page(lead, address(study))
    lead.post(address(study, "move/"), {"to": "2"})
    assert "not finished" not in page(lead, address(study))


@pytest.mark.parametrize("to", ["1", "3", "x", ""])
def test_no_other_version_is_found(study: make.Study, to: str) -> None:
    moved.publish(study, LATER)
    lead = client_of(study.lead)
    assert lead.get(address(study), {"to": to}).status_code == 404
    assert lead.post(address(study, "move/"), {"to": to}).status_code == 404
    assert lead.post(address(study, "undo/"), {"move": to}).status_code == 404


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.ADJUDICATOR, Role.VIEWER])
def test_only_leads_get_there(study: make.Study, role: str) -> None:
    moved.publish(study, LATER)
    other = client_of(make.member(study.project, role))
    assert other.get(address(study)).status_code == 403
    assert other.post(address(study, "move/"), {"to": "2"}).status_code == 403
    assert "use an earlier version" not in page(other, f"/p/{study.slug}/codebook/")


def test_a_lead_who_labels_in_an_open_blind_round_is_told_no_numbers(study: make.Study) -> None:
    annotator: Membership = study.members[0]
    shared = open_round(
        lead=study.lead, name="Shared", purpose="main", articles=study.articles, members=[study.lead, annotator]
    )
    theirs = shared.assignments.get(member=annotator)
    assert annotator.user is not None
    make.label(theirs, study.units()[0], "stance", "for")
    moved.publish(study, LATER)
    lead, path = client_of(study.lead), f"/p/{study.slug}/rounds/{shared.pk}/codebook/"
    shown = page(lead, path)
    assert "you are told no numbers" in shown
    assert "becomes “Against”" in shown
    assert "in one label" not in shown
    told = lead.post(f"{path}move/", {"to": "2"}, follow=True).content.decode()
    assert "The round uses version 2 now." in told
    assert "label followed" not in told
    assert "in one label" not in told


def test_the_dataset_of_before_is_on_the_export_page(study: make.Study) -> None:
    of_round = {"round": str(study.round.pk)}
    before = table(download(study.lead, **of_round))
    moved.move(study, SPLIT)
    assert table(download(study.lead, **of_round, codebook="1")) == before
    now = table(download(study.lead, **of_round))
    assert {row["codebook"] for row in now} == {"2"}
    assert [row["state"] for row in now if row["variable"] == "stance"].count("answered") == 1
    for wrong in ({**of_round, "codebook": "3"}, {**of_round, "codebook": "x"}, {"codebook": "1"}):
        assert download(study.lead, **wrong).status_code == 400


def test_the_annotator_is_asked_again_with_the_answer_before_and_told_to_load_the_page(study: make.Study) -> None:
    client, unit = signed_in(study.members[0].user), study.units()[0]
    path = f"/p/{study.slug}/code/{study.assignment().pk}/"
    assert 'data-codebook="1"' in page(client, path)
    moved.move(study, SPLIT)
    answer = save(client, study, form(unit, "remark", "Hm.", codebook="1"))
    assert "changed the codebook of this round meanwhile" in answer.content.decode()
    assert "meanwhile" not in save(client, study, form(unit, "remark", "So.", base=1, codebook="2")).content.decode()
    refused = save(client, study, form(unit, "stance", "for", base=1, codebook="1"))
    assert refused.status_code == 400
    assert "“For” was split into “Against” and “Neutral”" in refused.content.decode()
    assert "You had answered: <b><bdi>For</bdi></b>" in page(client, path)
