"""Who was served others' answers: noted beside the page, listed for leads, and told in the report where it matters."""

import json

import pytest
from django.core.cache import cache
from django.test import Client

from annotator.models import AccessEntry
from annotator.queries.access_log import served_early
from annotator.services import access_log
from projects.models import Assignment, Membership, Role, Round
from projects.services.rounds import set_closed
from tests import make

pytestmark = pytest.mark.django_db
REPORT = AccessEntry.What.REPORT


@pytest.fixture
def study() -> make.Study:
    """Open and not blind; the second annotator has become a lead."""
    cache.clear()
    made = make.study(annotators=2)
    Round.objects.update(blind=False)
    made.round.refresh_from_db()
    Membership.objects.filter(pk=made.members[1].pk).update(role=Role.LEAD)
    for number in range(2):
        make.label(made.assignment(number), made.units()[0], "stance", "for")
    return made


def client_of(member: Membership) -> Client:
    client = Client()
    assert member.user is not None
    client.force_login(member.user)
    return client


def report(member: Membership, study: make.Study, **asked: str) -> str:
    address = f"/p/{study.slug}/agreement/{'download/' if asked else ''}"
    return str(client_of(member).get(address, {"round": study.round.pk, **asked}).content.decode())


def test_a_lead_who_annotates_and_looks_stands_in_the_report(study: make.Study) -> None:
    assert "No exception" in report(study.lead, study)
    report(study.members[1], study)
    report(study.members[1], study)
    assert f"<bdi>{study.members[1].pseudonym}</bdi></b>: agreement, 2 times" in report(study.lead, study)
    (told,) = json.loads(report(study.lead, study, format="json"))["served_early"]
    assert (told["annotator"], told["what"], told["times"]) == (study.members[1].pseudonym, "report", 2)
    methods = report(study.lead, study, format="methods")
    assert f"not blind: these were served others' answers before they had finished: {told['annotator']}" in methods
    # One row a day, however often he looks; of the lead's looks, who labels nothing here, another.
    assert set(AccessEntry.objects.values_list("member", "what", "times")) == {
        (study.members[1].pk, "report", 2),
        (study.lead.pk, "report", 4),
    }


def test_who_looks_after_his_last_answer_is_no_exception(study: make.Study) -> None:
    Assignment.objects.filter(member=study.members[1]).update(state=Assignment.State.DONE)
    access_log.note(member=study.members[1], rounds=[study.round.pk], what=REPORT)
    assert served_early(study.round) == ()
    # A later answer, of a share that came to him late, makes it one.
    make.label(study.assignment(1), study.units()[1], "stance", "against")
    Assignment.objects.filter(member=study.members[1]).update(state=Assignment.State.DONE)
    assert [one.annotator for one in served_early(study.round)] == [study.members[1].pseudonym]


def test_unfinished_work_counts_until_the_round_is_closed(study: make.Study) -> None:
    access_log.note(member=study.members[1], rounds=[study.round.pk], what=REPORT)
    assert len(served_early(study.round)) == 1
    set_closed(lead=study.lead, round=study.round, closed=True)
    study.round.refresh_from_db()
    assert served_early(study.round) == ()


def test_a_page_waits_for_no_log_and_fails_with_none(study: make.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(access_log, "_write", broken)
    assert "No exception" in report(study.lead, study)
    assert not AccessEntry.objects.exists()


def test_leads_read_the_log_by_round_and_member(study: make.Study) -> None:
    other = make.study(annotators=1)
    for member in (study.lead, study.members[1]):
        access_log.note(member=member, rounds=[study.round.pk], what=REPORT)
    access_log.note(member=other.lead, rounds=[other.round.pk], what=REPORT)
    address = f"/p/{study.slug}/access/"
    page = client_of(study.lead).get(address)
    assert [entry.member for entry in page.context["entries"]] == [study.members[1], study.lead]
    page = client_of(study.lead).get(address, {"member": study.lead.pk, "round": study.round.pk})
    assert [entry.member for entry in page.context["entries"]] == [study.lead]
    assert not client_of(study.lead).get(address, {"round": other.round.pk}).context["entries"]
