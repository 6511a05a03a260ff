"""The pages of a project's settings, of kinds by pattern and of splitting again, and the release of an article."""

from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.test import Client

from annotator.models import Job
from annotator.services import jobs, resplitting
from projects.models import Article, AuditEntry, Membership, Project
from projects.services.articles import import_articles
from projects.services.settings import OFFERED
from tests import make
from tests.data.readers import make as files
from tests.services.test_settings import TEXT, kinds_of
from tests.web.test_imports import lead_client, upload

pytestmark = pytest.mark.django_db
RULE = {"match": "begins", "words": "Tides", "kind": "promo"}


def send(lead: Membership, path: str = "", **said: object) -> HttpResponse:
    form = {"title": "A study", "description": "", "language": "en", "codable": OFFERED} | said
    return lead_client(lead).post(f"/p/{lead.project.slug}/settings/{path}", form)


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_saving_leads_on_to_the_articles_that_would_come_out_otherwise() -> None:
    lead = make.project()
    article = make.article(lead, TEXT)
    answer = send(lead, never_split_after="Kpt\r\n\r\nSt.", minimum_length="")
    assert answer["Location"] == f"/p/{lead.project.slug}/settings/again/"
    assert Project.objects.get().split_options == {"never_split_after": ["Kpt", "St."]}

    client = lead_client(lead)
    page = text_of(client.get(answer["Location"]))
    assert "One article would come out otherwise" in page
    assert client.post(answer["Location"])["Location"] == f"/p/{lead.project.slug}/settings/"
    assert "1 article was split again." in text_of(client.get(f"/p/{lead.project.slug}/settings/"))
    assert len(kinds_of(article)) == 5
    assert "Nothing to split again" in text_of(client.get(answer["Location"]))


def test_what_makes_no_units_is_saved_and_nothing_more() -> None:
    lead = make.project()
    make.article(lead)
    answer = send(lead, title="Ferries", description="What is said of them.")
    assert answer["Location"] == f"/p/{lead.project.slug}/settings/"
    assert Project.objects.get().title == "Ferries"


def test_a_refused_form_keeps_what_was_typed() -> None:
    answer = send(make.project(), minimum_length="many", never_split_after="Kpt")
    assert answer.status_code == 400
    assert "Minimum length: write a whole number" in text_of(answer)
    assert 'value="many"' in text_of(answer)
    assert ">Kpt</textarea>" in text_of(answer)


def test_wishes_are_tried_on_a_text_with_reasons_and_nothing_is_stored() -> None:
    lead = make.project()
    answer = send(lead, text="We met Kpt. Reed. It rained.", never_split_after="Kpt", **{"try": "1"})
    assert "2 units" in text_of(answer)
    assert "not split: the project never splits after Kpt." in text_of(answer)
    assert Project.objects.get().split_options is None


def test_htmx_gets_the_tried_text_alone() -> None:
    lead = make.project()
    form = {"try": "1", "text": "One. Two.", "language": "en", "codable": ["headline"]}
    answer = lead_client(lead).post(f"/p/{lead.project.slug}/settings/", form, headers={"HX-Request": "true"})
    assert "<html" not in text_of(answer)
    assert text_of(answer).count('class="unit sentence"') == 2
    assert "not labelled" in text_of(answer)


def test_the_page_begins_with_the_newest_article_in_its_language() -> None:
    lead = make.project()
    document = make.document("عودة العبارة\nقال القبطان إن العبارة عادت. لم ينتظر أحد.\n")
    import_articles(member=lead, documents=[replace(document, metadata={"language": "ar"})])
    page = text_of(lead_client(lead).get(f"/p/{lead.project.slug}/settings/"))
    assert '<ol class="units" lang="ar">' in page
    assert "لم ينتظر أحد." in page


def test_a_rule_is_looked_at_kept_and_taken_back() -> None:
    lead = make.project()
    article = make.article(lead, TEXT)
    page = text_of(send(lead, "kinds/", look="1", **RULE))
    assert "One unit would become promo" in page
    assert "TIDES: see page four" in page
    assert Project.objects.get().split_options is None

    send(lead, "kinds/", keep="1", **RULE)
    assert kinds_of(article)[-1][1:] == ("promo", False)
    page = text_of(lead_client(lead).get(f"/p/{lead.project.slug}/settings/kinds/"))
    assert "One rule gives units their kind" in page

    send(lead, "kinds/", remove="1", **RULE)
    assert kinds_of(article)[-1][1] != "promo"


def test_a_rule_without_words_is_refused() -> None:
    answer = send(make.project(), "kinds/", **RULE | {"words": " "})
    assert answer.status_code == 400
    assert "Words: write at least one letter" in text_of(answer)


def test_many_articles_are_split_again_by_a_job_whose_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resplitting, "SHORT_ARTICLES", 0)
    lead = make.project()
    make.article(lead, TEXT)
    send(lead, keep_quotations_whole="1")
    client = lead_client(lead)
    address = f"/p/{lead.project.slug}/settings/again/"
    assert "One article can be split again" in text_of(client.get(address))
    answer = client.post(address)
    assert answer.status_code == 202
    job = Job.objects.get()
    assert answer["Location"] == f"/p/{lead.project.slug}/jobs/{job.pk}/"
    jobs.run(job.pk)
    page = text_of(client.get(answer["Location"]))
    assert "One article was split again" in page
    assert "came in" not in page
    assert "Split again" in text_of(client.get(f"/p/{lead.project.slug}/jobs/"))


def test_an_article_from_a_pdf_waits_until_a_lead_releases_it() -> None:
    lead = make.project()
    make.codebook(lead)
    someone = make.member(lead.project)
    (scan,) = import_articles(member=lead, documents=[replace(make.document(TEXT), needs_review=True)])
    client, home = lead_client(lead), f"/p/{lead.project.slug}"
    for path in ("articles/", "rounds/new/"):
        assert "waits for review" in text_of(client.get(f"{home}/{path}"))
    assert "Release for labelling" in text_of(client.get(f"{home}/articles/{scan.pk}/"))
    form = {"name": "R", "purpose": "main", "members": someone.pk, "all_articles": "1"}
    answer = client.post(f"{home}/rounds/new/", form)
    assert answer.status_code == 400
    assert "wait for review" in text_of(answer)

    plain = make.article(lead)
    assert client.post(f"{home}/rounds/new/", form).status_code == 302
    assert "1 article waits for review and was left out." in text_of(client.get(f"{home}/rounds/"))

    assert client.post(f"{home}/articles/{scan.pk}/release/")["Location"] == f"{home}/articles/{scan.pk}/"
    assert "Take the release back" in text_of(client.get(f"{home}/articles/{scan.pk}/"))
    assert client.post(f"{home}/rounds/new/", form | {"name": "S"}).status_code == 302
    client.post(f"{home}/articles/{scan.pk}/release/", {"state": "hold"})
    assert "can’t be taken back" in text_of(client.get(f"{home}/articles/{scan.pk}/"))
    assert "Release for labelling" not in text_of(client.get(f"{home}/articles/{plain.pk}/"))


def test_a_pdf_says_that_it_will_wait_and_does_alone_and_inside_an_archive() -> None:
    lead = make.project()
    client, url = lead_client(lead), f"/p/{lead.project.slug}/articles/import/"
    data = files.pdf([["Ferry waits", "It rained all day. Nobody came."]])
    assert "will wait for review" in text_of(upload(client, url, "scan.pdf", data, preview="1"))
    upload(client, url, "scan.pdf", data)
    upload(client, url, "both.zip", files.packed({"page.pdf": data, "plain.txt": "It rained."}))
    waiting = {article.external_id: article.waits_for_review for article in Article.objects.all()}
    assert waiting == {"scan": True, "page": True, "plain": False}


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("adjudicator", 403), ("annotator", 403)])
def test_only_leads_release_and_change(role: str, status: int) -> None:
    lead = make.project()
    article = make.article(lead)
    client = Client()
    client.force_login(make.member(lead.project, role).user)  # type: ignore[arg-type]
    for path in ("settings/", "settings/again/", "settings/kinds/", f"articles/{article.pk}/release/"):
        assert client.post(f"/p/{lead.project.slug}/{path}").status_code == status
    assert Article.objects.get().reviewed_at is None


def test_a_change_of_settings_is_no_change_of_articles_to_undo() -> None:
    lead = make.project()
    send(lead, title="Another title")
    entry = AuditEntry.objects.get(act="change settings").pk
    client = lead_client(lead)
    assert client.get(f"/p/{lead.project.slug}/articles/?done={entry}").status_code == 200
    assert client.post(f"/p/{lead.project.slug}/articles/undo/{entry}/").status_code == 404
