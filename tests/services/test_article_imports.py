"""Long imports: whole or not at all, seen by nobody before their end, and equal to short ones."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from annotator.core.errors import InvalidError
from annotator.models import Job
from annotator.services import article_imports, jobs, tables, uploads
from annotator.services.article_checks import check_articles, with_likely_mapping
from annotator.services.article_imports import Request, UnreadableError, import_or_start
from projects.models import Article, Membership, Project, TextVersion, Unit
from projects.queries import overview, reading
from projects.services import articles
from tests import make
from tests.data.readers import make as files

pytestmark = pytest.mark.django_db
LONG = article_imports.SHORT_ARTICLES + 1


def jsonl(rows: int, **more: str) -> bytes:
    found = ({"external_id": f"a{n}", "title": f"No. {n}", "text": make.TEXT, **more} for n in range(rows))
    return "\n".join(json.dumps(row) for row in found).encode()


def run(lead: Membership, data: bytes, name: str = "many.jsonl") -> Job:
    job = import_or_start(member=lead, request=Request(name, data))
    assert isinstance(job, Job)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def rows_of(lead: Membership) -> list[tuple[object, ...]]:
    """Everything stored of the articles of a project but ids and times."""
    units = Unit.objects.filter(text_version__article__project=lead.project)
    fields = ["text_version__article__external_id", "index", "kind", "start", "end", "codable", "new_line", "why"]
    texts = TextVersion.objects.filter(article__project=lead.project)
    return [
        *map(tuple, units.order_by(*fields[:2]).values_list(*fields)),
        *texts.order_by("article__external_id").values_list(
            "text", "sha256", "splitter", "pending", "article__language"
        ),
    ]


def test_a_long_import_stores_what_a_short_one_stores() -> None:
    short, long = make.project(), make.project()
    documents = article_imports.read_articles(Request("many.jsonl", jsonl(LONG)), short.project)
    articles.import_articles(member=short, documents=documents)
    assert run(long, jsonl(LONG)).state == Job.State.DONE
    assert rows_of(short) == rows_of(long)
    assert len(rows_of(long)) == LONG * 7


def test_nobody_sees_an_article_before_the_last_one_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = make.project()
    assert lead.user_id is not None
    seen: list[int] = []
    store = article_imports._store

    def store_and_look(*arguments: object) -> int:
        units = store(*arguments)  # type: ignore[arg-type]
        visible = reading.readable_articles(whole=[lead.project_id], members=[lead.pk])
        seen.append(overview.articles(lead.project).count() + visible.count() + lead.project.articles.count())
        return units

    monkeypatch.setattr(article_imports, "_store", store_and_look)
    run(lead, jsonl(LONG))
    assert set(seen) == {0}
    assert overview.articles(lead.project).count() == LONG


def test_a_bad_row_at_the_end_refuses_the_whole_file() -> None:
    lead = make.project()
    bad = jsonl(LONG) + b'\n{"external_id": "last", "text": ""}' + b" " * article_imports.SHORT_BYTES
    job = run(lead, bad)
    assert (job.state, Article.with_pending.count()) == (Job.State.FAILED, 0)
    assert f"line {LONG + 1}" in job.message


def test_an_id_that_came_in_meanwhile_refuses_the_whole_file(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = make.project()
    job = import_or_start(member=lead, request=Request("many.jsonl", jsonl(LONG)))
    assert isinstance(job, Job)
    make.article(lead, external_id=f"a{LONG - 1}")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.result["problems"] == [f"a{LONG - 1}: an article with this id is in the project already."]
    assert Article.with_pending.count() == 1


def test_a_published_text_is_never_deleted_but_a_pending_one_is() -> None:
    lead = make.project()
    version = make.article(lead).text_versions.get()
    Unit.objects.all().delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM projects_textversion")
    TextVersion.objects.update(pending=True)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM projects_textversion WHERE id = %s", [version.pk])
    assert not TextVersion.objects.exists()


def test_one_long_article_is_stored_in_several_transactions() -> None:
    lead = make.project()
    text = "Head\n\n" + "One came. Two went. " * article_imports.SHORT_UNITS
    job = run(lead, text.encode(), "long.txt")
    assert job.result["units"] == 2 * article_imports.SHORT_UNITS + 1
    assert Unit.objects.count() == job.result["units"] + 1


def test_the_language_of_an_article_is_its_own_else_as_said_else_as_guessed_else_the_projects() -> None:
    lead = make.project()
    lead.project.language = "tr"
    french = "Le maire a ouvert le pont hier matin. Les habitants étaient très nombreux sur la place."
    named = Request(
        "a.json", json.dumps({"external_id": "a", "text": french, "language": "de"}).encode(), language="ru"
    )
    guessed, said, short = Request("a.txt", french.encode()), Request("a.txt", french.encode(), language="ru"), "Oui."
    requests = [named, guessed, said, Request("a.txt", short.encode())]
    found = [article_imports.read_articles(request, lead.project)[0].metadata["language"] for request in requests]
    assert found == ["de", "fr", "ru", "tr"]


def test_an_unknown_encoding_of_a_long_file_fails_the_job_and_keeps_the_file() -> None:
    lead = make.project()
    data = ("Запад ответил. Восток молчит, как и вчера вечером на площади.\n" * 20_000).encode("windows-1251")
    job = run(lead, data, "east.txt")
    assert job.state == Job.State.FAILED
    assert "windows-1251" in job.message
    kept = uploads.kept(member=lead, token=job.spec["files"][0]["token"])
    with pytest.raises(UnreadableError) as refused:
        article_imports.read_articles(Request(kept.name, kept.data), lead.project)
    assert refused.value.guesses[0].beginning.startswith("Запад ответил")


def test_a_kept_file_opens_to_its_sender_only_until_it_is_forgotten() -> None:
    lead, other = make.project(), make.project()
    token = uploads.keep(member=lead, name="a.txt", data=b"one\ntwo")
    assert uploads.kept(member=lead, token=token) == uploads.Kept(token, "a.txt", b"one\ntwo")
    for member, wrong in ((other, token), (lead, "../" + token), (lead, ""), (lead, "x" * 32)):
        with pytest.raises(InvalidError):
            uploads.kept(member=member, token=wrong)
    uploads.forget(member=lead, token=token)
    with pytest.raises(InvalidError):
        uploads.kept(member=lead, token=token)


def test_a_finished_import_leaves_no_file_behind() -> None:
    lead = make.project()
    job = run(lead, jsonl(LONG))
    with pytest.raises(InvalidError):
        uploads.kept(member=lead, token=job.spec["files"][0]["token"])


TABLE = b"Id;Headline;Body;Desk\n1;Bridge;It opened.;city\n2;Ferry;It sank.;sea\n"


def test_the_columns_of_a_table_are_guessed_by_their_names_and_remembered_when_they_were_said() -> None:
    lead = make.project()
    request = Request("a.csv", TABLE)
    mapping = with_likely_mapping(lead, request)
    assert mapping == {"Id": "external_id", "Headline": "title", "Body": "text"}
    tables.remember_mapping(member=lead, mapping={"Headline": "text", "Body": "title"})
    lead.project.refresh_from_db()
    assert with_likely_mapping(lead, request) == {"Headline": "text", "Body": "title", "Id": "external_id"}


def test_articles_that_are_there_already_are_left_out_where_that_is_asked() -> None:
    lead = make.project()
    make.article(lead, external_id="a0")
    said = Request("many.jsonl", jsonl(3), skip_taken=True)
    check = check_articles(member=lead, request=replace(said, skip_taken=False))
    assert (check.found, check.taken, check.refusal is None) == (3, 1, False)
    check = check_articles(member=lead, request=said)
    assert (check.found, check.taken, check.refusal) == (2, 1, None)

    done = import_or_start(member=lead, request=said)
    assert isinstance(done, article_imports.Imported)
    assert ([article.external_id for article in done.articles], done.skipped) == (["a1", "a2"], 1)
    with pytest.raises(InvalidError, match="every article of this file is in the project already"):
        import_or_start(member=lead, request=said)

    job = import_or_start(member=lead, request=replace(said, data=jsonl(LONG + 3)))
    assert isinstance(job, Job)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.result["articles"], job.result["skipped"]) == (LONG, 3)
    assert Article.objects.count() == LONG + 3


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods"])
def test_a_spreadsheet_shows_its_columns_and_first_rows_before_anybody_has_mapped_them(name: str) -> None:
    rows = [["key", "Headline", "Story"], ["1", "Bridge", "It opened."], ["", "", ""], ["2", "Ferry", "It sank."]]
    data = files.ods(rows) if name == "a.ods" else files.xlsx([files.text_cells(*row) for row in rows])
    lead = make.project()
    mapping = with_likely_mapping(lead, Request(name, data))
    assert mapping == {"key": "external_id", "Headline": "title", "Story": "text"}
    refused = check_articles(member=lead, request=Request(name, data))
    assert refused.refusal is not None
    assert [column.cells for column in refused.columns][1:] == [["Bridge", "Ferry"], ["It opened.", "It sank."]]
    check = check_articles(member=lead, request=Request(name, data, mapping=mapping))
    assert (check.found, check.refusal) == (2, None)


def test_a_damaged_spreadsheet_has_no_columns_to_show() -> None:
    check = check_articles(member=make.project(), request=Request("a.xlsx", b"PK\x03\x04 and no more"))
    assert check.columns == []
    assert "damaged" in str(check.refusal)


def test_a_check_shows_columns_rows_and_articles_and_stores_nothing() -> None:
    lead = make.project()
    mapping = {"Id": "external_id", "Headline": "title", "Body": "text"}
    check = check_articles(member=lead, request=Request("a.csv", TABLE, mapping=mapping))
    assert [(column.name, column.field) for column in check.columns][1:] == [
        ("Headline", "title"),
        ("Body", "text"),
        ("Desk", ""),
    ]
    assert check.columns[3].cells == ["city", "sea"]
    assert (check.found, check.refusal, check.previews[1].document.title) == (2, None, "Ferry")
    assert not Article.with_pending.exists()


@pytest.mark.parametrize(
    ("name", "data", "places"),
    [
        ("a.csv", b"external_id;title;text\n1;A;One.\n2;B;\n;C;Three.\n4;D\n5;E;Five.\n", ["Row 3", "Row 4", "Row 5"]),
        ("a.jsonl", b'{"external_id": "1"}\n{"external_id": "2", "text": "Two."}\n[]', ["Line 1", "Line 3"]),
    ],
)
def test_a_check_names_every_row_that_is_wrong(name: str, data: bytes, places: list[str]) -> None:
    refusal = check_articles(member=make.project(), request=Request(name, data)).refusal
    assert refusal is not None
    assert [problem.partition(":")[0] for problem in refusal.problems] == places


def test_a_check_names_every_id_that_is_taken() -> None:
    lead = make.project()
    for name in ("a0", "a1"):
        make.article(lead, external_id=name)
    refusal = check_articles(member=lead, request=Request("a.jsonl", jsonl(3))).refusal
    assert refusal is not None
    assert [problem[:2] for problem in refusal.problems] == ["a0", "a1"]


def test_the_command_imports_files_of_several_kinds_together(tmp_path: Path) -> None:
    lead = make.project()
    (tmp_path / "many.jsonl").write_bytes(jsonl(3))
    (tmp_path / "one.txt").write_text(make.TEXT)
    call_command("import_articles", lead.project.slug, str(tmp_path / "many.jsonl"), str(tmp_path / "one.txt"))
    assert set(Article.objects.values_list("external_id", "file_name")) == {
        *((f"a{n}", "many.jsonl") for n in range(3)),
        ("one", "one.txt"),
    }


def test_the_command_says_which_file_is_wrong_and_imports_none(tmp_path: Path) -> None:
    lead = make.project()
    (tmp_path / "one.txt").write_text(make.TEXT)
    (tmp_path / "bad.txt").write_text("")
    with pytest.raises(CommandError, match=r"bad\.txt"):
        call_command("import_articles", lead.project.slug, str(tmp_path / "one.txt"), str(tmp_path / "bad.txt"))
    assert not Article.with_pending.exists()


def test_a_kind_of_unit_that_does_not_exist_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("One came.")
    with pytest.raises(CommandError, match="no kind of unit “headlines”"):
        call_command("import_articles", "new", file, create=True, codable="sentence, headlines")
    assert not Project.objects.exists()
