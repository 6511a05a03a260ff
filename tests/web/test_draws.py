"""A round drawn, led and frozen in the browser."""

import re

import pytest
from django.test import Client

from annotator.models import Job, Notice
from annotator.services import drawn_rounds
from annotator.tasks import run_job
from projects.models import Article, Assignment, Round, User
from tests import make

pytestmark = pytest.mark.django_db
State = Assignment.State


@pytest.fixture
def study() -> make.Study:
    """Two annotators, six articles of three outlets, one round in which everybody labels everything."""
    made = make.study(annotators=2, texts=[make.TEXT] * 6)
    for place, article in enumerate(made.articles):
        Article.objects.filter(pk=article.pk).update(outlet="بوست" if place % 3 else "Wire")
    return made


@pytest.fixture
def lead(study: make.Study) -> Client:
    return signed_in(study.lead.user)


def signed_in(user: User | None) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return client


def form(study: make.Study, **other: object) -> dict[str, object]:
    offered = {"from": "all", "amount": "number", "number": "3", "deal": "each", "overlap": "2", "seed": "41"}
    people = [member.pk for member in study.members]
    return offered | {"name": "Drawn", "purpose": "main", "members": people, "by": "outlet"} | other


def address(study: make.Study, path: str = "new/") -> str:
    return f"/p/{study.slug}/rounds/{path}"


def test_a_draw_is_looked_at_then_stored_as_it_was(study: make.Study, lead: Client) -> None:
    first = lead.get(address(study) + "?purpose=main&outlet=Wire").content.decode()
    assert 'value="double" checked' in first
    assert '<option value="Wire" selected>' in first
    seen = lead.post(address(study), form(study, act="preview"))
    page = seen.content.decode()
    assert "3 articles are drawn from 6, as 6 shares. 30 sentences are to be labelled." in page
    assert "Every two annotators share 3." in page
    assert [one.articles for one in seen.context["dealt"]] == [3, 3]
    assert not Round.objects.filter(name="Drawn").exists()
    sent = form(study, act="open", seen=seen.context["plan"].shares_sha256)
    answer = lead.post(address(study), sent | {"seed": "42"})
    assert answer.status_code == 400
    assert "not the draw that you saw" in answer.content.decode()
    answer = lead.post(address(study), sent)
    made = Round.objects.get(name="Drawn")
    assert answer.headers["Location"] == address(study, f"{made.pk}/")
    assert made.assignments.count() == 6
    page = lead.get(address(study, f"{made.pk}/?again=1")).content.decode()
    assert "3 of 6 articles were drawn at random, stratified by outlet in proportion." in page
    assert "seed 41" in page
    assert "the same shares" in page


def test_numbers_are_written_beside_the_strata(study: make.Study, lead: Client) -> None:
    sent = form(study, spread="given", stratum=["Wire", "بوست"], take=["2", "1"], act="preview")
    seen = lead.post(address(study), sent)
    assert [(line.stratum, line.articles) for line in seen.context["plan"].summary.strata] == [("Wire", 2), ("بوست", 1)]
    answer = lead.post(address(study), sent | {"take": ["3", "x"]})
    assert answer.status_code == 400
    assert "write a whole number" in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"number": "7"}, "Possible: 1 to 6"),
        ({"overlap": "x"}, "Annotators an article: write a whole number"),
        ({"deal": "double", "double": "-1"}, "Labelled twice: write per cent"),
        ({"due_on": "tomorrow"}, "is no date"),
        ({"from": "hand"}, "Choose at least one article."),
        ({"members": []}, "Choose at least one annotator."),
        ({"purpose": "retest", "retest_of": "1", "retest_number": "0"}, "Articles given again"),
    ],
)
def test_what_cannot_be_drawn_is_told(study: make.Study, lead: Client, wrong: dict[str, object], told: str) -> None:
    answer = lead.post(address(study), form(study, **wrong))
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert Round.objects.count() == 1


def test_a_large_round_is_opened_as_a_job(study: make.Study, lead: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn_rounds, "SHORT_SHARES", 5)
    answer = lead.post(address(study), form(study, due_on="2027-03-31", reason_required="1"))
    assert answer.status_code == 202
    job = Job.objects.get(kind="open round")
    assert not Round.objects.filter(name="Drawn").exists()
    run_job.call(job.pk)
    assert set(Notice.objects.filter(kind="round open").values_list("user", flat=True)) == {
        member.user_id for member in study.members
    }
    assert "is open" in lead.get(answer.headers["Location"]).content.decode()
    made = Round.objects.get(name="Drawn")
    assert (made.assignments.count(), str(made.due_on), made.reason_required) == (6, "2027-03-31", True)


def test_enough_sentences_are_worked_out_beside_the_form(study: make.Study, lead: Client) -> None:
    wanted = {"size_share": "25", "size_mark": "0.8", "size_half": "0,1", "size_expected": "90", "size_least": "85"}
    answer = lead.post(address(study), form(study, act="sizes", **wanted))
    assert [size.units for size in answer.context["sizes"]] == [139, 188, 24]
    assert 'value="Drawn"' in answer.content.decode()
    assert lead.post(address(study), form(study, act="sizes", **wanted | {"size_share": "x"})).context["sizes"] == []


def test_shares_are_taken_back_given_and_put_back(study: make.Study, lead: Client) -> None:
    path, act = address(study, f"{study.round.pk}/"), address(study, f"{study.round.pk}/shares/")
    page = lead.get(path).content.decode()
    assert "all its annotators were given all its articles" in page
    answer = lead.post(act, {"act": "release", "member": study.members[0].pk}, follow=True)
    assert "6 shares were taken back" in answer.content.decode()
    entry = answer.redirect_chain[0][0].partition("done=")[2]
    lead.post(act, {"act": "undo", "entry": entry})
    own = Assignment.objects.filter(member=study.members[0])
    assert set(own.values_list("state", flat=True)) == {State.WAITING}
    newcomer = make.member(study.project)
    assert "2 shares" in lead.post(act, {"act": "join", "to": newcomer.pk, "number": "2"}, follow=True).content.decode()
    lead.post(act, {"act": "overlap", "to": newcomer.pk, "number": "1"})
    assert Assignment.objects.filter(member=newcomer).count() == 3
    own_page = address(study, f"{study.round.pk}/members/{newcomer.pk}/")
    assert lead.get(own_page).content.decode().count('name="shares"') == 3
    share = Assignment.objects.filter(member=newcomer)[0]
    sent = {"act": "release", "member": newcomer.pk, "single": "1", "shares": [share.pk], "back": "shares"}
    assert lead.post(act, sent).headers["Location"].startswith(own_page)
    share.refresh_from_db()
    assert share.state == State.RELEASED
    answer = lead.post(act, {"act": "join", "to": newcomer.pk, "number": "0"}, follow=True)
    assert "Write how many" in answer.content.decode()


def test_a_frozen_round_stays_as_it_is(study: make.Study, lead: Client) -> None:
    path = address(study, f"{study.round.pk}/")
    assert "Close the round first" in lead.post(path + "freeze/", follow=True).content.decode()
    lead.post(path + "close/", {"state": "closed"})
    lead.post(path + "freeze/")
    page = lead.get(path).content.decode()
    assert "Frozen on" in page
    assert "<form" not in page.partition("<main")[2]
    assert "is frozen" in lead.post(path + "close/", {"state": "open"}, follow=True).content.decode()
    assert Round.objects.get().closed_at is not None
    lead.post(path + "shares/", {"act": "release", "member": study.members[0].pk})
    assert not Assignment.objects.filter(state=State.RELEASED).exists()


def test_nothing_tells_an_annotator_which_share_is_which(study: make.Study, lead: Client) -> None:
    """Two shares that differ in what the draw gave them for look alike, and one that isn't due yet is not there."""
    first, second = Assignment.objects.filter(member=study.members[0])[:2]
    client = signed_in(study.members[0].user)

    def screens() -> list[str]:
        paths = [f"/p/{study.slug}/", f"/p/{study.slug}/code/{first.pk}/", "/api/v1/labels/"]
        pages = [client.get(path).content.decode() for path in paths]
        return [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page) for page in pages]

    before = screens()
    Assignment.objects.filter(pk=first.pk).update(why="retest")
    Assignment.objects.filter(pk=second.pk).update(why="gold")
    assert screens() == before
    Assignment.objects.filter(pk=first.pk).update(available_from="2999-01-01T00:00Z")
    assert client.get(f"/p/{study.slug}/code/{first.pk}/").status_code == 404
    assert client.get(f"/p/{study.slug}/code/").headers["Location"].endswith(f"/{second.pk}/")
    assert "Article 1 of 5" in client.get(f"/p/{study.slug}/code/{second.pk}/").content.decode()
