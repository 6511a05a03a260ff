"""Notices: stored after the act, never its price, and for nobody's eyes but his who should know."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from annotator.models import MailWish, Note, Notice
from annotator.queries.notices import notices_of, words_of
from annotator.services import notices
from annotator.services.notes import Remark, answer_note, leave_remark, reply_to_answer
from annotator.services.notice_mail import send_notices
from projects.models import Assignment, User
from tests import make
from tests.web.test_coding import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=2)


def ask(study: make.Study, text: str = "Who is “they”?") -> Note:
    leave_remark(assignment=study.assignment(), unit=study.units()[0], uuid=uuid4(), remark=Remark(text=text))
    return Note.objects.get(text=text)


def told(user: User | None) -> list[str]:
    assert user is not None
    return [words_of(notice) for notice in notices_of(user)]


def test_the_lead_is_told_of_a_note_and_its_author_of_the_answer(study: make.Study) -> None:
    note = ask(study)
    title = study.project.title
    assert told(study.lead.user) == [f"There is a new note in {title}"]
    answer_note(member=study.lead, note_id=note.pk, text="The mayor.")
    reply_to_answer(member=study.members[0], note_id=note.pk, text="And here?")
    assert told(study.members[0].user) == [f"Your note in {title} was answered"]
    assert len(told(study.lead.user)) == 2
    assert told(study.members[1].user) == []


def test_a_lead_who_annotates_blind_is_told_nothing_of_others_notes(study: make.Study) -> None:
    share = study.assignment(1)
    Assignment.objects.create(round=study.round, text_version=share.text_version, member=study.lead, units_total=1)
    ask(study)
    assert told(study.lead.user) == []


def test_what_fails_here_never_fails_the_act(study: make.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices.Notice.objects, "bulk_create", None)
    assert ask(study).text
    assert not Notice.objects.exists()


def page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_an_answer_is_new_in_the_bar_and_on_its_page_until_it_was_read(study: make.Study) -> None:
    answer_note(member=study.lead, note_id=ask(study).pk, text="The mayor.")
    client, address = signed_in(study.members[0].user), f"/p/{study.slug}/notes/"
    bar = page(client, f"/p/{study.slug}/")
    assert bar.count('<span class="count doubt">1') == 2  # at the notes, and at the notices
    assert 'class="new"' in page(client, f"{address}?settled=1")
    assert 'class="new"' not in page(client, f"{address}?settled=1")
    assert '<span class="count doubt">' not in page(client, "/notices/")


def test_a_notice_is_followed_by_its_own_reader_alone(study: make.Study) -> None:
    ask(study)
    notice = Notice.objects.get()
    assert signed_in(study.members[1].user).post(f"/notices/{notice.pk}/").status_code == 404
    answer = signed_in(study.lead.user).post(f"/notices/{notice.pk}/")
    assert answer["Location"] == f"/p/{study.slug}/notes/#n{notice.note_id}"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_all_are_marked_as_read_and_a_wish_is_kept(study: make.Study) -> None:
    ask(study)
    client = signed_in(study.lead.user)
    for sent in ({}, {"wish": "daily"}, {"wish": "hourly"}):
        assert client.post("/notices/", sent).status_code == 302
    assert not Notice.objects.filter(read_at=None).exists()
    assert MailWish.objects.get().wish == "daily"


def test_answers_come_by_e_mail_at_once_and_all_else_as_wished(
    study: make.Study,
    settings,
    monkeypatch: pytest.MonkeyPatch,  # type: ignore[no-untyped-def]
) -> None:
    settings.EMAIL_CONFIGURED, settings.SITE_URL = True, "https://annotate.example.org"
    queued: list[tuple[int, list[int]]] = []
    task = SimpleNamespace(enqueue=lambda user, ids: queued.append((user, ids)))
    monkeypatch.setattr(notices, "mail_notices", task)
    User.objects.filter(pk__in=[study.lead.user_id, study.members[0].user_id]).update(email="somebody@example.org")
    MailWish.objects.create(user=study.lead.user, wish="daily")
    answer_note(member=study.lead, note_id=ask(study).pk, text="The mayor.")
    [(user, ids)] = queued
    assert user == study.members[0].user_id
    for _ in range(2):
        send_notices(user, ids)
        call_command("mail_notices")
    assert [sent.subject for sent in mail.outbox] == [
        f"Your note in {study.project.title} was answered",
        f"There is a new note in {study.project.title}",
    ]
    assert f"https://annotate.example.org/p/{study.slug}/notes/" in mail.outbox[0].body
    assert "mayor" not in mail.outbox[0].body


def test_a_round_that_opens_and_shares_that_move_are_told_to_whom_they_concern(study: make.Study) -> None:
    client, (first, second), title = signed_in(study.lead.user), study.members, study.project.title
    shares = [share.pk for share in Assignment.objects.filter(round=study.round, member=first)]
    for state in ("closed", "open"):
        client.post(f"/p/{study.slug}/rounds/{study.round.pk}/close/", {"state": state})
    client.post(f"/p/{study.slug}/rounds/{study.round.pk}/shares/", {"act": "release", "member": first.pk})
    assert told(first.user)[-1] == told(second.user)[-1] == f"The round Round 1 is open for you in {title}"
    assert told(study.lead.user) == []
    assert Assignment.objects.filter(pk__in=shares, state="released").count() == len(shares)
    assert told(first.user)[0] == f"Articles of the round Round 1 in {title} are no longer yours: 1"
    assert len(told(second.user)) == 1
