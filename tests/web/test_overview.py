"""The overview: to who leads what to do next, how far and how fast; to an annotator his own work and nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.models import Tally
from annotator.queries.selections import EVERYTHING
from annotator.services import jobs
from annotator.services.long_reports import start_report
from annotator.services.notes import Remark, leave_remark
from projects.models import Article, Assignment, Membership, Role, Round
from projects.queries.overview import round_lines, work_in
from projects.queries.standings import standings
from projects.services.members import invite
from projects.services.rounds import open_round
from tests import make
from tests.web.test_coding import signed_in

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


@pytest.fixture
def study() -> make.Study:
    cache.clear()
    made = make.study(annotators=4, texts=[make.TEXT, make.TEXT + "It rained.\n"])
    for number in range(3):
        for unit in made.units()[: 3 + (number == 2)]:
            make.label(made.assignment(number), unit, "attribution", [])
            make.label(made.assignment(number), unit, "stance", "for" if unit.index % 2 else "against")
    return made


def seen(study: make.Study, member: Membership, query: str = "") -> str:
    answer = signed_in(member.user).get(f"/p/{study.slug}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def spread(study: make.Study, days: int = 10, units: int = 3) -> None:
    """The same work on each of the last days."""
    Tally.objects.filter(round=study.round).delete()
    for ago in range(1, days + 1):
        day = timezone.localdate() - timedelta(days=ago)
        for member in study.members[:2]:
            Tally.objects.create(round=study.round, member=member, variable="attribution", day=day, units_done=units)


def test_a_lead_sees_what_waits_in_order_each_with_its_way(study: make.Study) -> None:
    remark = Remark(text="Who is meant?", variable="attribution")
    leave_remark(assignment=study.assignment(), unit=study.units()[0], uuid=uuid4(), remark=remark)
    invite(lead=study.lead, role="annotator")
    yesterday = timezone.localdate() - timedelta(days=1)
    Round.objects.filter(pk=study.round.pk).update(due_on=yesterday, created_at=timezone.now() - timedelta(days=3))
    page = seen(study, study.lead)
    steps = ["Round 1 is past its day", "Answer one note", "One invitation waits"]
    places = [page.index(f"<bdi>{title}</bdi>") for title in steps]
    assert places == sorted(places)
    assert f'href="/p/{study.slug}/?round={study.round.pk}#people"' in page
    assert "Who is meant?" in page
    assert "has not begun, 3 days after" in page


def test_pace_and_forecast_stand_beside_the_table_of_days(study: make.Study) -> None:
    assert "Too little was done to tell" in seen(study, study.lead)
    spread(study)
    page = seen(study, study.lead)
    left = sum(share.units_total - share.units_done for share in Assignment.objects.all())
    done_on = timezone.localdate() + timedelta(days=-(-left // 6))
    assert f"it is done on {done_on.day} {done_on:%b %Y}" in page
    assert page.count("<rect") == 15
    assert "36 sentences in a week" in page


def test_agreement_so_far_comes_after_the_page_and_is_there_the_next_time(study: make.Study) -> None:
    part = f"/p/{study.slug}/rounds/{study.round.pk}/so-far/"
    assert f'hx-get="{part}"' in seen(study, study.lead)
    client = signed_in(study.lead.user)
    assert ">Stance<" in client.get(part).content.decode()
    page = seen(study, study.lead)
    assert "hx-get" not in page
    assert ">Stance<" in page
    share = Assignment.objects.get(round=study.round, member=study.members[3], text_version__article=study.articles[0])
    Assignment.objects.filter(pk=share.pk).update(member=study.lead)
    for hidden in (seen(study, study.lead), client.get(part).content.decode()):
        assert "You annotate in this blind round" in hidden
        assert ">Stance<" not in hidden.split('id="alpha"')[1]


def test_of_a_long_round_the_kept_figures_are_shown(study: make.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.queries.ready_reports.SHORT_LABELS", 2)
    client, part = signed_in(study.lead.user), f"/p/{study.slug}/rounds/{study.round.pk}/so-far/"
    assert "Compute it" in client.get(part).content.decode()
    jobs.run(start_report(member=study.lead, round=study.round, selection=EVERYTHING).pk)
    assert ">Stance<" in client.get(part).content.decode()
    assert ">Stance<" in seen(study, study.lead)


def test_others_see_their_own_work_and_nobody_elses(study: make.Study) -> None:
    spread(study)
    leave_remark(assignment=study.assignment(), unit=study.units()[0], uuid=uuid4(), remark=Remark(text="Who?"))
    viewer, adjudicator = make.member(study.project, Role.VIEWER), make.member(study.project, Role.ADJUDICATOR)
    own = seen(study, study.members[3])
    assert "My work" in own
    assert 'class="bars"' not in own
    for member in (study.members[3], viewer, adjudicator):
        page = seen(study, member)
        assert not any(one.pseudonym in page for one in study.members[:3] if member.role != Role.ADJUDICATOR)
        assert ("Who?" in page) == (member.role == Role.ADJUDICATOR)
        assert "Annotators in" not in page


def test_the_page_asks_no_more_for_more_people(study: make.Study) -> None:
    client = signed_in(study.lead.user)
    spread(study)
    address = f"/p/{study.slug}/"
    client.get(address)
    more = [make.member(study.project) for _ in range(3)]
    open_round(lead=study.lead, name="More", purpose="main", articles=study.articles, members=[*more, study.lead])
    leave_remark(assignment=study.assignment(), unit=study.units()[0], uuid=uuid4(), remark=Remark(text="Who?"))
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    statements = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= MOST_QUERIES, "\n".join(statements)


def test_standings_count_what_lists_count(study: make.Study) -> None:
    """Trashed articles, linked copies and what was taken back are left out alike."""
    third = make.article(study.lead, make.TEXT + "Later.\n")
    fourth = make.article(study.lead, make.TEXT + "Much later.\n")
    made = open_round(
        lead=study.lead, name="Two", purpose="main", articles=[*study.articles, third, fourth], members=study.members
    )
    Article.objects.filter(pk=study.articles[1].pk).update(linked_to=study.articles[0])
    Article.objects.filter(pk=third.pk).update(deleted_at=timezone.now())
    Assignment.objects.filter(text_version__article=fourth, member=study.members[0]).update(state="released")
    rounds = [study.round, made]
    found = standings(study.project.pk, {round.pk for round in rounds})
    for round in rounds:
        for work in work_in(round):
            one = found[round.pk, work.member.pk]
            assert (one.articles, one.articles_done) == (work.articles, work.articles_done)
            assert (one.done, one.total) == (work.progress.done, work.progress.total)
    for line in round_lines(study.project):
        assert line.progress.done == sum(one.done for (round, _), one in found.items() if round == line.round.pk)
