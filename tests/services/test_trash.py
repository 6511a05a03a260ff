"""The trash: what lies there is nowhere else, and comes back as it was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotator.core.errors import InvalidError, NotAllowedError, NotFoundError
from annotator.models import CodebookMove, Label, Note
from annotator.queries.adjudication import visible_queue
from annotator.queries.coding import next_assignment
from annotator.queries.hint_log import logged
from annotator.queries.notes import visible_notes
from annotator.queries.save_target import save_target
from annotator.queries.snapshots import snapshot_of, snapshots_of
from annotator.queries.visible_labels import visible_labels
from annotator.services.adjudication import queue_unit
from annotator.services.exports import exported_rounds, open_table
from annotator.services.late_labels import save_choice
from annotator.services.rebuild import check_labels
from annotator.services.snapshots import keep_report
from annotator.services.trash import delete_project, restore_project, restore_round, trash_round
from projects.models import Article, AuditEntry, Project, Role, Round
from projects.queries import access, overview
from projects.queries.article_list import lines
from projects.queries.trash import KEPT, articles_in_trash, projects_in_trash, rounds_in_trash
from projects.services.linking import drop, restore
from projects.services.linking import undo as undo_change
from projects.services.rounds import open_round, set_closed
from tests import make

pytestmark = pytest.mark.django_db
LONG_AGO = KEPT + timedelta(hours=1)


@pytest.fixture
def study() -> make.Study:
    """Labels, a note, a place in the queue and a snapshot hang on its round."""
    made = make.study(annotators=2)
    unit = made.units()[0]
    for number in range(2):
        make.label(made.assignment(number), unit, "stance", "for")
    Note.objects.create(round=made.round, unit=unit, member=made.members[0], text="Who?")
    queue_unit(member=made.lead, round=made.round, unit=unit, variable="stance")
    set_closed(lead=made.lead, round=made.round, closed=True)
    keep_report(member=made.lead, round=made.round)
    set_closed(lead=made.lead, round=made.round, closed=False)
    return made


def seen(study: make.Study) -> list[object]:
    """What of the round stands anywhere."""
    lead, mine = study.lead, study.members[0]
    return [
        exported_rounds(member=lead),
        len(list(open_table(member=lead, table="long").rows)),
        [line.round for line in overview.round_lines(study.project)],
        overview.work_of(mine),
        next_assignment(mine),
        [line.round for line in lines(study.project, study.articles) if line.shares],
        [*visible_labels(whole=[study.project.pk], members=[mine.pk])],
        [*visible_notes(lead, of_all=True)],
        [*visible_queue(lead)],
        [*logged(lead)],
        snapshots_of(lead),
    ]


def test_a_round_in_the_trash_is_nowhere_and_comes_back_as_it_was(study: make.Study) -> None:
    before, snapshot = seen(study), snapshots_of(study.lead)[0].pk
    trash_round(lead=study.lead, round=study.round)
    trash_round(lead=study.lead, round=study.round)  # a second click changes nothing
    assert not any(seen(study))
    with pytest.raises(NotFoundError):
        access.round_of(study.lead, study.round.pk)
    with pytest.raises(NotFoundError):
        study.assignment()
    with pytest.raises(NotFoundError, match="in the trash"):
        snapshot_of(study.lead, snapshot)
    (line,) = rounds_in_trash(study.project.pk)
    assert (line.item, line.by, line.labels, line.decisions, line.days_left) == (study.round, study.lead, 2, 0, 30)
    restore_round(lead=study.lead, round_id=study.round.pk)
    assert seen(study) == before
    assert Round.objects.get().closed_at is None
    assert not list(check_labels())
    acts = AuditEntry.objects.order_by("-pk").values_list("act", flat=True)[:2]
    assert [*acts] == ["restore round", "trash round"]


def test_a_closed_round_comes_back_closed(study: make.Study) -> None:
    set_closed(lead=study.lead, round=study.round, closed=True)
    trash_round(lead=study.lead, round=study.round)
    assert restore_round(lead=study.lead, round_id=study.round.pk).closed_at is not None


def test_a_save_on_an_open_page_is_told_that_the_round_is_closed_and_a_repeat_is_confirmed(study: make.Study) -> None:
    share, unit = study.assignment(), study.units()[1]
    sent = make.choice(unit, "stance", "for")
    saved = save_choice(assignment=share, choice=sent)
    trash_round(lead=study.lead, round=study.round)
    with pytest.raises(NotAllowedError, match="closed"):
        save_choice(assignment=share, choice=make.choice(unit, "stance", "against", 1))
    assert save_choice(assignment=share, choice=sent).version == saved.version
    user = study.members[0].user_id or 0
    by_api = save_target(
        user_id=user, unit_id=unit.pk, event=make.choice(unit, "stance", "for").event, assignment_id=None
    )
    with pytest.raises(NotAllowedError, match="closed"):
        save_choice(assignment=by_api, choice=make.choice(unit, "stance", "against", 1))
    restore_round(lead=study.lead, round_id=study.round.pk)
    assert save_choice(assignment=share, choice=make.choice(unit, "stance", "against", 1)).version == 2


def test_its_name_may_be_used_meanwhile(study: make.Study) -> None:
    trash_round(lead=study.lead, round=study.round)
    again = {"lead": study.lead, "name": "Round 1", "purpose": "pilot", "articles": study.articles}
    open_round(**again, members=study.members)  # type: ignore[arg-type]
    with pytest.raises(InvalidError, match="named"):
        open_round(**again, members=study.members)  # type: ignore[arg-type]
    assert restore_round(lead=study.lead, round_id=study.round.pk).name == "Round 1 (2)"


def test_what_others_need_stays(study: make.Study) -> None:
    for change in ({"frozen_at": timezone.now()}, {"requires": study.round}, {"retest_of": study.round}):
        Round.objects.update(frozen_at=None, requires=None, retest_of=None)
        Round.objects.update(**change)
        study.round.refresh_from_db()
        with pytest.raises(InvalidError):
            trash_round(lead=study.lead, round=study.round)
    Round.objects.update(retest_of=None)
    study.round.refresh_from_db()
    version = study.round.codebook_version
    CodebookMove.objects.create(
        round=study.round,
        from_version=version,
        to_version=version,
        member=study.lead,
        last_event=0,
        moved_at=timezone.now(),
    )
    with pytest.raises(InvalidError, match="still being moved"):
        trash_round(lead=study.lead, round=study.round)
    assert Label.objects.count() == 2


def test_what_rests_on_another_comes_back_after_it(study: make.Study) -> None:
    people = {"articles": study.articles, "members": study.members}
    retest = open_round(lead=study.lead, name="Again", purpose="retest", **people)  # type: ignore[arg-type]
    Round.objects.filter(pk=retest.pk).update(retest_of=study.round)
    for round in (retest, study.round):
        trash_round(lead=study.lead, round=round)
    with pytest.raises(InvalidError, match="Restore that one first"):
        restore_round(lead=study.lead, round_id=retest.pk)
    for round in (study.round, retest):
        assert restore_round(lead=study.lead, round_id=round.pk).deleted_at is None


def test_after_thirty_days_only_the_operator_restores(study: make.Study) -> None:
    other = make.article(study.lead)
    entry = drop(member=study.lead, articles=[other.pk]).entry
    trash_round(lead=study.lead, round=study.round)
    assert [(line.item, line.by) for line in articles_in_trash(study.project.pk)] == [(other, study.lead)]
    then = timezone.now() - LONG_AGO
    Round.with_trash.update(deleted_at=then)
    Article.objects.filter(pk=other.pk).update(deleted_at=then)
    assert [line.days_left for line in (*rounds_in_trash(study.project.pk), *articles_in_trash(study.project.pk))] == [
        0,
        0,
    ]
    with pytest.raises(InvalidError, match="operator"):
        restore_round(lead=study.lead, round_id=study.round.pk)
    with pytest.raises(InvalidError, match="operator"):
        restore(member=study.lead, articles=[other.pk])
    assert entry
    restore_round(lead=study.lead, round_id=study.round.pk, operator=True)
    restore(member=study.lead, articles=[other.pk], operator=True)
    assert not articles_in_trash(study.project.pk)


def test_a_drop_of_long_ago_is_not_undone_either(study: make.Study) -> None:
    other = make.article(study.lead)
    entry = AuditEntry.objects.get(pk=drop(member=study.lead, articles=[other.pk]).entry)
    then = timezone.now() - LONG_AGO
    Article.objects.filter(pk=other.pk).update(deleted_at=then)
    entry.detail["after"][str(other.pk)]["deleted_at"] = then.isoformat()
    entry.save()
    with pytest.raises(InvalidError, match="operator"):
        undo_change(member=study.lead, entry=entry.pk)


def test_a_project_goes_for_all_and_is_restored_by_its_lead(study: make.Study) -> None:
    lead = study.lead.user
    assert lead is not None
    for wrong in ("", "another", "Round 1"):
        with pytest.raises(InvalidError, match="Type the title"):
            delete_project(lead=study.lead, typed=wrong)
    delete_project(lead=study.lead, typed=f" {study.project.title} ")
    for user in (lead, study.members[0].user):
        with pytest.raises(NotFoundError):
            access.membership(user, study.slug)  # type: ignore[arg-type]
    (line,) = projects_in_trash(lead)
    assert (line.item, line.by, line.labels, line.days_left) == (study.project, study.lead, 2, 30)
    assert study.members[0].user is not None
    assert not projects_in_trash(study.members[0].user)
    for stranger in (study.members[0].user, make.user()):
        with pytest.raises(NotFoundError):
            restore_project(user=stranger, project_id=study.project.pk)
    restore_project(user=lead, project_id=study.project.pk)
    assert access.membership(lead, study.slug).role == Role.LEAD
    Project.objects.update(deleted_at=timezone.now() - LONG_AGO)
    assert not projects_in_trash(lead)
    with pytest.raises(InvalidError, match="operator"):
        restore_project(user=lead, project_id=study.project.pk)
