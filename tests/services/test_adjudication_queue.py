"""The queue of units that wait for a decision: it follows its sentences, and shows what can still be compared."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from annotator.core.errors import InvalidError, NotAllowedError, NotFoundError
from annotator.core.mending import Merge, Split
from annotator.models import QueuedUnit
from annotator.queries.adjudication import visible_queue, waiting_count
from annotator.queries.bench import questions
from annotator.queries.bench import queue as bench
from annotator.queries.unit_answers import answers_on
from annotator.services.adjudication import queue_unit, take_off_queue
from annotator.services.decisions import Ruling, decide
from projects.models import AuditEntry, Round
from tests import make, mended

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> make.Study:
    cache.clear()
    made = make.study(annotators=2, texts=[mended.TEXT])
    for number, value in enumerate(["for", "against"]):
        for unit in made.units()[1:3]:
            make.label(made.assignment(number), unit, "stance", value)
    return made


def queue(study: make.Study, unit: int, variable: str = "stance") -> QueuedUnit:
    return queue_unit(member=study.lead, round=study.round, unit=study.units()[unit], variable=variable)


def test_what_waits_is_shown_with_its_answers_and_taken_off_with_a_trace(study: make.Study) -> None:
    queued = queue(study, 1)
    first = bench(study.lead, study.round, questions(study.round), "hardest", "open").items[0]
    assert (first.unit, first.variable, first.put_up) == (study.units()[1].pk, "stance", queued.pk)
    assert waiting_count(study.project) == 1
    take_off_queue(member=study.lead, queued_id=queued.pk)
    assert not visible_queue(study.lead).exists()
    assert AuditEntry.objects.latest("pk").detail["unit"] == study.units()[1].pk
    with pytest.raises(NotFoundError):
        take_off_queue(member=study.lead, queued_id=queued.pk)
    again, unit = queue(study, 1), study.units()[1]
    decide(member=study.lead, ruling=Ruling(uuid4(), study.round, unit, "stance", "for", 0))
    assert waiting_count(study.project) == 0
    assert queue(study, 1) == again
    assert waiting_count(study.project) == 1
    with pytest.raises(NotAllowedError):
        queue_unit(member=study.members[0], round=study.round, unit=study.units()[1], variable="stance")
    Round.objects.update(closed_at=timezone.now(), frozen_at=timezone.now())
    assert waiting_count(study.project) == 0  # nobody could decide it
    with pytest.raises(InvalidError, match="frozen"):
        queue(study, 2)


def test_it_follows_its_sentence_through_a_mending_and_back(study: make.Study) -> None:
    first, second = study.units()[1], study.units()[2]
    queue(study, 1)
    queue(study, 2)
    mended.mend(study, Merge(second.start))
    (queued,) = visible_queue(study.lead)
    assert queued.unit.text_version == mended.version(study)
    # Each answered both halves alike, so his answer stands on the whole.
    assert {answer.value for answer in answers_on(study.round, queued.unit, "stance")} == {"for", "against"}
    mended.undo(study)
    (queued,) = visible_queue(study.lead)
    assert queued.unit.start == first.start
    mended.mend(study, Split(first.start + 4))
    assert visible_queue(study.lead).get().unit.text_version == mended.version(study)


def test_a_question_that_is_gone_is_passed_over(study: make.Study) -> None:
    queue(study, 1)
    QueuedUnit.objects.update(variable="gone")
    items = bench(study.lead, study.round, questions(study.round), "text", "open").items
    assert [item.variable for item in items] == ["stance", "stance"]
