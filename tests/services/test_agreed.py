"""What all annotators agree on, taken over and back as one act; and how decisions met them."""

from uuid import uuid4

import pytest

from annotator.core.errors import InvalidError
from annotator.models import Decision, DecisionEvent
from annotator.queries.decided import agreed_lines, bulk_acts, met_lines
from annotator.services.agreed import accept_agreed, undo_agreed
from annotator.services.decisions import decide
from projects.models import AuditEntry
from tests import make
from tests.services.test_decisions import ruling, study

__all__ = ["study"]
pytestmark = pytest.mark.django_db


def test_what_all_agree_on_is_taken_over_as_one_act_and_back(study: make.Study) -> None:
    _one, agreed, _three, half = study.units()[1:5]
    make.label(study.assignment(0), half, "stance", "for")
    make.label(study.assignment(1), half, "stance", "for")  # the third has still to say
    (line,) = [line for line in agreed_lines(study.round) if line.agreed]
    assert (line.variable.key, line.agreed, line.open) == ("stance", 1, 1)
    batch = uuid4()
    assert accept_agreed(member=study.lead, round=study.round, variable="stance", batch=batch) == 1
    assert accept_agreed(member=study.lead, round=study.round, variable="stance", batch=batch) == 0
    decision = Decision.objects.get()
    assert (decision.unit, decision.value, decision.labels_seen) == (agreed, "for", 3)
    assert len(decision.events.get().basis["answers"]) == 3
    assert [act.decisions for act in bulk_acts(study.round)] == [1]
    assert undo_agreed(member=study.lead, round=study.round, batch=batch) == 1
    assert Decision.objects.get().value is None
    with pytest.raises(InvalidError):
        undo_agreed(member=study.lead, round=study.round, batch=batch)
    assert accept_agreed(member=study.lead, round=study.round, variable="stance", batch=uuid4()) == 1
    assert Decision.objects.get().version == DecisionEvent.objects.count() == 3
    assert AuditEntry.objects.filter(act__contains="all agree").count() == 3


def test_what_somebody_decided_since_is_neither_taken_over_nor_back(study: make.Study) -> None:
    decide(member=study.lead, ruling=ruling(study, "neutral", at=2))
    assert accept_agreed(member=study.lead, round=study.round, variable="stance", batch=uuid4()) == 0
    assert Decision.objects.get().value == "neutral"


def test_how_annotators_and_majority_met_what_was_decided_one_by_one(study: make.Study) -> None:
    decide(member=study.lead, ruling=ruling(study, "for"))  # two against one
    decide(member=study.lead, ruling=ruling(study, "against", at=3))  # neutral, for, against
    accept_agreed(member=study.lead, round=study.round, variable="stance", batch=uuid4())
    (line,) = met_lines(study.round)
    assert (line.decisions, line.ties, line.majority.met, line.majority.answers) == (2, 1, 1, 1)
    assert [(rate.met, rate.answers) for _, rate in line.annotators] == [(1, 2), (1, 2), (1, 2)]
