"""The page of notes: the words of each sentence, without the texts around them, and nobody else's to an annotator."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.services.notes import Remark, leave_remark
from tests import make
from tests.web.test_coding import signed_in

pytestmark = pytest.mark.django_db
TEXT = "The mayor 😀 spoke.\n\nA cat 😀 slept. \u0627\u0644 went on.\n"


@pytest.fixture
def study() -> make.Study:
    made = make.study(annotators=2, texts=[TEXT])
    for member, text in ((0, "of the first"), (1, "of the second")):
        for unit in [*made.units(), made.whole()]:
            leave_remark(assignment=made.assignment(member), unit=unit, uuid=uuid4(), remark=Remark(text=text))
    return made


def page(study: make.Study, user: object) -> str:
    answer = signed_in(user).get(f"/p/{study.slug}/notes/")  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_note_stands_beside_the_words_of_its_sentence(study: make.Study) -> None:
    shown = page(study, study.lead.user)
    for unit in study.units():
        assert f">{TEXT.strip()[unit.start : unit.end]}</p>" in shown
    assert shown.count('class="words"') == 2 * len(study.units())


def test_an_annotator_reads_his_own(study: make.Study) -> None:
    shown = page(study, study.members[0].user)
    assert "of the first" in shown
    assert "of the second" not in shown


def test_the_page_reads_no_whole_text_and_asks_no_more_for_more_notes(study: make.Study) -> None:
    client = signed_in(study.lead.user)
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/p/{study.slug}/notes/")
    statements = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(statements) < 13, "\n".join(statements)
    assert not any('textversion"."text", "projects' in query["sql"] for query in asked)
