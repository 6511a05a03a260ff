"""Gold answers: made, explained, taken back, and how annotators met those hidden among their work."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.core.codebook import CANNOT_TELL
from annotator.core.errors import InvalidError, NotAllowedError, NotFoundError
from annotator.core.mending import Split
from annotator.models import Decision, GoldAnswer, GoldScore
from annotator.queries.gold import accuracy, gold_articles, gold_in, visible_gold
from annotator.services.gold import bring_back, explain, gold_from_decisions, gold_from_own, take_back
from annotator.services.gold_scores import keep_own_scores
from annotator.services.label_restores import restore_labels
from projects.models import Assignment, AuditEntry, Round
from projects.queries.codebooks import codebook
from projects.services.rounds import open_round
from tests import make, mended, moved

pytestmark = pytest.mark.django_db
MAYOR = [{"source": "mayor", "manner": "indirect", "stance": "accusing", "spans": []}]


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=2)


def decide(study: make.Study, variable: str, value: object, sentence: int = 1) -> Decision:
    unit = study.units()[sentence]
    return Decision.objects.create(round=study.round, unit=unit, variable=variable, value=value, version=1)


def finish(share: Assignment, study: make.Study, value: object) -> None:
    """Answer the attribution of all sentences alike."""
    for unit in study.units():
        make.label(share, unit, "attribution", value)


def test_decisions_become_gold_once_and_a_changed_one_takes_the_place_of_the_old(study: make.Study) -> None:
    first = decide(study, "stance", "for")
    for variable, value in (("remark", "words"), ("tone", CANNOT_TELL), ("weight", None), ("side", ["none such"])):
        decide(study, variable, value)
    for sentence, open_still in ((2, "discussed"), (3, "to_confirm")):
        Decision.objects.filter(pk=decide(study, "stance", "for", sentence).pk).update(**{open_still: True})
    made = gold_from_decisions(lead=study.lead, round=study.round)
    assert (made.made, made.left_out) == (1, 3)
    assert gold_from_decisions(lead=study.lead, round=study.round).made == 0
    Decision.objects.filter(pk=first.pk).update(value="against")
    assert gold_from_decisions(lead=study.lead, round=study.round, decision_id=first.pk).made == 1
    assert list(GoldAnswer.objects.filter(decision=first).values_list("value", flat=True)) == ["for", "against"]
    assert visible_gold(study.lead).get().value == "against"
    assert AuditEntry.objects.filter(act="make gold").exists()


def test_a_lead_makes_gold_of_what_he_finished_himself(study: make.Study) -> None:
    made = open_round(lead=study.lead, name="Mine", purpose="pilot", articles=study.articles, members=[study.lead])
    share = Assignment.objects.get(round=made)
    make.label(share, study.units()[0], "attribution", [])
    with pytest.raises(NotFoundError):
        gold_from_own(lead=study.lead, assignment_id=share.pk)
    for unit in study.units()[1:]:
        make.label(share, unit, "attribution", MAYOR)
    assert gold_from_own(lead=study.lead, assignment_id=share.pk).made == len(study.units())
    assert [one.answers for one in gold_articles(study.project.pk)] == [len(study.units())]
    with pytest.raises(NotFoundError):
        gold_from_own(lead=study.lead, assignment_id=study.assignment().pk)


def test_an_explanation_makes_the_next_row_and_what_is_taken_back_stays_written(study: make.Study) -> None:
    decide(study, "stance", "for")
    gold_from_decisions(lead=study.lead, round=study.round)
    old = GoldAnswer.objects.get()
    new = explain(lead=study.lead, answer_id=old.pk, explanation=" He says so. ")
    assert (new.pk != old.pk, new.explanation, new.value) == (True, "He says so.", "for")
    with pytest.raises(NotFoundError):
        explain(lead=study.lead, answer_id=old.pk, explanation="again")
    assert take_back(lead=study.lead, article_id=study.articles[0].pk) == 1
    assert GoldAnswer.objects.count() == 2
    assert not visible_gold(study.lead).exists()
    with pytest.raises(NotFoundError):
        take_back(lead=study.lead, article_id=study.articles[0].pk)


def test_gold_is_for_leads_of_the_project_who_may_see_its_decisions(study: make.Study) -> None:
    decide(study, "stance", "for")
    with pytest.raises(NotAllowedError):
        gold_from_decisions(lead=study.members[0], round=study.round)
    gold_from_decisions(lead=study.lead, round=study.round)
    stranger = make.project()
    with pytest.raises(NotFoundError):
        explain(lead=stranger, answer_id=GoldAnswer.objects.get().pk, explanation="")
    Assignment.objects.create(round=study.round, text_version=study.assignment().text_version, member=study.lead)
    assert not visible_gold(study.lead).exists()
    with pytest.raises(NotAllowedError):
        gold_from_decisions(lead=study.lead, round=study.round)
    with pytest.raises(InvalidError):
        explain(lead=study.lead, answer_id=GoldAnswer.objects.get().pk, explanation="x" * 5000)


def test_merged_values_read_as_what_they_became_and_split_ones_are_gold_no_more(study: make.Study) -> None:
    decide(study, "stance", "for")
    decide(study, "tone", "1")
    gold_from_decisions(lead=study.lead, round=study.round)
    text = study.assignment().text_version_id
    later = moved.later({"stance": {"values.for": ["neutral"]}, "tone": {"values.1": ["0", "-1"]}})
    merged = codebook(moved.publish(study, later).pk)
    unit = study.units()[1].pk
    assert {place: gold.value for place, gold in gold_in([text], merged).items()} == {(unit, "stance"): "neutral"}


def test_the_accuracy_of_annotators_on_hidden_gold_by_week(study: make.Study) -> None:
    decide(study, "attribution", MAYOR)
    decide(study, "attribution", MAYOR, sentence=2)
    gold_from_decisions(lead=study.lead, round=study.round)
    assert accuracy(study.round) == []
    Assignment.objects.filter(round=study.round).update(why=Assignment.Why.GOLD)
    finish(study.assignment(0), study, MAYOR)
    finish(study.assignment(1), study, [])
    keep_own_scores(study.members[0])
    assert GoldScore.objects.count() == 1
    with CaptureQueriesContext(connection) as asked:
        found = accuracy(study.round)
    assert [(one.member, one.rate.met, one.rate.answers, len(one.weeks)) for one in found] == [
        (study.members[1], 0, 2, 1),
        (study.members[0], 2, 2, 1),
    ]
    assert len(asked) <= 6
    assert found[1].rate.low == pytest.approx(0.3424, abs=1e-4)
    # A correction counts at once, what is put back too, and gold that is taken back.
    at = timezone.now()
    make.label(study.assignment(0), study.units()[1], "attribution", [], 1)
    assert accuracy(study.round)[1].rate.met == 1
    keep_own_scores(study.members[0])
    restore_labels(member=study.lead, round=study.round, annotator=study.members[0], at=at)
    assert accuracy(study.round)[1].rate.met == 2
    take_back(lead=study.lead, article_id=study.articles[0].pk)
    assert accuracy(study.round) == []


def test_articles_shown_in_training_are_no_hidden_gold(study: make.Study) -> None:
    decide(study, "stance", "for")
    gold_from_decisions(lead=study.lead, round=study.round)
    assert gold_articles(study.project.pk, hidden=True)
    Assignment.objects.filter(round=study.round).update(why=Assignment.Why.GOLD)
    assert not gold_articles(study.project.pk), "a training would tell what is hidden in an open round"
    Assignment.objects.filter(round=study.round).update(why=Assignment.Why.WORK)
    Round.objects.update(purpose=Round.Purpose.TRAINING)
    assert not gold_articles(study.project.pk, hidden=True)
    assert gold_articles(study.project.pk)


def test_gold_goes_along_to_sentences_that_stayed_as_they_were_and_back_with_an_undo() -> None:
    study = make.study(annotators=1, texts=[mended.TEXT])
    for number in (2, 3, 4):
        unit = mended.unit(study, number)
        Decision.objects.create(round=study.round, unit=unit, variable="stance", value="for", version=1)
    gold_from_decisions(lead=study.lead, round=study.round)
    GoldAnswer.objects.update(explanation="So.")
    mended.mend(study, Split(mended.unit(study, 3).start + 10))
    text = mended.version(study)
    kept = GoldAnswer.objects.filter(retired_at=None, unit__text_version=text)
    assert list(kept.values_list("unit__index", "explanation")) == [(2, "So."), (5, "So.")]
    assert sum(one.answers for one in gold_articles(study.project.pk)) == 2
    mended.undo(study)
    kept = GoldAnswer.objects.filter(retired_at=None, unit__text_version=mended.version(study))
    assert sorted(kept.values_list("unit__index", flat=True)) == [2, 3, 4]


def test_what_is_brought_back_is_what_was_taken_back_though_boundaries_were_mended() -> None:
    study = make.study(annotators=1, texts=[mended.TEXT])
    for sentence in (1, 5):
        decide(study, "stance", "for", sentence)
    gold_from_decisions(lead=study.lead, round=study.round)
    mended.mend(study, Split(study.units()[0].start + 4))
    article = study.articles[0].pk
    assert [act(lead=study.lead, article_id=article) for act in (take_back, bring_back)] == [2, 2]
    assert visible_gold(study.lead).count() == 2
