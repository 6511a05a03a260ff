"""The page of copies: looked for, side by side, decided and undone in the browser."""

import pytest
from django.test import Client

from projects.models import Article, Membership, Role
from tests import make
from tests.services.test_duplicates import bring, cut, story

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Membership:
    return make.project()


def client_of(member: Membership) -> Client:
    client = Client()
    assert member.user is not None
    client.force_login(member.user)
    return client


def address(lead: Membership) -> str:
    return f"/p/{lead.project.slug}/articles/duplicates/"


def look(lead: Membership) -> str:
    return str(client_of(lead).post(f"{address(lead)}look/", follow=True).content.decode())


def decide(lead: Membership, **sent: object) -> str:
    return str(client_of(lead).post(f"{address(lead)}decide/", sent, follow=True).content.decode())


def test_the_page_says_what_looking_does_before_anybody_looked(lead: Membership) -> None:
    page = client_of(lead).get(address(lead)).content.decode()
    assert "Look for copies" in page
    assert "agency reports" in page


def test_a_cut_copy_stands_beside_its_original_with_what_was_cut(lead: Membership) -> None:
    edited = cut(story(1)).replace(story(1).split("\n\n")[2], "New words of the second paper.")
    bring(lead, story(1), edited)
    page = look(lead)
    assert "One article may be a copy" in page
    assert "<ins>New words of the second paper.</ins>" in page
    assert f"<del>{story(1).split(chr(10) * 2)[8]}</del>" in page
    assert "3 sentences the same" in page
    assert "% of the shorter stands in the longer" in page


def test_an_article_cannot_bring_markup_into_the_page(lead: Membership) -> None:
    bring(lead, "<b>One</b>\n\n" + story(1), "<b>Two</b>\n\n" + story(1))
    page = look(lead)
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


@pytest.mark.parametrize(
    ("act", "linked", "dropped", "told"),
    [
        ("link", True, False, "1 copy is linked"),
        ("keep", False, False, "1 article is kept"),
        ("drop", False, True, "1 article is in the trash"),
    ],
)
def test_a_copy_is_decided_and_the_decision_undone(
    lead: Membership, act: str, linked: bool, dropped: bool, told: str
) -> None:
    first, second = bring(lead, story(1), story(1))
    look(lead)
    page = decide(lead, act=act, original=first, article=second, back=f"{address(lead)}?from=0")
    stored = Article.objects.get(pk=second)
    assert (stored.linked_to_id == first, stored.deleted_at is not None) == (linked, dropped)
    assert told in page
    assert "No copy waits for a decision" in page
    undo = next(part.split('"')[0] for part in page.split('action="') if "/undo/" in part)
    client_of(lead).post(undo)
    again = Article.objects.get(pk=second)
    assert (again.linked_to_id, again.deleted_at) == (None, None)
    assert "One article may be a copy" in client_of(lead).get(address(lead)).content.decode()


def test_a_whole_group_is_linked_or_kept_at_once(lead: Membership) -> None:
    first, *others = bring(lead, *[story(1)] * 8)
    assert "And 3 more" in look(lead)
    decide(lead, act="link_all", original=first)
    assert set(Article.objects.filter(linked_to=first).values_list("pk", flat=True)) == set(others)
    bring(lead, story(2), story(2))
    look(lead)
    group = client_of(lead).get(address(lead)).context["groups"][0]
    assert "2 articles are kept" in decide(lead, act="keep_all", original=group.original.pk)


def test_all_of_the_same_wording_are_linked_with_one_click(lead: Membership) -> None:
    bring(lead, story(1), story(1).upper(), story(2), story(2), cut(story(3)), story(3))
    assert "2 of them have every word of another" in look(lead)
    decide(lead, act="link_same_wording")
    assert Article.objects.filter(linked_to__isnull=False).count() == 2


def test_another_article_is_taken_as_the_original(lead: Membership) -> None:
    first, second = bring(lead, story(1), story(1))
    look(lead)
    groups = client_of(lead).get(f"{address(lead)}?original={second}").context["groups"]
    assert (groups[0].original.pk, groups[0].beside[0].article.pk) == (second, first)


@pytest.mark.parametrize(
    "sent", [{}, {"act": "link"}, {"act": "explode", "article": 1}, {"act": "drop", "article": "x"}]
)
def test_a_form_without_sense_changes_nothing(lead: Membership, sent: dict[str, object]) -> None:
    bring(lead, story(1), story(1))
    look(lead)
    assert "Choose what to do" in decide(lead, **sent)
    assert not Article.objects.exclude(linked_to=None, deleted_at=None).exists()


def test_a_group_that_somebody_decided_meanwhile_is_told(lead: Membership) -> None:
    first, second = bring(lead, story(1), story(1))
    look(lead)
    decide(lead, act="link", original=first, article=second)
    assert "decided already" in decide(lead, act="link_all", original=first)
    assert "Somebody may have made it meanwhile" in decide(lead, act="keep", article=second)


@pytest.mark.parametrize(("role", "status"), [(Role.VIEWER, 200), (Role.ADJUDICATOR, 200), (Role.ANNOTATOR, 403)])
def test_others_may_look_at_what_was_found_and_decide_nothing(lead: Membership, role: str, status: int) -> None:
    bring(lead, story(1), story(1))
    look(lead)
    answer = client_of(make.member(lead.project, role)).get(address(lead))
    assert answer.status_code == status
    assert b'name="act"' not in answer.content


def test_groups_go_on_page_by_page(lead: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.web.duplicates.PER_PAGE", 1)
    bring(lead, story(1), story(1), story(2), story(2))
    look(lead)
    client = client_of(lead)
    first, second = (client.get(f"{address(lead)}?from={start}").context["groups"] for start in (0, 1))
    assert len(first) == len(second) == 1
    assert first[0].original != second[0].original
    assert client.get(f"{address(lead)}?from=7").status_code == 200


def test_the_page_takes_few_queries_however_many_groups(lead: Membership, django_assert_max_num_queries) -> None:
    bring(lead, *(story(seed // 2) for seed in range(12)))
    look(lead)
    client = client_of(lead)
    with django_assert_max_num_queries(12):
        assert len(client.get(address(lead)).context["groups"]) == 6


def test_a_new_round_says_how_many_linked_copies_it_leaves_out(lead: Membership) -> None:
    make.codebook(lead)
    first, second = bring(lead, story(1), story(1))
    url = f"/p/{lead.project.slug}/rounds/new/"
    assert b"left out" not in client_of(lead).get(url).content
    decide(lead, act="link", original=first, article=second)
    page = client_of(lead).get(url)
    assert "One linked copy is left out" in page.content.decode()
    assert [article.pk for article in page.context["articles"]] == [first]
