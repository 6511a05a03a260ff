"""A page that was open while a lead mended: what its annotator chooses is neither lost nor refused."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from annotator.core.mending import Merge, Offer, Reword, Split
from annotator.models import Event, Label
from annotator.services import late_labels
from projects.models import Membership, Role, Unit
from projects.services.rounds import set_closed
from tests import make, mended
from tests.api.callers import LABELS, body, script_of
from tests.web.test_coding import form, save, signed_in, url

pytestmark = pytest.mark.django_db
NOTICE = 'id="mended" hx-swap-oob="true"'


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=2, texts=[mended.TEXT])


@pytest.fixture
def annotator(study: make.Study) -> Client:
    client = signed_in(study.members[0].user)
    assert client.get(url(study)).status_code == 200
    return client


def here(study: make.Study, words: str) -> Unit:
    """The unit of the page that begins with these words."""
    return next(unit for unit in study.units() if mended.TEXT[unit.start :].startswith(words))


def choose(client: Client, study: make.Study, unit: Unit, value: object = "for", **more: object) -> HttpResponse:
    answer = save(client, study, form(unit, "stance", value, **more))
    assert answer.status_code == 200
    assert NOTICE in answer.content.decode()
    return answer


def test_a_save_without_a_mending_tells_of_none(study: make.Study, annotator: Client) -> None:
    assert NOTICE not in save(annotator, study, form(study.units()[0], "stance", "for")).content.decode()


def test_a_choice_on_a_unit_that_only_went_on_lands_on_the_new_one(study: make.Study, annotator: Client) -> None:
    unit = here(study, "Two shops")
    mended.mend(study, Split(mended.TEXT.index("Engineers") + 10))
    choose(annotator, study, unit)
    choose(annotator, study, unit, "against", base=1)
    assert mended.said(study, unit.index + 1, "stance") == ("against", False)
    assert Event.objects.filter(unit__text_version=mended.version(study), to_confirm=None).count() == 2


def test_a_choice_on_a_unit_that_was_split_is_kept_and_asked_of_both_halves(
    study: make.Study, annotator: Client
) -> None:
    unit = here(study, "Engineers")
    mended.mend(study, Split(unit.start + 10))
    choose(annotator, study, unit)
    assert mended.said(study, unit.index, "stance") == ("for", True)
    assert mended.said(study, unit.index + 1, "stance") == ("for", True)


def test_unequal_choices_on_units_that_were_merged_are_asked_again(study: make.Study, annotator: Client) -> None:
    first, second = here(study, "Engineers"), here(study, "Nobody")
    mended.mend(study, Merge(second.start))
    choose(annotator, study, first)
    assert mended.said(study, first.index, "stance") == ("for", True)
    choose(annotator, study, second, "against")
    assert mended.said(study, first.index, "stance") == (None, True)


def test_a_mark_lands_where_its_words_stand_now(study: make.Study, annotator: Client) -> None:
    unit, headline = here(study, "The mayor"), here(study, "Bridge")
    start = mended.TEXT.index("regime")
    mark = {"start": start, "end": start + 6, "quote": "regime", "value": "naming_state"}
    mended.mend(study, Reword(headline.start, "The bridge reopens after the flood"))
    answer = save(annotator, study, form(unit, "framing", [mark]))
    assert answer.status_code == 200
    # To the page as the page has it, to the new text as that has it.
    assert f"&quot;start&quot;: {start}," in answer.content.decode()
    assert mended.said(study, unit.index, "framing") == ([mark | {"start": start + 4, "end": start + 10}], False)


def test_a_choice_on_a_unit_that_was_left_out_stays_in_the_history(study: make.Study, annotator: Client) -> None:
    unit = here(study, "Two shops")
    mended.mend(study, Offer(unit.start, codable=False))
    choose(annotator, study, unit)
    assert Label.objects.get(unit=unit).value == "for"
    mended.undo(study)
    assert mended.said(study, unit.index, "stance") == ("for", False)


def test_a_repeat_of_a_choice_answers_the_same(study: make.Study, annotator: Client) -> None:
    before, later = (form(here(study, words), "stance", "for") for words in ("Two shops", "Engineers"))
    assert save(annotator, study, before).status_code == 200
    mended.mend(study, Split(mended.TEXT.index("checked")))
    assert [save(annotator, study, fields).status_code for fields in (before, later, later, before)] == [200] * 4
    assert Event.objects.filter(to_confirm=None).count() == 2


def test_a_repeat_is_known_however_many_mendings_came_since(study: make.Study, annotator: Client) -> None:
    fields = form(here(study, "Two shops"), "stance", "for")
    mended.mend(study, Split(mended.TEXT.index("checked")))
    assert save(annotator, study, fields).status_code == 200
    mended.mend(study, Merge(here(study, "Nobody").start))
    assert save(annotator, study, fields).status_code == 200
    mended.mend(study, Split(here(study, "Two shops").start + 4))
    assert save(annotator, study, fields).status_code == 200
    assert save(annotator, study, fields | {"value": '"against"'}).status_code == 422
    assert Event.objects.filter(to_confirm=None).count() == 1


@pytest.mark.parametrize("words", ["Two shops", "Engineers"])
def test_a_repeat_that_comes_while_the_first_is_stored_answers_the_same(
    study: make.Study, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    choice = make.choice(here(study, words), "stance", "for")
    mended.mend(study, Split(mended.TEXT.index("checked")))
    answers = []

    def meanwhile(unit: Unit, until: int, looked_up: Callable[..., object] = late_labels._heir) -> object:
        monkeypatch.undo()
        answers.append(late_labels.save_choice(assignment=study.assignment(), choice=choice))
        return looked_up(unit, until)

    monkeypatch.setattr(late_labels, "_heir", meanwhile)
    again = late_labels.save_choice(assignment=study.assignment(), choice=choice)
    assert (again.version, again.value, again.replayed) == (answers[0].version, "for", True)


def test_a_round_that_was_opened_again_goes_no_further_than_its_own_text(study: make.Study, annotator: Client) -> None:
    split, whole = here(study, "Engineers"), here(study, "Two shops")
    mended.mend(study, Split(split.start + 10))
    set_closed(lead=study.lead, round=study.round, closed=True)
    mended.mend(study, Split(mended.TEXT.index("came late")))
    set_closed(lead=study.lead, round=study.round, closed=False)
    choose(annotator, study, split)
    choose(annotator, study, whole)
    assert {label.unit.text_version.number for label in Label.objects.all()} == {1, 2}
    assert Label.objects.filter(unit__text_version__number=2, to_confirm=False).count() == 1


def test_who_may_annotate_no_more_saves_nothing_on_a_page_that_is_open(study: make.Study, annotator: Client) -> None:
    unit = here(study, "Engineers")
    mended.mend(study, Split(unit.start + 10))
    Membership.objects.filter(pk=study.members[0].pk).update(role=Role.VIEWER)
    assert save(annotator, study, form(unit, "stance", "for")).status_code == 403
    assert not Event.objects.exists()


def test_a_newer_answer_in_another_window_is_a_conflict_still(study: make.Study, annotator: Client) -> None:
    unit = here(study, "Two shops")
    mended.mend(study, Split(mended.TEXT.index("checked")))
    make.label(study.assignment(), mended.unit(study, unit.index + 1), "stance", "against")
    answer = save(annotator, study, form(unit, "stance", "for"))
    assert answer.status_code == 409
    assert "&quot;against&quot;" in answer.content.decode()


def test_a_unit_of_a_text_that_came_later_is_not_found(study: make.Study, annotator: Client) -> None:
    """A closed round stays on its text, also when it is opened again."""
    set_closed(lead=study.lead, round=study.round, closed=True)
    mended.mend(study, Split(mended.TEXT.index("checked")))
    set_closed(lead=study.lead, round=study.round, closed=False)
    assert save(annotator, study, form(mended.unit(study, 3), "stance", "for")).status_code == 404
    answer = script_of(study.members[0]).post(LABELS, body(mended.unit(study, 3)), content_type="application/json")
    assert answer.status_code == 404
    assert save(annotator, study, form(here(study, "Engineers"), "stance", "for")).status_code == 200


def test_a_script_that_knows_the_old_units_saves_too(study: make.Study) -> None:
    unit, script = here(study, "Engineers"), script_of(study.members[1])
    mended.mend(study, Split(unit.start + 10))
    answer = script.post(LABELS, body(unit), content_type="application/json")
    assert (answer.status_code, answer.json()["unit"]) == (200, unit.pk)
    rows = script.get(LABELS).json()["results"]
    assert [(row["sentence"], row["to_confirm"]) for row in rows] == [(unit.index, True), (unit.index + 1, True)]
