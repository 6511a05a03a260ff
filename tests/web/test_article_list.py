"""The list of articles: filters, orders, pages, what is done to several at once, and metadata mended."""

import json

import pytest
from django.test import Client

from annotator.core.errors import ConflictError
from projects.models import Article, Assignment, AuditEntry, Membership, Role
from projects.queries.article_list import Wanted, lines, listed
from projects.readers import read
from projects.services.article_metadata import edit_metadata, set_column
from projects.services.articles import import_articles
from projects.services.linking import drop, link, undo
from tests import make

pytestmark = pytest.mark.django_db

ROWS = [
    ("a-1", "Ferry sails again", "North Radio", "2026-03-01", "en", "local", "The crew cheered."),
    ("a-2", "École fermée", "Le Port", "2026-03-05", "fr", "foreign", "Les élèves restent chez eux."),
    ("a-3", "ПАРОМ ВЕРНУЛСЯ", "Гавань", "2026-04-02T10:00", "ru", "foreign", "Команда ликовала."),
    ("a-4", "قوافل الإغاثة", "صوت الميناء", "early in May", "ar", "foreign", "وصلت الشاحنات."),
    ("a-5", "A bridge falls", "North Radio", "", "en", "local", "Nobody stood on the FERRY quay."),
]


@pytest.fixture
def lead() -> Membership:
    made = make.project()
    bring(made, ROWS)
    return made


def bring(lead: Membership, rows: list[tuple[str, ...]]) -> None:
    names = ("external_id", "title", "outlet", "published_at", "language", "desk", "text")
    objects = [dict(zip(names, row, strict=True)) for row in rows]
    data = "\n".join(json.dumps({**item, "text": f"{item['title']}\n\n{item['text']}"}) for item in objects)
    import_articles(member=lead, documents=read("rows.jsonl", data.encode()))


def client_of(member: Membership) -> Client:
    client = Client()
    assert member.user is not None
    client.force_login(member.user)
    return client


def found(lead: Membership, query: str) -> list[str]:
    """The external ids on the page, from top to bottom."""
    page = client_of(lead).get(f"/p/{lead.project.slug}/articles/{query}")
    assert page.status_code == 200
    return [line.article.external_id for line in page.context["lines"]]


def ids(*external: str) -> list[int]:
    rows = dict(Article.objects.values_list("external_id", "pk"))
    return [rows[name] for name in external]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["a-5", "a-4", "a-3", "a-2", "a-1"]),
        ("?q=FERRY", ["a-1"]),
        ("?q=ferry&in_text=1", ["a-5", "a-1"]),
        ("?q=école", ["a-2"]),
        ("?q=ÉCOLE", ["a-2"]),
        ("?q=паром", ["a-3"]),
        ("?q=ЛИКОВАЛА&in_text=1", ["a-3"]),
        ("?q=الإغاثة", ["a-4"]),
        ("?q=a.b", []),
        ("?q=é.*", []),
        ("?outlet=North Radio", ["a-5", "a-1"]),
        ("?language=fr", ["a-2"]),
        ("?since=2026-03-02", ["a-3", "a-2"]),
        ("?until=2026-04-02", ["a-3", "a-2", "a-1"]),
        ("?since=2026-03-05&until=2026-03-05", ["a-2"]),
        ("?since=9999-12-31", ["a-5", "a-4", "a-3", "a-2", "a-1"]),
        ("?since=yesterday", ["a-5", "a-4", "a-3", "a-2", "a-1"]),
        ("?column=desk&value=LOCAL", ["a-5", "a-1"]),
        ("?column=no'such\"&value=x", []),
        ("?column=$.desk&value=local", []),
        ("?state=not_drawn&language=en", ["a-5", "a-1"]),
        ("?state=nonsense&round=x&sort=bad&before=y", ["a-5", "a-4", "a-3", "a-2", "a-1"]),
        ("?sort=title", ["a-5", "a-1", "a-2", "a-3", "a-4"]),
        ("?sort=date", ["a-4", "a-3", "a-2", "a-1", "a-5"]),
    ],
)
def test_a_filter_or_an_order_shows_these(lead: Membership, query: str, expected: list[str]) -> None:
    assert found(lead, query) == expected


@pytest.mark.parametrize("name", ["2024", '"', "$", "a.b", "'"])
@pytest.mark.parametrize(("value", "words"), [("twelve", "ELV"), (12, "12"), (True, "true"), (["a"], "a")])
def test_an_own_column_may_have_any_name_and_hold_anything(
    lead: Membership, name: str, value: object, words: str
) -> None:
    Article.objects.filter(external_id="a-2").update(metadata={name: value})
    assert [a.external_id for a in listed(lead.project, Wanted(column=name, value=words), 9)] == ["a-2"]


@pytest.mark.parametrize("sort", ["newest", "title", "outlet", "date"])
def test_pages_of_every_order_show_each_article_once(lead: Membership, sort: str) -> None:
    bring(lead, [(f"b-{n}", "The same title", "One outlet", "2026-03-01", "en", "x", "Rain.") for n in range(6)])
    whole = [a.pk for a in listed(lead.project, Wanted(sort=sort), 100)]
    paged: list[int] = []
    while some := listed(lead.project, Wanted(sort=sort, before=paged[-1] if paged else None), 2)[:2]:
        paged += [article.pk for article in some]
    assert paged == whole
    assert len(set(paged)) == 11


def test_the_next_page_keeps_the_filter(lead: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.web.articles.PER_PAGE", 1)
    page = client_of(lead).get(f"/p/{lead.project.slug}/articles/?outlet=North+Radio&sort=title").content.decode()
    query = page.split('href="?before=')[1].split('"')[0].replace("&amp;", "&")
    assert found(lead, f"?before={query}") == ["a-1"]


def test_what_was_drawn_linked_or_dropped_is_found_by_its_state() -> None:
    study = make.study(annotators=1)
    drawn = study.articles[0].pk
    free, copy, gone = (make.article(study.lead, f"Story {n}\n\nIt rained.").pk for n in range(3))
    link(member=study.lead, original=free, copies=[copy])
    drop(member=study.lead, articles=[gone])

    def listed_in(state: str) -> list[int]:
        return [article.pk for article in listed(study.project, Wanted(state=state), 10)]

    assert listed_in("") == [copy, free, drawn]
    assert listed_in("drawn") == [drawn]
    assert listed_in("not_drawn") == [free]
    assert listed_in("linked") == [copy]
    assert listed_in("trash") == [gone]
    assert [a.pk for a in listed(study.project, Wanted(round=study.round.pk), 10)] == [drawn]


def test_a_line_says_units_shares_and_round() -> None:
    study = make.study(annotators=2)
    (line,) = lines(study.project, study.articles)
    assert (line.units, line.shares, line.done, line.round) == (5, 2, 0, "Round 1")


def test_equal_articles_are_told_on_the_first_list_after_the_import(lead: Membership) -> None:
    bring(lead, [("c-1", "Ferry sails again", "Wire", "", "en", "x", "THE CREW, cheered!")])
    page = client_of(lead).get(f"/p/{lead.project.slug}/articles/").content.decode()
    assert page.count("same wording as one other") == 2


def test_the_list_takes_as_many_queries_for_many_articles_as_for_few(
    lead: Membership, django_assert_max_num_queries
) -> None:
    bring(lead, [(f"d-{n}", f"Number {n}", "Wire", "", "en", "x", "Rain fell.") for n in range(40)])
    client = client_of(lead)
    client.get(f"/p/{lead.project.slug}/articles/")
    with django_assert_max_num_queries(16):
        assert len(client.get(f"/p/{lead.project.slug}/articles/").context["lines"]) == 45


@pytest.mark.parametrize(
    ("role", "status", "may"), [(Role.VIEWER, 200, False), (Role.ADJUDICATOR, 200, False), (Role.ANNOTATOR, 403, False)]
)
def test_only_a_lead_gets_the_means_to_change_articles(lead: Membership, role: str, status: int, may: bool) -> None:
    other, slug = make.member(lead.project, role), lead.project.slug
    client, (article,) = client_of(other), ids("a-1")
    page = client.get(f"/p/{slug}/articles/")
    assert (page.status_code, b'name="act"' in page.content) == (status, may)
    for path in ("change/", "duplicates/look/", "duplicates/decide/", "undo/1/"):
        assert client.post(f"/p/{slug}/articles/{path}", {"act": "drop", "articles": article}).status_code == 403
    assert client.get(f"/p/{slug}/articles/{article}/metadata/").status_code == 403
    assert Article.objects.filter(deleted_at=None).count() == 5


def change(lead: Membership, act: str, *external: str, **more: str) -> str:
    """Send the list's form; the page that it leads to."""
    url = f"/p/{lead.project.slug}/articles/"
    sent = {"act": act, "articles": ids(*external), "back": f"{url}?sort=title", **more}
    answer = client_of(lead).post(f"{url}change/", sent, follow=True)
    assert answer.redirect_chain[0][0].startswith(f"{url}?sort=title")
    return str(answer.content.decode())


def test_ticked_articles_are_dropped_and_an_undo_brings_them_back(lead: Membership) -> None:
    page = change(lead, "drop", "a-1", "a-2")
    assert "2 articles are in the trash" in page
    assert found(lead, "?state=trash") == ["a-2", "a-1"]
    undo = page.split('action="')[1:]
    address = next(part.split('"')[0] for part in undo if "/undo/" in part)
    answer = client_of(lead).post(address, {"back": f"/p/{lead.project.slug}/articles/?sort=date"})
    assert answer["Location"].endswith("?sort=date")
    assert found(lead, "?state=trash") == []
    assert (
        b"/undo/" not in client_of(lead).get(f"/p/{lead.project.slug}/articles/?done={address.split('/')[-2]}").content
    )


def test_why_nothing_was_dropped_is_one_notice_with_the_first_reasons() -> None:
    study = make.study(annotators=1, texts=[f"Story {n}\n\nIt rained." for n in range(5)])
    Assignment.objects.update(state=Assignment.State.STARTED)
    page = change(study.lead, "drop", *(article.external_id for article in study.articles))
    assert page.count("is labelled in the round “Round 1”") == 3
    assert "And 2 more." in page
    assert page.count("notice doubt") == 1


def test_the_longest_of_the_ticked_articles_is_the_original(lead: Membership) -> None:
    assert "1 copy is linked" in change(lead, "link", "a-1", "a-5")
    one, five = ids("a-1", "a-5")
    assert Article.objects.get(pk=one).linked_to_id == five


def test_all_on_the_page_means_what_the_page_showed(lead: Membership) -> None:
    change(lead, "drop", all_shown="1", shown=str(ids("a-3")[0]))
    assert found(lead, "?state=trash") == ["a-3"]


@pytest.mark.parametrize(
    ("act", "told"),
    [("link", "Tick at least two"), ("set", "Tick at least one"), ("drop", "Choose at least one"), ("x", "what to do")],
)
def test_nothing_ticked_is_told_and_changes_nothing(lead: Membership, act: str, told: str) -> None:
    assert told in change(lead, act)
    assert found(lead, "") == ["a-5", "a-4", "a-3", "a-2", "a-1"]


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org/p/", "/accounts/logout/", ""])
def test_a_form_leads_back_to_the_articles_and_nowhere_else(lead: Membership, back: str) -> None:
    url = f"/p/{lead.project.slug}/articles/"
    answer = client_of(lead).post(f"{url}change/", {"act": "drop", "articles": ids("a-1"), "back": back})
    assert answer["Location"].split("?")[0] == url


def test_a_column_is_set_for_all_ticked_articles_and_written_down(lead: Membership) -> None:
    assert "changed in 2 articles" in change(lead, "set", "a-1", "a-5", "a-2", set_column="desk", set_value="foreign")
    assert {a.metadata["desk"] for a in Article.objects.all()} == {"foreign"}
    entry = AuditEntry.objects.get(act="set a column")
    assert entry.detail == {"column": "desk", "value": "foreign", "was": {"a-1": "local", "a-5": "local"}}
    change(lead, "set", "a-1", set_column="outlet", set_value="Wire")
    assert Article.objects.get(external_id="a-1").outlet == "Wire"


@pytest.mark.parametrize("column", ["desk", "outlet", "new"])
def test_a_column_that_was_set_is_put_back(lead: Membership, column: str) -> None:
    before = list(Article.objects.order_by("pk").values("outlet", "metadata"))
    entry = set_column(member=lead, articles=ids("a-1", "a-2"), name=column, value="x")
    assert entry is not None
    undo(member=lead, entry=entry)
    assert list(Article.objects.order_by("pk").values("outlet", "metadata")) == before


def test_a_column_that_was_set_again_since_is_not_put_back(lead: Membership) -> None:
    first, _ = (set_column(member=lead, articles=ids("a-1"), name="desk", value=value) for value in ("x", "y"))
    assert first is not None
    with pytest.raises(ConflictError, match="changed again"):
        undo(member=lead, entry=first)
    assert Article.objects.get(external_id="a-1").metadata["desk"] == "y"


@pytest.mark.parametrize("name", ["", "external_id", "text", "title", "x" * 101, "a\0b"])
def test_a_column_that_has_another_meaning_is_refused(lead: Membership, name: str) -> None:
    before = list(Article.objects.values())
    assert "notice doubt" in change(lead, "set", "a-1", set_column=name, set_value="x")
    assert list(Article.objects.values()) == before


def test_metadata_is_mended_in_a_form_and_written_down(lead: Membership) -> None:
    (article,) = ids("a-1")
    url = f"/p/{lead.project.slug}/articles/{article}/"
    client = client_of(lead)
    assert b'value="North Radio"' in client.get(f"{url}metadata/").content
    sent = {"title": " Ferry  sails ", "outlet": "South Radio", "language": "en-GB", "published_at": "2026-03-01"}
    sent |= {"name": ["desk", "length"], "value": ["", "12"]}
    assert client.post(f"{url}metadata/", sent)["Location"] == url
    stored = Article.objects.get(pk=article)
    assert (stored.title, stored.outlet, stored.language, stored.metadata) == (
        "Ferry sails",
        "South Radio",
        "en-GB",
        {"length": "12"},
    )
    changes = AuditEntry.objects.get(act="edit metadata").detail["changes"]
    assert changes["outlet"] == ["North Radio", "South Radio"]
    assert changes["desk"] == ["local", ""]
    assert "published_at" not in changes


def test_a_number_stays_a_number_where_nobody_changed_it(lead: Membership) -> None:
    Article.objects.filter(external_id="a-1").update(metadata={"words": 120, "tags": ["a"]})
    (article,) = ids("a-1")
    page = client_of(lead).get(f"/p/{lead.project.slug}/articles/{article}/metadata/")
    own = dict(page.context["own"])
    assert edit_metadata(member=lead, article=article, fields={}, own=own) == []
    assert Article.objects.get(pk=article).metadata == {"words": 120, "tags": ["a"]}
    assert not AuditEntry.objects.filter(act="edit metadata").exists()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("title", " ", "Give the article a title"),
        ("title", "x" * 301, "300 are the most"),
        ("language", "the English one", "is no language code"),
        ("outlet", "a\0b", "NUL"),
    ],
)
def test_what_cannot_be_stored_is_refused_and_stays_in_the_form(
    lead: Membership, field: str, value: str, told: str
) -> None:
    (article,) = ids("a-1")
    url = f"/p/{lead.project.slug}/articles/{article}/metadata/"
    answer = client_of(lead).post(url, {"title": "A", "author": "Somebody", field: value})
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert 'value="Somebody"' in answer.content.decode()
    assert Article.objects.get(pk=article).author == ""


def test_an_article_of_another_project_cannot_be_changed(lead: Membership) -> None:
    stranger, (article,) = make.project(), ids("a-1")
    client, url = client_of(stranger), f"/p/{stranger.project.slug}/articles/"
    assert client.post(f"{url}{article}/metadata/", {"title": "Mine"}).status_code == 404
    for act in ("drop", "restore", "unlink"):
        assert client.post(f"{url}change/", {"act": act, "articles": article}).status_code == 404
    sent = {"act": "set", "articles": article, "set_column": "x", "set_value": "y"}
    assert client.post(f"{url}change/", sent).status_code == 404
    assert set_column(member=lead, articles=[article], name="x", value="y") is not None


def test_what_was_imported_otherwise_than_it_could_be_typed_stays_as_it_is(lead: Membership) -> None:
    own = {"a  b": "two\nlines  here", " ": "spaces", "n" * 150: "long name", "long": "x" * 3000, "n": 1, "none": None}
    (article,) = ids("a-1")
    Article.objects.filter(pk=article).update(metadata=own, language="en_GB", author="Two  Spaces")
    client, address = client_of(lead), f"/p/{lead.project.slug}/articles/{article}/metadata/"
    form = client.get(address).context
    sent = {name: value for name, _, value in form["fields"]} | {"title": "Another title"}
    names, values = zip(*form["own"], strict=True)
    # As a browser sends it: an input has one line.
    lines = [value.replace("\n", "") for value in values]
    assert client.post(address, sent | {"name": [*names, ""], "value": [*lines, ""]}).status_code == 302
    now = Article.objects.get(pk=article)
    assert (now.title, now.metadata, now.language, now.author) == ("Another title", own, "en_GB", "Two  Spaces")
