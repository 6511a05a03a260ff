"""Files in by the browser's forms: whole or not at all, with a message that helps."""

import json
import re
from time import perf_counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from annotator.models import Event, Job, Label
from annotator.services import jobs
from projects.models import Article, CodebookVersion, Membership, Round, TextVersion, Unit
from projects.web import uploads
from tests import hostile, make
from tests.shared import needs_shared

pytestmark = pytest.mark.django_db

EMPTY = b""
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
BROKEN = b"Ein Satz mit Umlaut: " + b"\xfc\xff." + b" Noch einer."
TOO_LARGE = b"A sentence. " * (21 * 1024 * 1024 // 12)


def lead_client(lead: Membership) -> Client:
    client = Client(raise_request_exception=True)
    assert lead.user is not None
    client.force_login(lead.user)
    return client


def upload(client: Client, path: str, name: str, data: bytes, **fields: str):
    return client.post(path, {"file": SimpleUploadedFile(name, data), **fields})


def test_a_text_file_becomes_an_article_with_units_and_a_proof() -> None:
    lead = make.project()
    answer = upload(lead_client(lead), f"/p/{lead.project.slug}/articles/import/", "bridge.txt", make.TEXT.encode())
    article = Article.objects.get()
    assert answer["Location"] == f"/p/{lead.project.slug}/articles/{article.pk}/"
    assert (article.external_id, article.title) == ("bridge", "Bridge reopens after the flood")
    version = article.text_versions.get()
    assert version.text == make.TEXT
    pieces = [version.text[u.start : u.end] for u in version.units.filter(index__gt=0)]
    assert pieces[1] == "The mayor blamed the regime for the delay."
    assert version.proof["units"] == len(pieces) == 5
    assert version.units.get(index=0).end == len(version.text)


def test_a_pasted_text_becomes_an_article() -> None:
    lead = make.project()
    sent = {"text": make.TEXT.replace("\n", "\r\n"), "title": "pasted one"}
    answer = lead_client(lead).post(f"/p/{lead.project.slug}/articles/import/", sent, follow=True)
    assert Article.objects.get().external_id == "pasted one"
    assert "line feeds" not in answer.content.decode()


def test_a_table_without_ids_is_told_so_once() -> None:
    lead = make.project()
    rows = "title,text\nA bridge,It fell.\nA ferry,It sank.\nA road,It ends.\n"
    url = f"/p/{lead.project.slug}/articles/import/"
    answer = upload(lead_client(lead), url, "a.csv", rows.encode(), preview="1").content.decode()
    assert answer.count("“external_id” is missing") == 1
    assert "number the rows" in answer


def test_a_preview_shows_the_sentences_and_stores_nothing() -> None:
    lead = make.project()
    url = f"/p/{lead.project.slug}/articles/import/"
    answer = upload(lead_client(lead), url, "bridge.txt", make.TEXT.encode(), preview="1")
    assert "Engineers checked every pillar." in answer.content.decode()
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("empty.txt", EMPTY, "empty"),
        ("picture.txt", PNG, "png"),
        ("broken.txt", BROKEN, "encoding"),
        ("large.txt", TOO_LARGE, "too large"),
    ],
    ids=["empty", "png-named-txt", "broken-utf-8", "over-the-limit"],
)
def test_bad_files_are_refused_with_a_clear_message(name: str, data: bytes, told: str) -> None:
    lead = make.project()
    answer = upload(lead_client(lead), f"/p/{lead.project.slug}/articles/import/", name, data)
    assert answer.status_code == 400
    assert told in answer.content.decode().lower()
    assert not Article.objects.exists()


def test_an_undeclared_encoding_is_refused_with_how_it_would_read() -> None:
    lead = make.project()
    data = "Запад ответил. Восток молчит, как и вчера вечером на площади.".encode("windows-1251")
    page = upload(lead_client(lead), f"/p/{lead.project.slug}/articles/import/", "east.txt", data).content.decode()
    assert "Запад ответил" in page
    assert "windows-1251" in page.lower()


def test_a_declared_encoding_is_used() -> None:
    lead = make.project()
    data = "Запад ответил. Восток молчит.".encode("windows-1251")
    upload(lead_client(lead), f"/p/{lead.project.slug}/articles/import/", "east.txt", data, encoding="windows-1251")
    assert TextVersion.objects.get().text == "Запад ответил. Восток молчит."


def test_a_taken_id_is_refused_and_nothing_of_the_file_is_stored() -> None:
    lead = make.project()
    make.article(lead, external_id="two")
    table = "external_id,title,text\none,First,Some text.\ntwo,Second,More text.\n"
    answer = upload(lead_client(lead), f"/p/{lead.project.slug}/articles/import/", "a.csv", table.encode())
    assert answer.status_code == 400
    assert "two" in answer.content.decode()
    assert Article.objects.count() == 1


def test_labels_come_in_as_a_closed_round() -> None:
    study = make.study()
    unit = study.units()[0]
    rows = [f"{study.articles[0].external_id},{unit.index},{m.pseudonym},stance,against" for m in study.members]
    data = "\n".join(["article,sentence,annotator,variable,value", *rows]).encode()
    answer = upload(lead_client(study.lead), f"/p/{study.slug}/labels/import/", "labels.csv", data)
    assert answer.status_code == 302
    made = Round.objects.get(name="imported")
    assert made.closed_at is not None
    assert Label.objects.filter(round=made).count() == Event.objects.count() == 3


def stored() -> int:
    return sum(model.objects.count() for model in (Article, TextVersion, Unit, CodebookVersion, Label, Event))


@needs_shared
@pytest.mark.parametrize("case", hostile.cases("article_upload"), ids=lambda case: case.id)
def test_hostile_article_files(case: hostile.Case) -> None:
    lead = make.project()
    url = f"/p/{lead.project.slug}/articles/import/"
    begun = perf_counter()
    answer = send(lead_client(lead), url, case)
    page = answer.content.decode()
    assert answer.status_code in case.raw["status"]
    if answer.status_code == 202:
        jobs.run(Job.objects.get().pk)
        assert Job.objects.get().state == Job.State.DONE
    assert perf_counter() - begun < case.raw.get("answer_within_seconds", 60)
    if answer.status_code >= 400:
        assert case.outcome != "accept", page
        assert not Article.with_pending.exists()
        assert not Job.objects.exists()
        case.check_refusal(page)
        return
    assert case.outcome != "reject"
    case.check_texts(list(TextVersion.objects.values_list("text", flat=True)))
    case.check_report(lead_client_report(lead, answer["Location"], answer.cookies))


def test_too_large_a_file_is_read_past_without_being_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = make.project()
    monkeypatch.setattr(uploads, "UPLOAD_BYTES", 1000)
    answer = upload(lead_client(lead), f"/p/{lead.project.slug}/articles/import/", "big.txt", b"A sentence. " * 100_000)
    assert answer.status_code == 400
    assert "big.txt" in answer.content.decode()
    assert answer.wsgi_request.FILES == {}


def test_a_checked_file_comes_in_by_its_token_with_the_columns_that_were_chosen() -> None:
    lead = make.project()
    client, url = lead_client(lead), f"/p/{lead.project.slug}/articles/import/"
    table = b"key,head,words,words2\none,First,Some text.,a\ntwo,Second,More text.,b\n"
    page = upload(client, url, "a.csv", table, preview="1").content.decode()
    assert "the column" in page
    token = re.search(r'name="upload" value="([^"]+)"', page)
    assert token is not None
    mapped = {"column": ["key", "head", "words", "words2"], "field": ["external_id", "title", "text", ""]}
    checked = client.post(url, {"upload": token[1], "preview": "1", **mapped})
    assert "2 articles found" in checked.content.decode()
    assert not Article.objects.exists()
    assert client.post(url, {"upload": token[1], **mapped}).status_code == 302
    assert list(Article.objects.values_list("title", "metadata")) == [
        ("First", {"words2": "a"}),
        ("Second", {"words2": "b"}),
    ]
    again = upload(client, url, "b.csv", table.replace(b"one", b"three").replace(b"two", b"four"), preview="1")
    assert "2 articles found" in again.content.decode()


def test_a_file_with_articles_that_are_there_already_offers_to_leave_them_out() -> None:
    lead = make.project()
    make.article(lead, external_id="one")
    client, url = lead_client(lead), f"/p/{lead.project.slug}/articles/import/"
    table = b"external_id,text\none,Some text.\ntwo,More text.\n"
    page = upload(client, url, "a.csv", table, preview="1").content.decode()
    assert "One article has an id that is in the project already" in page
    token = re.search(r'name="upload" value="([^"]+)"', page)
    assert token is not None
    assert client.post(url, {"upload": token[1]}).status_code == 400
    assert (
        "One article found" in client.post(url, {"upload": token[1], "preview": "1", "taken": "skip"}).content.decode()
    )
    assert client.post(url, {"upload": token[1], "taken": "skip"}).status_code == 302
    assert list(Article.objects.values_list("external_id", flat=True)) == ["one", "two"]


def test_a_guessed_encoding_is_chosen_by_a_button_without_sending_the_file_again() -> None:
    lead = make.project()
    client, url = lead_client(lead), f"/p/{lead.project.slug}/articles/import/"
    data = "Запад ответил. Восток молчит, как и вчера вечером на площади.".encode("windows-1251")
    token = re.search(r'name="upload" value="([^"]+)"', upload(client, url, "east.txt", data).content.decode())
    assert token is not None
    checked = client.post(url, {"upload": token[1], "guessed": "windows-1251", "encoding": ""}).content.decode()
    assert "Восток молчит" in checked
    assert 'value="windows-1251" list="encodings"' in checked
    client.post(url, {"upload": token[1], "encoding": "windows-1251"})
    assert TextVersion.objects.get().text.startswith("Запад ответил.")


def test_the_kept_file_of_another_member_can_not_be_imported() -> None:
    lead = make.project()
    url = f"/p/{lead.project.slug}/articles/import/"
    page = upload(lead_client(lead), url, "a.txt", b"One came.", preview="1").content.decode()
    token = re.search(r'name="upload" value="([^"]+)"', page)
    assert token is not None
    other = make.member(lead.project, role="lead")
    answer = lead_client(other).post(url, {"upload": token[1]})
    assert answer.status_code == 400
    assert not Article.objects.exists()


def send(client: Client, url: str, case: hostile.Case):
    if case.id == "stream-300mb":
        # A real server gets the whole of it, see test_imports_server.py.
        return upload(client, url, case.filename, TOO_LARGE)
    if case.id == "kind-no-boundary":
        return client.generic("POST", url, b"no parts", content_type="multipart/form-data")
    if not {"file", "generate"} & set(case.raw):
        return client.post(url, {})
    return upload(client, url, case.filename, case.content(), **case.raw.get("form_fields", {}))


def lead_client_report(lead: Membership, path: str, cookies) -> str:
    client = lead_client(lead)
    client.cookies.update(cookies)
    return client.get(path).content.decode()


@needs_shared
@pytest.mark.parametrize("case", hostile.cases("codebook_import"), ids=lambda case: case.id)
def test_hostile_codebooks(case: hostile.Case) -> None:
    if "generate" in case.raw:
        pytest.skip("generated: checked on core.codebook")
    lead = make.project()
    answer = upload(lead_client(lead), f"/p/{lead.project.slug}/codebook/import/", case.filename, case.content())
    assert answer.status_code in case.raw["status"]
    refused = answer.status_code >= 400
    assert refused == (not CodebookVersion.objects.exists())
    if refused:
        case.check_refusal(answer.content.decode())
    else:
        lead_client(lead).get(f"/p/{lead.project.slug}/codebook/")


@needs_shared
@pytest.mark.parametrize("case", hostile.cases("label_import"), ids=lambda case: case.id)
def test_hostile_label_files(case: hostile.Case) -> None:
    study = make.study()
    first, second, *_ = study.units()
    holes = {
        "article": study.articles[0].external_id,
        "sentence": first.index,
        "sentence2": second.index,
        "annotator": study.members[0].pseudonym,
        "variable": "stance",
        "value": "against",
        "value2": "for",
    }
    data = case.content()
    for hole, value in holes.items():
        data = data.replace(b"{{%s}}" % hole.encode(), str(value).encode())
    before = stored()
    answer = upload(lead_client(study.lead), f"/p/{study.slug}/labels/import/", case.filename, data)
    assert answer.status_code in case.raw["status"]
    if answer.status_code >= 400:
        case.check_refusal(answer.content.decode())
        assert stored() == before
    else:
        assert Label.objects.exists()


def test_a_codebook_is_only_checked_on_preview() -> None:
    lead = make.project()
    url = f"/p/{lead.project.slug}/codebook/import/"
    answer = upload(lead_client(lead), url, "book.json", json.dumps(make.CODEBOOK).encode(), preview="1")
    assert "8 questions" in answer.content.decode()
    assert not CodebookVersion.objects.exists()
