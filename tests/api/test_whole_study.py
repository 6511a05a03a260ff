"""A study led by a script alone: each step by the API, what it did looked at in the database."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from rest_framework.response import Response

from annotator.models import Decision, Event, Job, Note
from projects.models import Article, CodebookVersion, Invitation, Membership, Project, Role, Round
from tests import make
from tests.api.callers import PROJECTS, bearer, body, script_of

pytestmark = pytest.mark.django_db
JSON = "application/json"


def sent(client: Client, method: str, path: str, content: object = None, **headers: str) -> Response:
    act: Callable[..., Response] = getattr(client, method)
    return act(f"/api/v1/{path}", content, content_type=JSON, headers=headers)


def test_a_project_is_made_and_changed() -> None:
    lead = bearer(make.user())
    made = sent(lead, "post", "projects/", {"title": "Bridges", "language": "fr"})
    assert (made.status_code, made.json()["slug"], made.json()["role"]) == (201, "bridges", "lead")
    changed = sent(lead, "patch", "projects/bridges/", {"description": "Of 2026.", "codable_kinds": ["sentence"]})
    assert changed.json()["codable_kinds"] == ["sentence"]
    stored = Project.objects.get()
    assert (stored.title, stored.description, stored.language) == ("Bridges", "Of 2026.", "fr")
    assert sent(lead, "post", "projects/", {"title": "Bridges"}).status_code == 400


def test_members_are_pseudonyms_changed_and_removed(study: make.Study) -> None:
    lead, place = script_of(study.lead), f"projects/{study.slug}/members/"
    member = study.members[0]
    assert member.user is not None
    rows = sent(lead, "get", place).json()["results"]
    assert [row["pseudonym"] for row in rows] == [study.lead.pseudonym, *(one.pseudonym for one in study.members)]
    changed = sent(lead, "patch", f"{place}{member.pk}/", {"group": "experts", "pseudonym": "A"}).json()
    assert (changed["group"], changed["pseudonym"], changed["role"]) == ("experts", "A", "annotator")
    assert member.user.username not in sent(lead, "get", place).content.decode()
    assert sent(lead, "delete", f"{place}{member.pk}/").status_code == 204
    assert Membership.objects.get(pk=member.pk).left_at is not None


def test_an_invitation_lets_somebody_in_once(study: make.Study) -> None:
    link = sent(script_of(study.lead), "post", f"projects/{study.slug}/invitations/", {"role": "viewer"}).json()["link"]
    guest = Client()
    guest.force_login(make.user())
    assert guest.post(link).status_code == 302
    assert Membership.objects.get(project=study.project, role=Role.VIEWER).user is not None
    assert Invitation.objects.get().accepted_at is not None


def test_articles_come_in_are_mended_and_thrown_away(study: make.Study) -> None:
    lead, place = script_of(study.lead), f"projects/{study.slug}/articles/"
    new = {"external_id": "أ1", "title": "Rain", "text": "It rained. 😀 Nobody came.", "outlet": "Post", "desk": "home"}
    made = sent(lead, "post", place, {"articles": [new], "codable": ["sentence"]})
    assert made.status_code == 201
    article = Article.objects.get(pk=made.json()["articles"][0])
    assert (article.external_id, article.outlet, article.metadata) == ("أ1", "Post", {"desk": "home"})
    assert sent(lead, "post", place, {"articles": [new]}).status_code == 400
    units = sent(lead, "get", f"articles/{article.pk}/units/").json()["results"]
    assert [unit["text"] for unit in units if unit["codable"] and unit["index"]] == ["It rained. 😀", "Nobody came."]
    told = sent(lead, "patch", f"articles/{article.pk}/", {"author": "A", "metadata": {"desk": ""}}).json()
    assert (told["author"], told["metadata"], told["outlet"]) == ("A", {}, "Post")
    assert sent(lead, "delete", f"articles/{article.pk}/").status_code == 204
    assert sent(lead, "get", f"articles/{article.pk}/").status_code == 404
    assert sent(lead, "post", f"articles/{article.pk}/restore/").status_code == 204
    assert sent(lead, "get", f"articles/{article.pk}/").status_code == 200


def test_a_codebook_is_drafted_changed_and_published() -> None:
    member = make.project()
    lead, place = script_of(member), f"projects/{member.project.slug}/codebooks/"
    draft = sent(lead, "post", place, {"document": make.CODEBOOK, "draft": True}).json()
    edited = {"document": make.CODEBOOK | {"title": "Another"}, "base_sha256": draft["document_sha256"]}
    assert sent(lead, "put", f"{place}1/", edited).json()["document"]["title"] == "Another"
    assert sent(lead, "put", f"{place}1/", edited).status_code == 409
    annotator = script_of(make.member(member.project))
    assert sent(annotator, "get", f"{place}1/").status_code == 404
    assert sent(lead, "post", f"{place}1/publish/").json()["state"] == "published"
    assert sent(annotator, "get", f"{place}1/").json()["document"] == edited["document"]
    refused = sent(lead, "post", place, {"document": make.CODEBOOK | {"variables": [{"key": "x"}]}})
    assert refused.status_code == 400
    assert refused.json()["problems"]
    assert CodebookVersion.objects.count() == 1


def test_a_round_is_opened_closed_frozen(study: make.Study) -> None:
    lead, place = script_of(study.lead), f"projects/{study.slug}/rounds/"
    people = [member.pseudonym for member in study.members]
    new = {"name": "Main", "purpose": "main", "members": people, "articles": [study.articles[0].pk], "blind": False}
    made = sent(lead, "post", place, new).json()
    stored = Round.objects.get(name="Main")
    assert (made["state"], stored.blind, stored.assignments.count()) == ("open", False, len(people))
    drawn = {"name": "Drawn", "purpose": "pilot", "members": people, "overlap": 2, "seed": 7}
    assert sent(lead, "post", place, drawn).json()["seed"] == 7
    round = Round.objects.get(name="Drawn")
    assert round.assignments.count() == 2
    adjudicator = script_of(make.member(study.project, Role.ADJUDICATOR))
    for script, draws in ((lead, [None, None, round.draw]), (adjudicator, [None] * 3)):
        assert [row["draw"] for row in sent(script, "get", place).json()["results"]] == draws
        assert sent(script, "get", f"rounds/{round.pk}/").json()["draw"] == draws[-1]
    wrong = sent(lead, "post", place, new | {"name": "Other", "members": ["nobody"]})
    assert (wrong.status_code, "nobody" in wrong.json()["detail"]) == (400, True)
    address = f"rounds/{stored.pk}/"
    assert sent(lead, "patch", address, {"state": "frozen"}).status_code == 400
    assert [sent(lead, "patch", address, {"state": to}).json()["state"] for to in ("closed", "frozen")] == [
        "closed",
        "frozen",
    ]
    assert sent(lead, "delete", address).status_code == 400
    assert sent(lead, "delete", f"rounds/{Round.objects.get(name='Drawn').pk}/").status_code == 204
    assert {row["name"] for row in sent(lead, "get", place).json()["results"]} == {"Round 1", "Main"}


def test_assignments_are_ones_own_and_for_leads_those_of_all(study: make.Study) -> None:
    own = sent(script_of(study.members[0]), "get", "assignments/").json()["results"]
    assert [row["id"] for row in own] == [study.assignment().pk]
    assert len(sent(script_of(study.lead), "get", f"assignments/?round={study.round.pk}").json()["results"]) == 3
    viewer = script_of(make.member(study.project, Role.VIEWER))
    assert sent(viewer, "get", f"assignments/?project={study.slug}").json()["results"] == []


def test_a_decision_is_made_once_and_told_with_its_reason(study: make.Study) -> None:
    adjudicator = make.member(study.project, Role.ADJUDICATOR)
    script, unit = script_of(adjudicator), study.units()[0]
    ruling = {"event": str(uuid4()), "round": study.round.pk, "unit": unit.pk, "variable": "stance", "value": "for"}
    ruling |= {"base_version": 0, "reason": "Rule 3."}
    assert sent(script, "post", "decisions/", ruling).json() == sent(script, "post", "decisions/", ruling).json()
    (row,) = sent(script, "get", "decisions/").json()["results"]
    assert (row["value"], row["reason"], row["decided_by"]) == ("for", "Rule 3.", adjudicator.pseudonym)
    late = sent(script, "post", "decisions/", ruling | {"event": str(uuid4()), "value": "against"})
    assert (late.status_code, late.json()["theirs"], late.json()["yours"]) == (409, "for", "against")
    wrong = sent(script, "post", "decisions/", ruling | {"event": str(uuid4()), "variable": "x", "base_version": 1})
    assert list(wrong.json()["errors"]) == ["variable"]
    assert Decision.objects.get().version == 1


def test_a_note_is_left_answered_and_opened_again(study: make.Study) -> None:
    place, asker, lead = f"projects/{study.slug}/notes/", script_of(study.members[0]), script_of(study.lead)
    note = {"event": str(uuid4()), "assignment": study.assignment().pk, "unit": study.units()[0].pk, "text": "Who?"}
    assert [sent(asker, "post", place, note).status_code for _ in "ab"] == [201, 201]
    stored = Note.objects.get()
    answered = sent(lead, "post", f"{place}{stored.pk}/answers/", {"text": "The mayor."}).json()
    assert ([one["text"] for one in answered["answers"]], answered["settled_at"] is None) == (["The mayor."], False)
    again = sent(asker, "post", f"{place}{stored.pk}/answers/", {"text": "Sure?"}).json()
    assert again["settled_at"] is None
    assert sent(lead, "patch", f"{place}{stored.pk}/", {"settled": True}).json()["settled_at"]
    assert sent(script_of(study.members[1]), "get", f"{place}{stored.pk}/").status_code == 404


def test_the_agreement_is_the_report_of_the_page(study: make.Study) -> None:
    for number, value in enumerate(("for", "for", "against")):
        make.label(study.assignment(number), study.units()[0], "stance", value)
    lead, place = script_of(study.lead), f"rounds/{study.round.pk}/agreement/"
    report = sent(lead, "get", place).json()["report"]
    (stance,) = [one for one in report["variables"] if one["key"] == "stance"]
    assert stance["measures"]["percent_agreement"]["value"] == pytest.approx(1 / 3)
    job = sent(lead, "post", place)
    assert (job.status_code, job.headers["Location"]) == (202, job.json()["address"])
    assert lead.get(job.json()["address"]).json()["kind"] == "compute report"
    assert lead.delete(job.json()["address"]).status_code == 204
    assert Job.objects.get().state == Job.State.CANCELLED


def test_many_labels_in_one_request_are_saved_or_refused_one_by_one(study: make.Study) -> None:
    script, units = script_of(study.members[0]), study.units()
    good = [body(unit, assignment=study.assignment().pk) for unit in units]
    bad = [good[0] | {"value": "against"}, body(units[0], value="against"), {"unit": "x"}, 7, body(units[0], "no")]
    answer = sent(script, "post", "labels/bulk/", {"choices": [*good, *bad]})
    told = answer.json()
    assert (answer.status_code, told["saved"], told["refused"]) == (207, len(good), 5)
    assert [result["status"] for result in told["results"][len(good) :]] == [422, 409, 400, 400, 400]
    assert told["results"][len(good) + 1]["problem"]["theirs"] == "for"
    again = sent(script, "post", "labels/bulk/", {"choices": good})
    assert (again.status_code, again.json()["results"]) == (200, told["results"][: len(good)])
    assert Event.objects.count() == len(good)
    assert sent(script, "post", "labels/bulk/", {"choices": good[:1] * 1001}).status_code == 400


def test_a_request_with_a_key_is_done_once(study: make.Study) -> None:
    lead = script_of(study.lead)
    first, second = (sent(lead, "post", "projects/", {"title": "Once"}, **{"Idempotency-Key": '"k1"'}) for _ in "ab")
    assert (second.status_code, second.json()) == (201, first.json())
    other = sent(lead, "post", "projects/", {"title": "Twice"}, **{"Idempotency-Key": "k1"})
    assert (other.status_code, other.headers["Content-Type"]) == (422, "application/problem+json")
    refused = sent(lead, "post", "projects/", {"title": "Once"}, **{"Idempotency-Key": "k2"})
    assert refused.status_code == 400
    Project.objects.filter(title="Once").update(slug="moved")
    assert sent(lead, "post", "projects/", {"title": "Once"}, **{"Idempotency-Key": "k2"}).status_code == 201
    assert sent(lead, "post", f"projects/{study.slug}/rounds/", {}, **{"Idempotency-Key": "a b"}).status_code == 400
    assert bearer(make.user()).get(PROJECTS).json()["results"] == []
