"""Agreement by parts, from the labels: who, where, when, and each annotator with himself."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from annotator.models import Event
from annotator.queries.breakdowns import Asked, Broken, broken_down
from annotator.queries.reports import agreement_report
from projects.models import Article, Assignment, Membership, Role, Round
from tests import make

pytestmark = pytest.mark.django_db
TWICE = "Bridge reopens\n\nThe mayor blamed the regime. Nobody came today.\n\nThe mayor blamed the regime. It rained.\n"


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def stances(study: make.Study, unit: int, *given: str | None, article: int = 0) -> None:
    for number, value in enumerate(given):
        if value:
            make.label(study.assignment(number, article), study.units(article)[unit], "stance", value)


@pytest.fixture
def study() -> make.Study:
    """Two articles: all agree in the first, the third annotator differs throughout the second."""
    made = make.study(texts=[make.TEXT, make.TEXT])
    for unit, value in enumerate(["for", "against", "for", "against"]):
        stances(made, unit, value, value, value)
        stances(made, unit, value, value, "neutral", article=1)
    return made


def asked(study: make.Study, key: str = "stance", round: Round | None = None) -> Asked:
    return Asked(study.lead, round or study.round, key)


def values(broken: Broken) -> dict[object, float | None]:
    return {part.key: None if part.figure.value is None else round(part.figure.value, 6) for part in broken.parts}


def test_the_annotator_without_whom_the_others_agree_is_found(study: make.Study) -> None:
    against = {own.annotator: own for own in broken_down(asked(study), "annotators").against}
    found = [against[member.pseudonym] for member in study.members]
    assert [own.without.value == 1 for own in found] == [False, False, True]
    assert [own.majority.value for own in found if own.majority] == [1, 1, 0.5]
    # Two others who differ are a tie.
    assert [own.ties for own in found] == [4, 4, 0]


def test_by_article_outlet_kind_and_an_own_column(study: make.Study) -> None:
    first, second = study.articles
    Article.objects.filter(pk=first.pk).update(title="First", outlet="Wire", metadata={"desk": "home"})
    Article.objects.filter(pk=second.pk).update(title="Second", outlet="Post", metadata={"desk": 7})
    assert {"article", "outlet", "kind", "column:desk"} <= set(asked(study).ways)
    by_article = values(broken_down(asked(study), "article"))
    assert list(by_article) == [second.external_id, first.external_id]
    assert by_article[first.external_id] == 1
    assert broken_down(asked(study), "article").titles == {first.external_id: "First", second.external_id: "Second"}
    low = by_article[second.external_id]
    assert values(broken_down(asked(study), "outlet")) == {"Wire": 1, "Post": low}
    assert values(broken_down(asked(study), "column:desk")) == {"home": 1, "7": low}
    assert {part.key: part.units for part in broken_down(asked(study), "kind").parts} == {"headline": 2, "sentence": 6}


def test_a_missing_column_is_told(study: make.Study) -> None:
    Article.objects.filter(pk=study.articles[0].pk).update(metadata={"desk": "home"})
    by_desk = broken_down(asked(study), "column:desk")
    assert ([part.key for part in by_desk.parts], by_desk.unplaced) == (["home"], 4)


def test_over_time_a_unit_stands_where_its_last_answer_does(study: make.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    start = timezone.now()
    monkeypatch.setattr("annotator.queries.unit_groups._answered_at", lambda round, rated: _by_place(rated, start))
    days = broken_down(asked(study), "day").parts
    assert [part.units for part in days] == [4, 4]
    assert [part.key for part in days] == sorted(str(part.key) for part in days)
    fifths = broken_down(asked(study), "fifth").parts
    assert [part.key for part in fifths] == ["1", "2", "3", "4", "5"]
    assert sum(part.units for part in fifths) == 8


def test_days_are_those_of_the_site(study: make.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    evening = datetime(2026, 3, 1, 20, tzinfo=UTC)
    monkeypatch.setattr("annotator.queries.unit_groups._answered_at", lambda round, rated: _by_place(rated, evening))
    with timezone.override("Asia/Tokyo"):
        assert [part.key for part in broken_down(asked(study), "day").parts] == ["2026-03-02", "2026-03-03"]


def _by_place(rated: object, start: datetime) -> dict[int, datetime]:
    return {unit.id: start + timedelta(days=place // 5) for place, unit in enumerate(rated.units)}


def test_the_times_are_those_of_the_last_choices(study: make.Study) -> None:
    (part,) = broken_down(asked(study), "day").parts
    newest = Event.objects.latest("server_time").server_time
    assert (part.key, part.units) == (newest.date().isoformat(), 8)


def test_within_and_between_groups_of_annotators(study: make.Study) -> None:
    assert "groups" not in asked(study).ways
    for member, group in zip(study.members, ["experts", "experts", "students"], strict=True):
        Membership.objects.filter(pk=member.pk).update(group=group)
    found = values(broken_down(asked(study), "groups"))
    assert found["experts"] == 1
    assert found["students"] is None
    between = found[("experts", "students")]
    assert between is not None
    assert 0 < between < 1


def test_an_annotator_over_occasions_of_one_round(study: make.Study) -> None:
    """The second share of each of two annotators; one of them changes his mind once."""
    assert "occasions" not in asked(study).ways
    for number, given in enumerate([("for", "against"), ("for", "for")]):
        first = study.assignment(number)
        again = Assignment.objects.create(
            round=study.round, text_version=first.text_version, member=first.member, occasion=2, units_total=5
        )
        share = make.access.own_assignment(first.member.user_id, again.pk)
        for unit, value in zip(study.units(), given, strict=False):
            make.label(share, unit, "stance", value)
    found = {part.key: part for part in broken_down(asked(study), "occasions").parts}
    names = [member.pseudonym for member in study.members]
    assert [found[names[n]].percent.value for n in range(2)] == [1, 0.5]
    assert (found[""].units, found[""].percent.value) == (4, 0.75)
    assert names[2] not in found


def test_a_retest_round_is_compared_with_the_round_it_repeats(study: make.Study) -> None:
    retest = make.open_round(
        lead=study.lead, name="Again", purpose="retest", articles=study.articles[:1], members=study.members[:1]
    )
    share = make.access.own_assignment(study.members[0].user_id, Assignment.objects.get(round=retest).pk)
    for unit, value in zip(study.units(), ["for", "for", "for"], strict=False):
        make.label(share, unit, "stance", value)
    (part,) = broken_down(asked(study, round=retest), "occasions").parts
    assert (part.key, part.units) == (study.members[0].pseudonym, 3)
    assert part.percent.value == pytest.approx(2 / 3)
    rounds = broken_down(asked(study), "rounds").parts
    assert [part.key for part in rounds] == [("Round 1", "1"), ("Again", "1")]
    # Hidden among the work of a main round, whose draw names what it repeats.
    Round.objects.filter(pk=retest.pk).update(purpose="main", retest_of=study.round)
    retest.refresh_from_db()
    assert broken_down(asked(study, round=retest), "occasions").parts == [part]


def test_repeated_sentences_tell_whether_an_annotator_agrees_with_himself() -> None:
    study = make.study(annotators=2, texts=[TWICE])
    for unit, given in enumerate([("for", "for"), ("for", "for"), ("for", "for"), ("for", "against"), ("for", "for")]):
        stances(study, unit, *given)
    found = {part.key: part for part in broken_down(asked(study), "repeats").parts}
    assert [found[member.pseudonym].percent.value for member in study.members] == [1, 0]
    assert (found[""].units, found[""].percent.value) == (2, 0.5)


def test_a_round_that_is_hidden_from_a_member_is_not_among_the_rounds(study: make.Study) -> None:
    other = make.open_round(
        lead=study.lead, name="Blind", purpose="main", articles=study.articles, members=study.members[:2]
    )
    Membership.objects.filter(pk=study.members[0].pk).update(role=Role.LEAD)
    share = make.access.own_assignment(
        study.members[1].user_id, Assignment.objects.filter(round=other, member=study.members[1]).first().pk
    )
    make.label(share, study.units()[0], "stance", "for")
    Round.objects.filter(pk=study.round.pk).update(blind=False)
    for member, rounds in ((study.lead, 2), (Membership.objects.get(pk=study.members[0].pk), 1)):
        assert len(broken_down(Asked(member, study.round, "stance"), "rounds").parts) == rounds


def test_the_page_shows_each_way_and_its_parts_to_whom_it_may(study: make.Study) -> None:
    client, url = Client(), f"/p/{study.slug}/agreement/breakdown/"
    client.force_login(study.lead.user)
    for key in ("stance", "attribution.source", "framing", "remark"):
        for way in asked(study, key).ways:
            shown = client.get(url, {"variable": key, "by": way})
            assert shown.status_code == 200, (key, way)
    shown = client.get(url, {"variable": "stance"}, headers={"HX-Request": "true"}).content.decode()
    assert shown.lstrip().startswith('<section id="by"')
    assert all(member.pseudonym in shown for member in study.members)
    assert client.get(url, {"variable": "stance", "by": "groups"}).status_code == 404
    by_article = client.get(url, {"variable": "stance", "by": "article"}).content.decode()
    part = f"/p/{study.slug}/agreement/part/?round={study.round.pk}&amp;articles={study.articles[0].external_id}"
    assert part in by_article
    assert client.get(part.replace("&amp;", "&")).status_code == 200
    assert 'data-chart="over-time"' in client.get(url, {"variable": "stance", "by": "fifth"}).content.decode()
    client.force_login(study.members[0].user)
    assert client.get(url, {"variable": "stance"}).status_code == 403
    Membership.objects.filter(pk=study.members[0].pk).update(role=Role.LEAD)
    assert client.get(url, {"variable": "stance"}).status_code == 403


def test_the_parts_of_all_units_make_the_whole(study: make.Study) -> None:
    report = agreement_report(study.round, variable="stance", replicates=0).variables[0]
    for way in ("article", "kind", "fifth", "day"):
        assert sum(part.units for part in broken_down(asked(study), way).parts) == report.pairable_units


def test_a_breakdown_needs_few_queries_however_many_units(study: make.Study, django_assert_max_num_queries) -> None:
    for way in ("annotators", "article", "kind", "fifth"):
        cache.clear()
        with django_assert_max_num_queries(22, connection=connection):
            broken_down(asked(study), way)
