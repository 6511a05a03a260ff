"""Shares that are taken back, given to others, and put back."""

import pytest
from django.utils import timezone

from annotator.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from annotator.models import Label
from projects.models import Assignment, Round
from projects.services.late_shares import add_to_overlap
from projects.services.shares import reassign_shares, release_shares, undo_shares
from tests import make

pytestmark = pytest.mark.django_db
State = Assignment.State


@pytest.fixture
def study() -> make.Study:
    """Two annotators, three articles; the first has begun one of his."""
    made = make.study(annotators=2, texts=[make.TEXT] * 3)
    make.label(made.assignment(), made.units()[0], "stance", "for")
    return made


def states(study: make.Study, member: int = 0) -> list[str]:
    own = Assignment.objects.filter(member=study.members[member]).order_by("text_version__article")
    return list(own.values_list("state", flat=True))


def test_what_nobody_has_begun_is_taken_back_and_put_back(study: make.Study) -> None:
    done = release_shares(lead=study.lead, member=study.members[0])
    assert (done.taken, states(study)) == (2, [State.STARTED, State.RELEASED, State.RELEASED])
    undo_shares(lead=study.lead, entry=done.entry)
    assert states(study) == [State.STARTED, State.WAITING, State.WAITING]
    with pytest.raises(ConflictError, match="already"):
        undo_shares(lead=study.lead, entry=done.entry)


def test_what_was_begun_is_taken_back_only_where_asked_and_keeps_its_labels(study: make.Study) -> None:
    share = study.assignment().pk
    assert release_shares(lead=study.lead, member=study.members[0], shares=[share]).taken == 0
    done = release_shares(lead=study.lead, member=study.members[0], shares=[share], begun=True)
    assert states(study) == [State.RELEASED, State.WAITING, State.WAITING]
    assert Label.objects.filter(assignment=share, value="for").exists()
    undo_shares(lead=study.lead, entry=done.entry)
    assert states(study)[0] == State.WAITING  # no sentence of it was finished


def test_shares_go_to_somebody_who_has_not_the_article(study: make.Study) -> None:
    newcomer = make.member(study.project)
    own = list(Assignment.objects.filter(member=study.members[0]).values_list("pk", flat=True))
    with pytest.raises(InvalidError, match="Nothing was given"):
        reassign_shares(lead=study.lead, shares=own, to=study.members[1])
    done = reassign_shares(lead=study.lead, shares=own, to=newcomer)
    assert (done.taken, done.given) == (3, 3)
    assert states(study) == [State.RELEASED] * 3
    given = Assignment.objects.filter(member=newcomer)
    assert {share.units_total for share in given} == {study.assignment(member=1).units_total}
    # Once more to where they were: the shares of before are his again.
    reassign_shares(lead=study.lead, shares=[share.pk for share in given], to=study.members[0])
    assert states(study) == [State.WAITING] * 3
    with pytest.raises(ConflictError, match="Nothing was undone"):
        undo_shares(lead=study.lead, entry=done.entry)


def test_a_frozen_round_keeps_its_shares(study: make.Study) -> None:
    Round.objects.update(frozen_at="2026-01-01T00:00Z")
    assert release_shares(lead=study.lead, member=study.members[0]).taken == 0
    with pytest.raises(InvalidError):
        reassign_shares(lead=study.lead, shares=[study.assignment().pk], to=make.member(study.project))


def test_only_a_lead_may_and_only_in_his_project(study: make.Study) -> None:
    with pytest.raises(NotAllowedError):
        release_shares(lead=study.members[0], member=study.members[1])
    other = make.study(annotators=1)
    with pytest.raises(NotFoundError):
        release_shares(lead=study.lead, member=other.members[0])
    with pytest.raises(InvalidError):
        reassign_shares(lead=study.lead, shares=[other.assignment().pk], to=study.members[0])


def test_nothing_is_undone_in_a_frozen_round(study: make.Study) -> None:
    newcomer = make.member(study.project)
    done = add_to_overlap(lead=study.lead, round=study.round, to=newcomer, number=1)
    Round.objects.update(closed_at=timezone.now(), frozen_at=timezone.now())
    with pytest.raises(ConflictError, match="frozen"):
        undo_shares(lead=study.lead, entry=done.entry)
    assert Assignment.objects.get(member=newcomer).state == State.WAITING


def test_what_comes_again_is_for_its_own_annotator_alone(study: make.Study) -> None:
    Assignment.objects.update(why=Assignment.Why.RETEST)
    own = list(Assignment.objects.filter(member=study.members[0]).values_list("pk", flat=True))
    with pytest.raises(InvalidError, match="Nothing was given"):
        reassign_shares(lead=study.lead, shares=own, to=make.member(study.project))


def test_who_joins_late_is_drawn_to_arms_of_his_own() -> None:
    study = make.study(annotators=1, texts=[make.TEXT] * 4)
    Round.objects.update(arms=[{"key": "masked", "hide": ["outlet"]}, {"key": "open", "hide": []}])
    Assignment.objects.update(arm="masked")
    newcomer = make.member(study.project)
    add_to_overlap(lead=study.lead, round=Round.objects.get(), to=newcomer, number=4)
    arms = Assignment.objects.filter(member=newcomer).values_list("arm", flat=True)
    assert sorted(arms) == ["masked", "masked", "open", "open"]
