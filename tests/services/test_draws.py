"""Rounds drawn at random: stored as they were previewed, and drawn again with the same shares."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from annotator.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from annotator.core.sampling import Annotator
from annotator.queries.coding import next_assignment, own_unit
from annotator.services.trash import trash_round
from projects.models import Article, Assignment, Membership, Round
from projects.queries import access
from projects.queries.article_list import Wanted
from projects.queries.overview import work_of
from projects.services.articles import import_articles
from projects.services.asks import Ask, Retest, asked, written
from projects.services.draws import draw_again, open_drawn_round, plan_draw
from projects.services.late_shares import take_from_others
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Membership:
    """Of a project with twelve articles of three outlets and three annotators."""
    made = make.project()
    make.codebook(made)
    import_articles(member=made, documents=[make.document(external_id=f"a{number}") for number in range(12)])
    for number, article in enumerate(Article.objects.all()):
        Article.objects.filter(pk=article.pk).update(
            outlet=f"Outlet {number % 3}", published_at=f"2026-0{1 + number % 2}-01", metadata={"2024": number % 2 == 0}
        )
    for _ in range(3):
        make.member(made.project)
    return made


def ask(lead: Membership, **wanted: object) -> Ask:
    members = Membership.objects.filter(project=lead.project, role="annotator")
    return Ask(seed=11, members=[Annotator(member.pk) for member in members], **wanted)  # type: ignore[arg-type]


def opened(lead: Membership, of: Ask, name: str = "Drawn", purpose: str = "main", seen: str = "") -> Round:
    return open_drawn_round(lead=lead, name=name, purpose=purpose, ask=of, seen=seen)


def stored(round: Round) -> list[tuple[int, int, str]]:
    shares = Assignment.objects.filter(round=round).order_by("pk")
    return list(shares.values_list("text_version__article", "member", "why"))


def test_what_was_previewed_is_stored_and_can_be_drawn_again(lead: Membership) -> None:
    wanted = ask(lead, by="outlet", number=6, double=0.5)
    plan = plan_draw(lead=lead, ask=wanted)
    assert not Assignment.objects.exists()
    assert [(line.candidates, line.articles) for line in plan.summary.strata] == [(4, 2)] * 3
    round = opened(lead, wanted, seen=plan.shares_sha256)
    assert stored(round) == [tuple(share) for share in plan.shares]
    assert {share.units_total for share in round.assignments.all()} == {5}
    make.article(lead)  # what comes in later changes nothing
    assert draw_again(lead=lead, round=Round.objects.get()) == replace(
        draw_again(lead=lead, round=round), same_candidates=True, same_shares=True
    )
    Article.objects.filter(pk=plan.shares[0].article).update(outlet="Another")
    assert not draw_again(lead=lead, round=round).same_candidates


def test_a_draw_that_came_out_otherwise_than_its_preview_is_refused(lead: Membership) -> None:
    wanted = ask(lead, number=6)
    seen = plan_draw(lead=lead, ask=wanted).shares_sha256
    Article.objects.filter(external_id__in=["a0", "a1", "a2", "a3"]).update(deleted_at=timezone.now())
    with pytest.raises(ConflictError, match="Look at it again"):
        opened(lead, wanted, seen=seen)
    assert not Round.objects.exists()


def test_what_is_drawn_from(lead: Membership) -> None:
    first = opened(lead, ask(lead, wanted=Wanted(outlet="Outlet 0"), number=2))
    drawn = {article for article, _, _ in stored(first)}
    plan = plan_draw(lead=lead, ask=ask(lead, undrawn=True, by="month"))
    assert plan.candidates == 10
    assert not drawn & {share.article for share in plan.shares}
    assert [line.stratum for line in plan.summary.strata] == ["2026-01", "2026-02"]
    by_own = plan_draw(lead=lead, ask=ask(lead, by="column:2024"))
    assert {line.stratum for line in by_own.summary.strata} == {"true", "false"}
    by_hand = plan_draw(lead=lead, ask=ask(lead, by_hand=sorted(drawn), overlap=3))
    assert {share.article for share in by_hand.shares} == drawn
    assert len(by_hand.shares) == 6
    with pytest.raises(InvalidError, match="No article fits"):
        plan_draw(lead=lead, ask=ask(lead, wanted=Wanted(words="no such title")))


def test_gold_is_given_to_everybody(lead: Membership) -> None:
    gold = list(Article.objects.values_list("pk", flat=True)[:2])
    whys = Counter(why for _, _, why in stored(opened(lead, ask(lead, number=9, gold=gold))))
    assert whys == {"work": 9, "gold": 6}
    newcomer = make.member(lead.project)
    assert take_from_others(lead=lead, round=Round.objects.get(), to=newcomer, number=2).given == 4
    own = Counter(Assignment.objects.filter(member=newcomer).values_list("why", flat=True))
    assert own == {"work": 2, "gold": 2}
    others = Assignment.objects.exclude(member=newcomer).exclude(state="released")
    assert Counter(others.values_list("why", flat=True)) == {"work": 7, "gold": 6}


def test_own_articles_come_again_when_they_are_due(lead: Membership) -> None:
    first = opened(lead, ask(lead, number=6))
    done = Assignment.objects.filter(round=first)
    done.update(state="done")
    week_ago = timezone.now() - timedelta(days=7)
    member = Membership.objects.get(pk=ask(lead).members[0].id)
    done.filter(member=member).update(updated_at=week_ago)
    retest = ask(lead, retest=Retest(round=first.pk, number=2, days=5), new_articles=False)
    again = opened(lead, retest, name="Again", purpose="retest")
    assert again.retest_of == first
    shares = Assignment.objects.filter(round=again)
    assert Counter(shares.values_list("member", flat=True)) == {one.id: 2 for one in retest.members}
    for share in shares:
        assert done.filter(member=share.member, text_version=share.text_version).exists()
        assert (share.available_from is None) == (share.member_id == member.pk)
    assert next_assignment(member) in shares.filter(member=member).values_list("pk", flat=True)
    other = Membership.objects.get(pk=retest.members[1].id)
    assert next_assignment(other) is None
    assert other.user_id is not None
    assert not access.own_assignments(other.user_id).filter(round=again).exists()
    assert [work.round for work in work_of(other)] == [first]
    early = shares.filter(member=other).select_related("text_version")[0]
    unit = early.text_version.units.first()
    assert unit is not None
    with pytest.raises(NotFoundError):
        own_unit(other.user_id, early.pk, unit.pk, slug=lead.project.slug)
    mixed = opened(lead, replace(retest, new_articles=True, undrawn=True), name="Mixed")
    assert Counter(why for _, _, why in stored(mixed)) == {"work": 6, "retest": 6}
    few = [Annotator(one.id, 3) for one in retest.members]
    capped = plan_draw(lead=lead, ask=replace(retest, members=few, new_articles=True, number=3))
    assert max(load.articles for load in capped.summary.loads.values()) == 3
    assert {share.why for share in capped.shares} == {"work", "retest"}
    done.update(updated_at=timezone.now())  # somebody looked at his answers again
    assert draw_again(lead=lead, round=again).same_shares


def test_an_ask_is_kept_as_it_was(lead: Membership) -> None:
    whole = ask(lead, wanted=Wanted(words="x", since=timezone.now().date()), retest=Retest(1, 2, 3), by_hand=[3, 1])
    assert asked(written(whole)) == replace(whole, by_hand=[1, 3])


def test_only_a_lead_draws(lead: Membership) -> None:
    annotator = Membership.objects.filter(role="annotator")[0]
    with pytest.raises(NotAllowedError):
        plan_draw(lead=annotator, ask=ask(lead))
    with pytest.raises(InvalidError, match="of this project"):
        plan_draw(lead=make.project(), ask=ask(lead))


def test_what_only_a_round_in_the_trash_drew_may_be_drawn(lead: Membership) -> None:
    wrong = opened(lead, ask(lead))
    with pytest.raises(InvalidError, match="No article fits"):
        plan_draw(lead=lead, ask=ask(lead, undrawn=True))
    trash_round(lead=lead, round=wrong)
    assert plan_draw(lead=lead, ask=ask(lead, undrawn=True)).summary.articles == wrong.draw["candidates"]
