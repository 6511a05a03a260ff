"""What becomes of members: labels stay, work is released, a lead remains, and what can be undone is."""

import threading

import pytest
from django.db import connection

from annotator.core.errors import ConflictError, DomainError, InvalidError, NotAllowedError, NotFoundError
from annotator.models import Label
from projects.models import Assignment, AuditEntry, Membership, Role
from projects.queries.members import leads
from projects.services.member_changes import (
    change_member,
    leave_project,
    remove_member,
    transfer_project,
    undo_member_change,
)
from projects.services.members import accept_invitation, invite, open_invitation
from tests import make

pytestmark = pytest.mark.django_db


def changed(lead: Membership, member: Membership, **wanted: str) -> int | None:
    before = {"role": member.role, "pseudonym": member.pseudonym, "group": member.group}
    done = change_member(lead=lead, member_id=member.pk, **(before | wanted))
    member.refresh_from_db()
    return done.entry if done else None


@pytest.fixture
def study() -> make.Study:
    """The first member has begun the first article, and the second not."""
    made = make.study(annotators=2, texts=(make.TEXT, make.TEXT))
    make.label(made.assignment(), made.units()[0], "stance", "for")
    return made


def states(study: make.Study, member: int = 0) -> list[str]:
    return [study.assignment(member, article).state for article in range(2)]


def test_who_is_removed_keeps_his_labels_and_gives_back_what_he_had_not_begun(study: make.Study) -> None:
    gone = study.members[0]
    done = remove_member(lead=study.lead, member_id=gone.pk)
    assert done.released == 1
    assert Label.objects.filter(assignment__member=gone).count() == 1
    shares = Assignment.objects.filter(member=gone).order_by("pk")
    assert list(shares.values_list("state", flat=True)) == ["started", "released"]
    undo_member_change(lead=study.lead, entry=done.entry)
    gone.refresh_from_db()
    assert gone.left_at is None
    assert states(study) == ["started", "waiting"]
    with pytest.raises(NotFoundError, match="no such change"):
        undo_member_change(lead=study.lead, entry=done.entry)


def test_who_was_removed_comes_back_as_he_was(study: make.Study) -> None:
    gone = study.members[0]
    remove_member(lead=study.lead, member_id=gone.pk)
    assert gone.user is not None
    back = accept_invitation(user=gone.user, key=invite(lead=study.lead, role=Role.ANNOTATOR))
    assert (back.pk, back.pseudonym) == (gone.pk, gone.pseudonym)


def test_a_new_pseudonym_is_told_and_the_earlier_one_stays_his(study: make.Study) -> None:
    first, second = study.members
    earlier = first.pseudonym
    entry = changed(study.lead, first, pseudonym="  Coder\tone ", group="experts")
    assert (first.pseudonym, first.group) == ("Coder one", "experts")
    assert AuditEntry.objects.get(pk=entry).detail["before"]["pseudonym"] == earlier
    for wanted, told in ((earlier, "was another"), ("Coder one", "is another"), (" ", "Give"), ("x" * 201, "too long")):
        with pytest.raises(InvalidError) as refused:
            changed(study.lead, second, pseudonym=wanted)
        assert told in f"{refused.value} {refused.value.problems}"
    assert changed(study.lead, first, pseudonym=earlier)
    assert changed(study.lead, first) is None
    number = study.project.memberships.count()
    for name in (f"ann-{number}", earlier):
        changed(study.lead, first, pseudonym=name)
    newcomer = accept_invitation(user=make.user(), key=invite(lead=study.lead, role=Role.ANNOTATOR))
    assert newcomer.pseudonym == f"ann-{number + 1}"


def test_a_viewer_has_no_work_and_an_undo_gives_it_back(study: make.Study) -> None:
    member = study.members[1]
    entry = changed(study.lead, member, role=Role.VIEWER)
    assert list(Assignment.objects.filter(member=member).values_list("state", flat=True)) == ["released"] * 2
    assert entry is not None
    undo_member_change(lead=study.lead, entry=entry)
    assert states(study, 1) == ["waiting"] * 2


def test_what_was_changed_again_since_is_not_undone(study: make.Study) -> None:
    entry = changed(study.lead, study.members[0], group="experts")
    changed(study.lead, study.members[0], group="students")
    assert entry is not None
    with pytest.raises(ConflictError, match="again since"):
        undo_member_change(lead=study.lead, entry=entry)


def test_a_project_keeps_a_lead_who_can_sign_in(study: make.Study) -> None:
    lead = study.lead
    Membership.objects.create(project=lead.project, role=Role.LEAD, pseudonym="from a table")
    for act in (
        lambda: leave_project(member=lead),
        lambda: remove_member(lead=lead, member_id=lead.pk),
        lambda: changed(lead, lead, role=Role.VIEWER),
    ):
        with pytest.raises(ConflictError, match="needs a lead"):
            act()
    assert list(leads(lead.project_id)) == [lead]


@pytest.mark.parametrize("giver", ["viewer", "leave"])
def test_a_project_is_handed_over_in_one_act(study: make.Study, giver: str) -> None:
    lead, taker = study.lead, study.members[0]
    key = invite(lead=lead, role=Role.LEAD)
    for to in (lead, Membership.objects.create(project=lead.project, role=Role.ANNOTATOR, pseudonym="nobody")):
        with pytest.raises(InvalidError, match="Choose another member"):
            transfer_project(lead=lead, to=to.pk, role=giver)
    transfer_project(lead=lead, to=taker.pk, role=giver)
    lead.refresh_from_db()
    assert list(leads(lead.project_id)) == [taker]
    assert (lead.role, lead.left_at is None) == (("viewer", True) if giver == "viewer" else ("lead", False))
    with pytest.raises(NotFoundError):
        open_invitation(key)
    with pytest.raises(DomainError):
        invite(lead=lead, role=Role.LEAD)


def test_who_leaves_gives_back_his_work(study: make.Study) -> None:
    assert leave_project(member=study.members[1]) == 2


def test_members_are_changed_by_leads_of_their_own_project(study: make.Study) -> None:
    with pytest.raises(NotAllowedError):
        changed(study.members[0], study.members[1], role=Role.LEAD)
    with pytest.raises(NotFoundError):
        changed(make.project(), study.members[0], role=Role.LEAD)


def test_who_came_back_by_an_invitation_is_not_brought_back_again(study: make.Study) -> None:
    gone = study.members[0]
    done = remove_member(lead=study.lead, member_id=gone.pk)
    assert gone.user is not None
    accept_invitation(user=gone.user, key=invite(lead=study.lead, role=Role.VIEWER))
    with pytest.raises(ConflictError, match="again since"):
        undo_member_change(lead=study.lead, entry=done.entry)


def test_who_is_no_lead_any_more_changes_nobody_though_he_was_one_when_he_asked(study: make.Study) -> None:
    as_he_asked = Membership.objects.get(pk=study.lead.pk)
    transfer_project(lead=study.lead, to=study.members[0].pk, role=Role.ANNOTATOR)
    with pytest.raises(NotAllowedError):
        remove_member(lead=as_he_asked, member_id=study.members[0].pk)


@pytest.mark.django_db(transaction=True)
def test_two_leads_who_remove_each_other_leave_one() -> None:
    one = make.project()
    two = make.member(one.project, Role.LEAD)
    together = threading.Barrier(2)

    def remove(lead: Membership, other: Membership) -> None:
        together.wait()
        try:
            remove_member(lead=lead, member_id=other.pk)
        except DomainError:
            pass
        finally:
            connection.close()

    both = [threading.Thread(target=remove, args=pair) for pair in ((one, two), (two, one))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert leads(one.project_id).count() == 1
