"""Invitations: each makes one member, with the role it says, and nobody else's place is taken with it."""

import threading

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from annotator.core.errors import InvalidError, NotFoundError
from projects.models import Membership, Role, User
from projects.services.members import accept_as_newcomer, accept_invitation, invite
from tests import make

pytestmark = pytest.mark.django_db
WORDS = "weather and tides"


def test_an_invitation_is_used_up_by_the_first_who_accepts() -> None:
    lead = make.project()
    key = invite(lead=lead, role=Role.ANNOTATOR)
    accept_invitation(user=make.user(), key=key)
    with pytest.raises(NotFoundError, match="used up"):
        accept_invitation(user=make.user(), key=key)


def test_a_used_invitation_makes_no_account() -> None:
    key = invite(lead=make.project(), role=Role.ANNOTATOR)
    accept_invitation(user=make.user(), key=key)
    with pytest.raises(NotFoundError):
        accept_as_newcomer(username="late", password=WORDS, key=key)
    assert not User.objects.filter(username="late").exists()


def test_a_second_invitation_does_not_take_over_a_member_who_has_joined() -> None:
    lead = make.project()
    coded = Membership.objects.create(project=lead.project, role=Role.ANNOTATOR, pseudonym="coder 1")
    first, second = (invite(lead=lead, role=Role.ANNOTATOR, member=coded) for _ in range(2))
    owner = make.user()
    accept_invitation(user=owner, key=first)
    with pytest.raises(NotFoundError):
        accept_invitation(user=make.user(), key=second)
    coded.refresh_from_db()
    assert coded.user == owner


def test_a_member_raises_his_role_by_no_invitation() -> None:
    lead = make.project()
    annotator = make.member(lead.project)
    assert annotator.user is not None
    with pytest.raises(InvalidError, match="already"):
        accept_invitation(user=annotator.user, key=invite(lead=lead, role=Role.LEAD))
    annotator.refresh_from_db()
    assert annotator.role == Role.ANNOTATOR


def test_an_invitation_that_was_refused_stays_open() -> None:
    lead = make.project()
    assert lead.user is not None
    key = invite(lead=lead, role=Role.ANNOTATOR)
    with pytest.raises(InvalidError):
        accept_invitation(user=lead.user, key=key)
    assert accept_invitation(user=make.user(), key=key).role == Role.ANNOTATOR


def test_a_member_who_left_comes_back_under_his_pseudonym() -> None:
    lead = make.project()
    gone = make.member(lead.project, Role.LEAD)
    assert gone.user is not None
    Membership.objects.filter(pk=gone.pk).update(left_at=timezone.now())
    back = accept_invitation(user=gone.user, key=invite(lead=lead, role=Role.ANNOTATOR))
    assert (back.pk, back.pseudonym, back.role, back.left_at) == (gone.pk, gone.pseudonym, Role.ANNOTATOR, None)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_press_the_button_at_once_one_joins() -> None:
    lead = make.project()
    key = invite(lead=lead, role=Role.ANNOTATOR)
    together, joined = threading.Barrier(6), list[str]()

    def join(name: str) -> None:
        together.wait()
        try:
            joined.append(accept_as_newcomer(username=name, password=WORDS, key=key).pseudonym)
        except NotFoundError:
            pass
        finally:
            connection.close()

    people = [threading.Thread(target=join, args=(f"person{number}",)) for number in range(6)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    close_old_connections()
    assert joined == ["ann-1"]
    assert User.objects.filter(username__startswith="person").count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_who_join_at_once_get_pseudonyms_of_their_own() -> None:
    lead = make.project()
    keys = [invite(lead=lead, role=Role.ANNOTATOR) for _ in range(5)]
    together = threading.Barrier(5)

    def join(number: int) -> None:
        together.wait()
        try:
            accept_as_newcomer(username=f"person{number}", password=WORDS, key=keys[number])
        finally:
            connection.close()

    people = [threading.Thread(target=join, args=(number,)) for number in range(5)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    names = set(Membership.objects.filter(project=lead.project).values_list("pseudonym", flat=True))
    assert names == {"lead", "ann-1", "ann-2", "ann-3", "ann-4", "ann-5"}
