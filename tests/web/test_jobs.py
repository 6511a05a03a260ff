"""The pages of long work: progress that moves by itself, an end that says what came in, and a way to stop."""

import json

import pytest
from django.test import Client

from annotator.models import Job
from annotator.services import article_imports, jobs
from projects.models import Article, Membership
from tests import make
from tests.web.test_imports import lead_client, upload

pytestmark = pytest.mark.django_db
ROWS = article_imports.SHORT_ARTICLES + 1


def jsonl(rows: int = ROWS) -> bytes:
    found = ({"external_id": f"a{n}", "title": f"No. {n}", "text": "One came.\r\nTwo went."} for n in range(rows))
    return "\n".join(map(json.dumps, found)).encode()


def send(lead: Membership) -> tuple[Client, str]:
    """A long upload: the client, and the address of its job."""
    client = lead_client(lead)
    answer = upload(client, f"/p/{lead.project.slug}/articles/import/", "many.jsonl", jsonl())
    assert answer.status_code == 202
    assert "Waiting to begin" in answer.content.decode()
    return client, answer["Location"]


def test_a_long_upload_is_answered_with_the_address_of_its_job() -> None:
    lead = make.project()
    _, address = send(lead)
    assert address == f"/p/{lead.project.slug}/jobs/{Job.objects.get().pk}/"


def test_the_page_asks_again_by_itself_until_the_end() -> None:
    client, address = send(make.project())
    page = client.get(address).content.decode()
    assert f'hx-get="{address}" hx-trigger="every 1s"' in page
    assert '<meta http-equiv="refresh"' in page
    jobs.run(Job.objects.get().pk)
    page = client.get(address).content.decode()
    assert "hx-get" not in page
    assert "refresh" not in page


def test_the_part_that_htmx_gets_holds_the_progress_alone() -> None:
    client, address = send(make.project())
    Job.objects.update(state=Job.State.RUNNING, done=40, total=ROWS)
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert '<progress value="40" max="201"' in part
    assert "40 of 201 articles" in part
    assert "<html" not in part


def test_scripts_get_bare_figures() -> None:
    client, address = send(make.project())
    jobs.run(Job.objects.get().pk)
    figures = client.get(address, headers={"Accept": "application/json"}).json()
    assert (figures["state"], figures["done"], figures["total"]) == ("done", ROWS, ROWS)


def test_the_end_says_what_came_in_and_what_was_changed() -> None:
    client, address = send(make.project())
    jobs.run(Job.objects.get().pk)
    page = client.get(address).content.decode()
    assert "201 articles came in" in page
    assert "en (201)" in page
    assert "a0: 1 line end" in page
    assert "201 changes in all" in page


def test_a_lead_cancels_and_nothing_is_stored() -> None:
    client, address = send(make.project())
    client.post(f"{address}cancel/")
    jobs.run(Job.objects.get().pk)
    assert "Cancelled" in client.get(address).content.decode()
    assert not Article.with_pending.exists()


def test_a_failed_import_leads_back_to_its_file() -> None:
    lead = make.project()
    client, address = send(lead)
    make.article(lead, external_id="a7")
    jobs.run(Job.objects.get().pk)
    page = client.get(address).content.decode()
    assert "a7: an article with this id is in the project already." in page
    token = Job.objects.get().spec["files"][0]["token"]
    looked = client.post(f"/p/{lead.project.slug}/articles/import/", {"upload": token, "preview": "1"})
    assert "a7: an article with this id" in looked.content.decode()


def test_the_list_shows_the_jobs_of_this_project_only() -> None:
    lead, other = make.project(), make.project()
    send(lead)
    assert "many.jsonl" in lead_client(lead).get(f"/p/{lead.project.slug}/jobs/").content.decode()
    assert "many.jsonl" not in lead_client(other).get(f"/p/{other.project.slug}/jobs/").content.decode()


# Those who see agreement have a list, of reports alone.
@pytest.mark.parametrize(("role", "listed"), [("annotator", 403), ("adjudicator", 200), ("viewer", 200)])
def test_others_see_and_stop_no_import(role: str, listed: int) -> None:
    lead = make.project()
    _, address = send(lead)
    client = lead_client(make.member(lead.project, role=role))
    answer = client.get(f"/p/{lead.project.slug}/jobs/")
    assert answer.status_code == listed
    assert b"many.jsonl" not in answer.content
    assert client.get(address).status_code == 404
    assert client.post(f"{address}cancel/").status_code == 404
    assert Job.objects.get().state == Job.State.WAITING


def test_a_job_is_cancelled_by_post_only() -> None:
    client, address = send(make.project())
    assert client.get(f"{address}cancel/").status_code == 405
