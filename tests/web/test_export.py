"""The export page and its downloads: for whom, in which form, and proof against hostile data and requests."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape
from python_calamine import CalamineWorkbook

from annotator.formats.written import text_of
from annotator.services.exports import FORMS, TABLES, open_table
from projects.models import Article, CodebookVersion, Membership, Role, Round
from projects.queries import access
from projects.services.projects import create_project
from projects.services.rounds import open_round
from tests import hostile, make
from tests.shared import needs_shared

pytestmark = pytest.mark.django_db
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def client_of(member: Membership) -> Client:
    client = Client()
    assert member.user is not None
    client.force_login(member.user)
    return client


def download(member: Membership, query: str = "", **params: str):
    return client_of(member).get(f"/p/{member.project.slug}/export/download/{query}", params or None)


def table(answer, delimiter: str = ",") -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def test_the_page_offers_the_rounds_the_files_and_a_look_at_the_first_rows() -> None:
    study = make.study()
    page = client_of(study.lead).get(f"/p/{study.slug}/export/").content.decode()
    assert "One round to take with you" in page
    assert f">{len(table(download(study.lead)))} rows</h2>" in page
    assert page.count("<td><bdi>Round 1</bdi></td>") == 10
    assert f"/p/{study.slug}/agreement/download/?format=json&amp;round={study.round.pk}" in page


def test_the_page_of_an_empty_project_says_so() -> None:
    lead = make.project()
    assert "Nothing to export yet" in client_of(lead).get(f"/p/{lead.project.slug}/export/").content.decode()


def test_page_and_manual_explain_every_column_of_every_table_in_its_order() -> None:
    study = make.study(annotators=1)
    manual = (settings.BASE_DIR / "docs" / "datasets.md").read_text(encoding="utf-8")
    client = client_of(study.lead)
    for name, found in TABLES.items():
        opened = open_table(member=study.lead, table=name)
        address, htmx = f"/p/{study.slug}/export/?format={name}", {"HX-Request": "true"}
        look = client.get(address, headers=htmx).content.decode()
        told = re.findall(r'<code>(.*?)</code></th><td class="full">(.*?)</td>', look)
        assert told == [(escape(column.name), escape(column.meaning)) for column in opened.columns]
        section = manual.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
        assert re.findall(r"^\| `(.*?)` \| (\w+) \| (.*) \|$", section, re.MULTILINE) == [
            (column.name, column.type, column.meaning) for column in found.columns
        ]


def test_the_page_names_the_rounds_that_are_left_out() -> None:
    study = make.study(annotators=1)
    open_round(lead=study.lead, name="Blind one", purpose="main", articles=study.articles, members=[study.lead])
    page = client_of(study.lead).get(f"/p/{study.slug}/export/").content.decode()
    assert "“Blind one” is left out" in page
    assert 'value="long" selected' in page
    assert "<bdi>Blind one</bdi>" not in page


def test_without_a_choice_a_download_is_the_long_csv_of_all_rounds() -> None:
    study = make.study(annotators=1)
    open_round(lead=study.lead, name="Second", purpose="main", articles=study.articles, members=study.members)
    answer = download(study.lead)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{study.slug}-long.csv"'
    assert {row["round"] for row in table(answer)} == {"Round 1", "Second"}


def test_one_round_can_be_chosen() -> None:
    study = make.study(annotators=1)
    second = open_round(lead=study.lead, name="Second", purpose="main", articles=study.articles, members=study.members)
    answer = download(study.lead, format="long", round=str(second.pk))
    assert answer["Content-Disposition"] == f'attachment; filename="{study.slug}-long-second.csv"'
    assert {row["round"] for row in table(answer)} == {"Second"}


def test_the_kinds_of_file_hold_the_same_rows() -> None:
    study = make.study(annotators=1)
    make.label(study.assignment(), study.units()[0], "stance", "for")
    expected = table(download(study.lead))
    assert table(download(study.lead, **{"as": "tsv"}), "\t") == expected
    lines = b"".join(download(study.lead, **{"as": "jsonl"}).streaming_content).decode().splitlines()
    assert [{key: str(value) for key, value in json.loads(line).items()} for line in lines] == expected
    assert table(download(study.lead, **{"as": "spreadsheet"})) == expected
    assert table(download(study.lead, format="spreadsheet")) == expected


def test_a_download_comes_in_pieces() -> None:
    study = make.study(annotators=3, texts=(make.TEXT * 20,))
    answer = download(study.lead)
    assert answer.streaming
    assert len(list(answer.streaming_content)) > 2


@pytest.mark.parametrize(
    ("role", "status"), [(Role.VIEWER, 200), (Role.ADJUDICATOR, 403), (Role.ANNOTATOR, 403)], ids=str
)
@pytest.mark.parametrize("path", ["export/", "export/download/"])
def test_only_lead_and_viewer_get_in(role: Role, status: int, path: str) -> None:
    study = make.study(annotators=1)
    member = make.member(study.project, role)
    assert client_of(member).get(f"/p/{study.slug}/{path}").status_code == status


def test_the_round_of_another_project_is_not_found() -> None:
    study, other = make.study(annotators=1), make.study(annotators=1)
    assert download(study.lead, round=str(other.round.pk)).status_code == 404


@pytest.mark.parametrize("query", ["?round=x", "?round=-1", "?round=²", "?as=exe", "?format=spreadsheet&as=jsonl"])
def test_a_choice_that_is_not_offered_is_refused(query: str) -> None:
    study = make.study(annotators=1)
    assert download(study.lead, query).status_code == 400


def test_a_round_of_the_lead_s_own_blind_work_is_refused_with_the_reason() -> None:
    study = make.study(annotators=1)
    own = open_round(lead=study.lead, name="Blind one", purpose="main", articles=study.articles, members=[study.lead])
    answer = download(study.lead, round=str(own.pk))
    assert answer.status_code == 403
    assert "still open" in answer.content.decode()


def test_nothing_is_taken_by_post() -> None:
    study = make.study(annotators=1)
    assert client_of(study.lead).post(f"/p/{study.slug}/export/download/").status_code == 405


def test_the_name_of_a_round_stays_a_file_name() -> None:
    study = make.study(annotators=1)
    Round.objects.filter(pk=study.round.pk).update(name='../"\r\nSet-Cookie: a=b;سلام')
    answer = download(study.lead, round=str(study.round.pk))
    assert answer["Content-Disposition"] == f'attachment; filename="{study.slug}-long-set-cookie-ab.csv"'
    Round.objects.filter(pk=study.round.pk).update(name="سلام")
    answer = download(study.lead, round=str(study.round.pk))
    assert answer["Content-Disposition"] == f'attachment; filename="{study.slug}-long-{study.round.pk}.csv"'


def test_a_name_that_is_markup_is_text_on_the_page() -> None:
    study = make.study(annotators=1, texts=("<script>alert(1)</script> rose.\n",))
    Round.objects.filter(pk=study.round.pk).update(name="<b>R</b>")
    page = client_of(study.lead).get(f"/p/{study.slug}/export/").content.decode()
    assert "<script>alert" not in page
    assert "<b>R</b>" not in page


@needs_shared
@pytest.mark.parametrize("case", hostile.cases("export"), ids=lambda case: case.id)
def test_a_hostile_request(case: hostile.Case) -> None:
    study = make.study(annotators=1)
    checks = case.raw.get("checks", [])
    client = client_of(make.project()) if "as_foreign_member" in checks else client_of(study.lead)
    client = Client() if "as_anonymous" in checks else client

    def get(form: Mapping[str, str]) -> tuple[int, bytes, str]:
        answer = client.get(f"/p/{study.slug}/export/download/", case.raw["request"]["query"] | form)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if "download_headers" in checks:
            assert answer["Content-Disposition"].startswith("attachment")
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert "html" not in answer["Content-Type"]
        return answer.status_code, body, answer.headers.get("Location", "")

    for form in ({}, {"as": "xlsx"}, {"as": "parquet"}, {"format": "wide"}):
        if form.get("format") and "format" in case.raw["request"]["query"]:
            continue
        status, body, location = get(form)
        assert status in case.raw["status"]
        case.check_leaks(body.decode(errors="replace") + location)
        if "same_bytes_twice" in checks:
            assert get(form) == (status, body, location)
        if "as_anonymous" in checks:
            assert location.startswith("/accounts/login/")


def formula_cases(route: str) -> list[hostile.Case]:
    """Those of formats that are read so far."""
    found = [case for case in hostile.cases(route) if "formula_inert_in_export" in case.raw.get("checks", [])]
    return [case for case in found if case.ending != "xlsx"]


def assert_inert(study_lead: Membership) -> None:
    rows = table(download(study_lead, format="spreadsheet"))
    assert rows
    assert not [cell for row in rows for cell in row.values() if cell.startswith(FORMULA)]
    workbook = io.BytesIO(b"".join(download(study_lead, **{"as": "xlsx"}).streaming_content))
    sheet = zipfile.ZipFile(workbook).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet
    exact = [list(row.values()) for row in table(download(study_lead))]
    workbook.seek(0)
    found = CalamineWorkbook.from_filelike(workbook).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert [[text_of(cell) for cell in row] for row in found[1:]] == exact  # type: ignore[arg-type]


@needs_shared
@pytest.mark.parametrize("case", formula_cases("article_upload"), ids=lambda case: case.id)
def test_formulas_in_articles_are_inert_in_the_spreadsheet(case: hostile.Case) -> None:
    lead = make.project()
    make.codebook(lead)
    file = SimpleUploadedFile(case.filename, case.content())
    client_of(lead).post(f"/p/{lead.project.slug}/articles/import/", {"file": file})
    articles = list(Article.objects.all())
    open_round(lead=lead, name="=1+1", purpose="main", articles=articles, members=[make.member(lead.project)])
    assert_inert(lead)


@needs_shared
@pytest.mark.parametrize("case", formula_cases("codebook_import"), ids=lambda case: case.id)
def test_formulas_in_codebooks_are_inert_in_the_spreadsheet(case: hostile.Case) -> None:
    user = make.user()
    create_project(user=user, title="Formulas", slug="formulas")
    lead = access.membership(user, "formulas")
    file = SimpleUploadedFile(case.filename, case.content())
    client_of(lead).post("/p/formulas/codebook/import/", {"file": file})
    assert CodebookVersion.objects.exists()
    article = make.article(lead, "=1+1 is what the minister said.\n", "=cmd")
    open_round(lead=lead, name="@r", purpose="main", articles=[article], members=[make.member(lead.project)])
    assert_inert(lead)


def test_the_manual_explains_every_kind_of_file() -> None:
    manual = (settings.BASE_DIR / "docs" / "datasets.md").read_text(encoding="utf-8")
    assert [kind for kind in FORMS if f"`{kind}`" not in manual] == []
