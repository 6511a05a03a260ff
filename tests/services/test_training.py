"""Training rounds: feedback after the first answer, a mark to pass, another try, and work that waits for it."""

from uuid import UUID

import pytest

from annotator.core.codebook import Json
from annotator.core.errors import ConflictError, NotAllowedError, NotFoundError
from annotator.models import Decision, Event, Label, TrainingResult
from annotator.queries.coding import next_assignment
from annotator.queries.training import standings, told_after, waiting_for
from annotator.services.gold import gold_from_decisions
from annotator.services.labels import Saved
from annotator.services.training import begin_try, conclude, conclude_all, let_through
from projects.models import Article, Assignment, AuditEntry, Membership, Round
from projects.services.rounds import open_round
from tests import make

pytestmark = pytest.mark.django_db
SHORT = "Head\n\nThe mayor spoke. The army left.\n"


def said(source: str) -> dict[str, Json]:
    return {"source": source, "manner": "direct", "stance": "neutral", "spans": []}


MAYOR, ARMY = said("mayor"), said("army")


@pytest.fixture
def study() -> make.Study:
    """A training round with feedback for two annotators; gold on all three units is what `GOLD` says."""
    made = make.study(annotators=2, texts=[SHORT], purpose="training")
    make_gold(made, made.articles[0])
    Round.objects.filter(pk=made.round.pk).update(feedback=True, pass_mark=0.6)
    made.round.refresh_from_db()
    return made


def make_gold(study: make.Study, article: Article) -> None:
    somebody = [make.member(study.project)]
    made = open_round(lead=study.lead, name=f"Of {article.pk}", purpose="pilot", articles=[article], members=somebody)
    units = article.text_versions.get().units.filter(index__gt=0).order_by("index")
    for unit, value in zip(units, ([], [MAYOR, ARMY], [ARMY]), strict=True):
        Decision.objects.create(round=made, unit=unit, variable="attribution", value=value, version=1)
        Decision.objects.create(round=made, unit=unit, variable="stance", value="for", version=1)
    gold_from_decisions(lead=study.lead, round=made)


def told(study: make.Study, saved: Saved) -> list[tuple[int, str, bool]]:
    found = told_after(study.assignment(), UUID(str(saved.event)))
    return [(one.gold.index, one.gold.variable.key, one.met) for one in found]


def finish(share: Assignment, values: list[Json], stance: str = "for") -> None:
    units = share.text_version.units.filter(index__gt=0).order_by("index")
    for unit, value in zip(units, values, strict=True):
        make.label(share, unit, "stance", stance)
        make.label(share, unit, "attribution", value)


def right(share: Assignment) -> None:
    finish(share, [[], [MAYOR, ARMY], [ARMY]])


def result(member: Membership) -> tuple[int, int, bool]:
    newest = TrainingResult.objects.filter(member=member).order_by("-occasion").first()
    assert newest is not None
    return newest.met, newest.answers, newest.passed


def test_an_answer_is_judged_when_it_is_whole_or_its_annotator_went_on(study: make.Study) -> None:
    share, (head, first, second) = study.assignment(), study.units()
    assert told(study, make.label(share, head, "stance", "against")) == [(1, "stance", False)]
    assert told(study, make.label(share, head, "weight", 3)) == []
    assert told(study, make.label(share, head, "stance", None, 1)) == []
    # One of two sources: nothing is said until he goes on, for he may add the other.
    assert told(study, make.label(share, first, "attribution", [{"source": "mayor"}])) == []
    assert told(study, make.label(share, first, "attribution", [MAYOR], 1)) == []
    assert told(study, make.label(share, second, "stance", "for")) == [(2, "attribution", False), (3, "stance", True)]
    assert told(study, make.label(share, second, "attribution", [ARMY])) == [(3, "attribution", True)]
    # A repeat of the request answers the same.
    assert told(study, make.label(share, first, "attribution", [MAYOR, ARMY], 2)) == [(2, "attribution", True)]


def test_the_first_answer_counts_whatever_stands_later(study: make.Study) -> None:
    share = study.assignment()
    finish(share, [[MAYOR], [MAYOR], [ARMY]], stance="against")
    for unit, value in zip(study.units(), ([], [MAYOR, ARMY], [ARMY]), strict=True):
        make.label(share, unit, "attribution", value, 1)
        make.label(share, unit, "stance", "for", 1)
    assert conclude(study.members[0]) == study.round
    assert result(study.members[0]) == (1, 6, False)
    # What stands now, and what is done to it, has no part in it.
    Label.objects.update(value=None)
    TrainingResult.objects.all().delete()
    conclude(study.members[0])
    assert result(study.members[0]) == (1, 6, False)
    assert conclude(study.members[0]) is None


def test_a_slip_taken_back_before_it_was_judged_is_no_miss(study: make.Study) -> None:
    share, units = study.assignment(), study.units()
    make.label(share, units[1], "attribution", [{"source": "residents"}])
    make.label(share, units[1], "attribution", None, 1)
    make.label(share, units[1], "attribution", [MAYOR, ARMY], 2)
    for unit, value in ((units[0], []), (units[2], [ARMY])):
        make.label(share, unit, "attribution", value)
    conclude(study.members[0])
    # Nor is a question that he was free to pass over.
    assert result(study.members[0]) == (3, 3, True)


def test_who_misses_the_mark_tries_again_on_other_articles_where_there_are_any(study: make.Study) -> None:
    finish(study.assignment(), [[MAYOR], [MAYOR], [ARMY]], stance="against")
    conclude(study.members[0])
    with pytest.raises(ConflictError):
        begin_try(member=study.members[0], round=study.round)
    Round.objects.update(tries=3)
    study.round.refresh_from_db()
    other = make.article(study.lead, SHORT.replace("army", "crew"))
    make_gold(study, other)
    begin_try(member=study.members[0], round=study.round)
    second = Assignment.objects.get(occasion=2)
    assert second.text_version.article == other
    with pytest.raises(ConflictError):
        begin_try(member=study.members[0], round=study.round)
    finish(second, [[MAYOR], [MAYOR], [MAYOR]], stance="against")
    conclude(study.members[0])
    begin_try(member=study.members[0], round=study.round)
    third = Assignment.objects.get(occasion=3)
    assert third.text_version.article == study.articles[0]
    right(third)
    conclude(study.members[0])
    assert result(study.members[0]) == (6, 6, True)
    with pytest.raises(ConflictError):
        begin_try(member=study.members[0], round=study.round)


def test_work_that_requires_a_training_waits_until_it_is_passed(study: make.Study) -> None:
    main = open_round(lead=study.lead, name="Main", purpose="main", articles=study.articles, members=study.members)
    Round.objects.filter(pk=main.pk).update(requires=study.round)
    mine, his = Assignment.objects.filter(round=main).select_related("round", "member").order_by("member")
    Assignment.objects.filter(pk=study.assignment(1).pk).update(state=Assignment.State.DONE)
    assert next_assignment(study.members[0]) == study.assignment().pk
    assert next_assignment(study.members[1]) is None
    assert waiting_for(study.members[1]) == [study.round]
    with pytest.raises(NotAllowedError, match="training"):
        make.label(mine, study.units()[0], "attribution", [])
    assert not Event.objects.exists()
    right(study.assignment())
    conclude(study.members[0])
    assert next_assignment(study.members[0]) == mine.pk
    make.label(mine, study.units()[0], "attribution", [])
    let_through(lead=study.lead, round=study.round, member_id=study.members[1].pk, let=True)
    assert next_assignment(study.members[1]) == his.pk
    let_through(lead=study.lead, round=study.round, member_id=study.members[1].pk, let=False)
    assert next_assignment(study.members[1]) is None
    assert AuditEntry.objects.filter(act__contains="let through").count() == 2


def test_the_lead_sees_who_has_passed_though_nobody_came_back_to_look(study: make.Study) -> None:
    right(study.assignment(0))
    conclude_all(lead=study.lead, round=study.round)
    assert [one.passed for one in standings(study.round)] == [True, False]
    with pytest.raises(NotAllowedError):
        let_through(lead=study.members[0], round=study.round, member_id=study.members[0].pk, let=True)
    with pytest.raises(NotFoundError):
        let_through(lead=study.lead, round=study.round, member_id=study.lead.pk, let=True)


def test_without_a_mark_who_finishes_passes_and_a_mark_waits_for_gold() -> None:
    study = make.study(annotators=1, texts=[SHORT], purpose="training")
    right(study.assignment())
    conclude(study.members[0])
    assert result(study.members[0]) == (0, 0, True)
    TrainingResult.objects.all().delete()
    Round.objects.update(pass_mark=0.5)
    assert conclude(study.members[0]) is None
    make_gold(study, study.articles[0])
    assert conclude(study.members[0]) == study.round
    assert result(study.members[0]) == (6, 6, True)
