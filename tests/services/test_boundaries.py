"""What becomes of labels when a lead mends boundaries, a test for each rule."""

from threading import Thread

import pytest
from django.db import connections

from annotator.core.errors import ConflictError, InvalidError, NotAllowedError
from annotator.core.mending import Edit, Merge, Move, Offer, Retype, Reword, Split
from annotator.models import Event, Label, Mending, Note
from annotator.queries.boundaries import to_settle
from annotator.services import boundaries, label_imports
from annotator.services.boundaries import mend_boundaries, undo_mending
from annotator.services.boundaries.versions import store_step
from annotator.services.coded_tables import create_from_table
from annotator.services.label_imports import import_labels
from annotator.services.late_labels import save_choice
from annotator.services.rebuild import check_labels, rebuild_labels
from annotator.services.tallies import wrong_tallies
from projects.models import Assignment, AuditEntry, Membership, TextVersion, UnitLineage
from projects.services.rounds import open_round, set_closed
from tests import make, mended

pytestmark = pytest.mark.django_db
MAYOR = {"source": "mayor", "manner": "direct", "stance": "neutral", "spans": []}
SECOND, THIRD, FOURTH = 2, 3, 4
REGIME, ENGINEERS, NOBODY = (mended.TEXT.index(word) for word in ("regime", "Engineers", "Nobody"))


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=2, texts=[mended.TEXT])


def choose(study: make.Study, number: int, variable: str, value: object, member: int = 0, base: int = 0) -> None:
    make.label(study.assignment(member), mended.unit(study, number), variable, value, base)


def mark(word: str, text: str = mended.TEXT) -> dict[str, object]:
    start = text.index(word)
    return {"start": start, "end": start + len(word), "quote": word, "value": "naming_state"}


def test_a_unit_that_stays_as_it_was_keeps_its_answers(study: make.Study) -> None:
    choose(study, FOURTH, "stance", "for")
    mended.mend(study, Split(REGIME))
    assert mended.said(study, FOURTH + 1, "stance") == ("for", False)


def test_both_halves_of_a_split_inherit_the_answers_to_confirm(study: make.Study) -> None:
    choose(study, SECOND, "stance", "for")
    choose(study, SECOND, "side", [])
    done = mended.mend(study, Split(REGIME))
    for half in (SECOND, SECOND + 1):
        assert mended.said(study, half, "stance") == ("for", True)
        assert mended.said(study, half, "side") == ([], True)
    assert (done.labels, done.to_confirm, done.to_settle, done.unplaced) == (4, 4, 0, 0)
    assert mended.words(study)[1:3] == ["The mayor blamed the", "regime for the delay."]


def test_a_mark_goes_to_the_half_that_holds_its_words(study: make.Study) -> None:
    choose(study, SECOND, "framing", [mark("mayor"), mark("regime")])
    mended.mend(study, Split(REGIME))
    assert mended.said(study, SECOND, "framing") == ([mark("mayor")], True)
    assert mended.said(study, SECOND + 1, "framing") == ([mark("regime")], True)


def test_a_mark_that_no_unit_holds_whole_is_listed(study: make.Study) -> None:
    across = mark("the regime")
    choose(study, SECOND, "framing", [across])
    assert mended.mend(study, Split(REGIME)).unplaced == 1
    (listed,) = Mending.objects.get().unplaced
    assert (listed["assignment"], listed["variable"], listed["span"]) == (study.assignment().pk, "framing", across)
    assert mended.said(study, SECOND, "framing") == ([], True)


def test_equal_answers_stay_on_the_merged_unit(study: make.Study) -> None:
    for number in (THIRD, FOURTH):
        choose(study, number, "attribution", [MAYOR])
    mended.mend(study, Merge(NOBODY))
    assert mended.said(study, THIRD, "attribution") == ([MAYOR], False)


def test_unequal_answers_come_back_to_the_same_annotator_with_what_he_had_said(study: make.Study) -> None:
    choose(study, THIRD, "stance", "for")
    choose(study, FOURTH, "stance", "against")
    for number in (THIRD, FOURTH):
        choose(study, number, "stance", "for", member=1)
    assert mended.mend(study, Merge(NOBODY)).to_settle == 1
    assert mended.said(study, THIRD, "stance") == (None, True)
    assert mended.said(study, THIRD, "stance", member=1) == ("for", False)
    (asked,) = to_settle(study.assignment())
    assert [(old.value, old.words) for old in asked.answers] == [
        ("for", "Engineers checked every pillar."),
        ("against", "Nobody was hurt at 4 p.m. on Monday."),
    ]
    assert to_settle(study.assignment(1)) == []


def test_an_answer_to_one_of_two_merged_units_waits_to_be_confirmed(study: make.Study) -> None:
    choose(study, THIRD, "stance", "for")
    mended.mend(study, Merge(NOBODY))
    assert mended.said(study, THIRD, "stance") == ("for", True)


def test_marks_of_merged_units_stand_together(study: make.Study) -> None:
    choose(study, THIRD, "framing", [mark("Engineers")])
    choose(study, FOURTH, "framing", [mark("Nobody")])
    mended.mend(study, Merge(NOBODY))
    assert mended.said(study, THIRD, "framing") == ([mark("Engineers"), mark("Nobody")], True)


def test_a_moved_boundary_leaves_the_answers_to_confirm_on_both_sides(study: make.Study) -> None:
    choose(study, SECOND, "stance", "for")
    choose(study, THIRD, "stance", "against")
    mended.mend(study, Move(ENGINEERS, mended.TEXT.index("delay")))
    assert mended.said(study, SECOND, "stance") == ("for", True)
    assert mended.said(study, THIRD, "stance") == ("against", True)


def test_a_corrected_typo_makes_a_text_version_with_every_mark_where_its_words_are(study: make.Study) -> None:
    choose(study, SECOND, "framing", [mark("regime")])
    choose(study, THIRD, "framing", [mark("pillar")])
    mended.mend(study, Reword(mended.TEXT.index("The mayor"), "The town mayor blamed the regime for the delay."))
    text = mended.version(study)
    assert (text.number, text.text) == (2, mended.TEXT.strip("\n").replace("The mayor", "The town mayor") + "\n")
    assert mended.said(study, SECOND, "framing") == ([mark("regime", text.text)], True)
    assert mended.said(study, THIRD, "framing") == ([mark("pillar", text.text)], False)


def test_a_mark_whose_words_were_taken_out_is_listed(study: make.Study) -> None:
    choose(study, SECOND, "framing", [mark("regime"), mark("delay")])
    mended.mend(study, Reword(mended.TEXT.index("The mayor"), "The mayor spoke of the delay."))
    assert [listed["span"]["quote"] for listed in Mending.objects.get().unplaced] == ["regime"]
    assert mended.said(study, SECOND, "framing") == ([mark("delay", mended.version(study).text)], True)


def test_another_kind_changes_no_answer(study: make.Study) -> None:
    choose(study, THIRD, "stance", "for")
    mended.mend(study, Retype(ENGINEERS, "pullquote"))
    assert mended.unit(study, THIRD).kind == "pullquote"
    assert mended.said(study, THIRD, "stance") == ("for", False)


def test_labels_of_a_unit_that_is_left_out_are_kept_and_counted_no_longer(study: make.Study) -> None:
    choose(study, THIRD, "attribution", [MAYOR])
    before = study.assignment()
    mended.mend(study, Offer(ENGINEERS, codable=False))
    after = study.assignment()
    assert mended.said(study, THIRD, "attribution") == ([MAYOR], False)
    assert (before.units_done, after.units_done, after.units_total) == (1, 0, before.units_total - 1)
    mended.mend(study, Offer(ENGINEERS, codable=True))
    assert study.assignment().units_done == 1


def test_what_waits_is_not_done_until_it_is_confirmed(study: make.Study) -> None:
    choose(study, SECOND, "attribution", [MAYOR])
    choose(study, SECOND, "framing", [mark("regime")])
    mended.mend(study, Split(REGIME))
    assert study.assignment().units_done == 0
    choose(study, SECOND, "attribution", [MAYOR], base=2)
    assert study.assignment().units_done == 0, "the marks wait as well"
    choose(study, SECOND, "framing", [], base=2)
    assert study.assignment().units_done == 1
    assert mended.counted(study.assignment()) == 1


def test_old_labels_and_events_stay_on_the_old_units(study: make.Study) -> None:
    choose(study, SECOND, "stance", "for")
    before = mended.version(study)
    old = list(Event.objects.values_list("pk", "unit", "value"))
    mended.mend(study, Split(REGIME))
    assert mended.state(before) == {(study.assignment().pk, SECOND, "stance"): ("for", False)}
    assert list(Event.objects.filter(to_confirm=None).values_list("pk", "unit", "value")) == old
    kinds = UnitLineage.objects.filter(old_unit__text_version=before, old_unit__index=SECOND).values_list("kind")
    assert {kind for (kind,) in kinds} == {"split"}


def test_the_labels_that_came_along_can_be_rebuilt_from_events(study: make.Study) -> None:
    choose(study, SECOND, "stance", "for")
    mended.mend(study, Split(REGIME))
    assert list(check_labels()) == list(wrong_tallies()) == []
    Label.objects.filter(to_confirm=True).update(to_confirm=False)
    assert len(list(check_labels())) == 2
    list(rebuild_labels())
    assert mended.said(study, SECOND, "stance") == ("for", True)


def test_an_undo_brings_units_and_labels_back(study: make.Study) -> None:
    choose(study, THIRD, "stance", "for")
    choose(study, FOURTH, "stance", "against")
    before = mended.version(study)
    mended.mend(study, Merge(NOBODY))
    mended.undo(study)
    assert mended.version(study).number == 3
    assert mended.shape(mended.version(study)) == mended.shape(before)
    assert mended.state(mended.version(study)) == mended.state(before)


def test_an_undo_keeps_what_was_chosen_since(study: make.Study) -> None:
    choose(study, SECOND, "stance", "for")
    mended.mend(study, Split(REGIME))
    for half in (SECOND, SECOND + 1):
        choose(study, half, "stance", "against", base=2)
    mended.undo(study)
    assert mended.said(study, SECOND, "stance") == ("against", False)


def test_undo_after_undo_goes_back_to_the_beginning_and_no_further(study: make.Study) -> None:
    mended.mend(study, Split(REGIME))
    mended.mend(study, Merge(NOBODY))
    mended.undo(study)
    mended.undo(study)
    assert mended.shape(mended.version(study)) == mended.shape(TextVersion.objects.get(number=1))
    with pytest.raises(InvalidError, match="no mending to undo"):
        mended.undo(study)


def test_labels_are_imported_onto_the_units_as_they_are_now(study: make.Study) -> None:
    choose(study, FOURTH, "attribution", [MAYOR])
    mended.mend(study, Split(REGIME))
    article, name = study.articles[0].external_id, study.members[0].pseudonym
    rows = f"article,sentence,annotator,variable,value\n{article},{SECOND},{name},attribution,[]\n"
    import_labels(member=study.lead, data=rows.encode(), into=study.round)
    assert mended.said(study, SECOND, "attribution") == ([], False)
    assert study.assignment().units_done == mended.counted(study.assignment()) == 2


def test_a_closed_round_stays_on_its_text_version(study: make.Study) -> None:
    choose(study, SECOND, "stance", "for")
    set_closed(lead=study.lead, round=study.round, closed=True)
    assert mended.mend(study, Split(REGIME)).labels == 0
    assert study.assignment().text_version.number == 1
    assert not Label.objects.filter(unit__text_version__number=2).exists()


def test_a_note_follows_its_unit(study: make.Study) -> None:
    note = Note.objects.create(round=study.round, unit=mended.unit(study, FOURTH), member=study.members[0], text="Who?")
    mended.mend(study, Split(REGIME))
    note.refresh_from_db()
    assert note.unit == mended.unit(study, FOURTH + 1)


def test_a_save_that_was_under_way_lands_on_the_new_unit(study: make.Study) -> None:
    """The view has read assignment and unit; then the lead's mending is stored."""
    assignment, unit = study.assignment(), mended.unit(study, FOURTH)
    mended.mend(study, Split(REGIME))
    assert save_choice(assignment=assignment, choice=make.choice(unit, "stance", "for"), unit=unit).late
    assert mended.said(study, FOURTH + 1, "stance") == ("for", False)


def test_of_two_leads_the_second_is_told(study: make.Study) -> None:
    mended.mend(study, Split(REGIME))
    with pytest.raises(ConflictError, match="meanwhile"):
        mend_boundaries(member=study.lead, article=study.articles[0], base=1, edits=[Merge(NOBODY)])
    with pytest.raises(ConflictError, match="meanwhile"):
        undo_mending(member=study.lead, article=study.articles[0], base=1)
    assert mended.version(study).number == 2


@pytest.mark.parametrize(
    "edits", [[], [Split(REGIME), Merge(REGIME)], [Merge(0)], [Split(10**6)], [Retype(0, "verse")]]
)
def test_edits_that_change_nothing_or_cannot_be_made_store_nothing(study: make.Study, edits: list[Edit]) -> None:
    with pytest.raises(InvalidError):
        mended.mend(study, *edits)
    assert TextVersion.objects.count() == 1


def test_an_item_of_a_coded_table_is_refused() -> None:
    table = "item_id,text,annotator,variable,value\n1,It rained. It snowed.,ann,stance,for\n"
    made = create_from_table(slug="coded", data=table.encode(), levels={})
    lead = Membership.objects.get(project=made.round.project, role="lead")
    with pytest.raises(InvalidError, match="coded table"):
        mend_boundaries(member=lead, article=made.round.project.articles.get(), base=1, edits=[Split(10)])


def test_an_annotator_mends_nothing(study: make.Study) -> None:
    for act in (mend_boundaries, undo_mending):
        more = {"edits": [Split(REGIME)]} if act is mend_boundaries else {}
        with pytest.raises(NotAllowedError):
            act(member=study.members[0], article=study.articles[0], base=1, **more)


def test_a_mending_is_in_the_log_of_the_project(study: make.Study) -> None:
    mended.mend(study, Split(REGIME))
    mended.undo(study)
    acts = AuditEntry.objects.filter(project=study.project, act__contains="mend").order_by("pk")
    assert [entry.act for entry in acts] == ["mend boundaries", "undo a mending"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_of_what_annotators_save_while_a_lead_mends() -> None:
    study = make.study(annotators=2, texts=[mended.TEXT])
    units = study.units()
    saved = list[tuple[int, str]]()
    failed = list[Exception]()

    def annotate(member: int) -> None:
        assignment = study.assignment(member)
        try:
            for unit in units:
                choice = make.choice(unit, "remark", f"{member}:{unit.index}")
                save_choice(assignment=assignment, choice=choice, unit=unit)
                saved.append((member, f"{member}:{unit.index}"))
        except Exception as error:  # noqa: BLE001  Judged below.
            failed.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=annotate, args=(member,)) for member in range(2)]
    for thread in threads:
        thread.start()
    mended.mend(study, Split(REGIME))
    mended.mend(study, Merge(NOBODY))
    mended.undo(study)
    mended.undo(study)
    for thread in threads:
        thread.join()
    assert failed == []
    assert {said for member in range(2) for said in stands(study, member)} == {said for _, said in saved}
    assert len(saved) == 2 * len(units)
    assert list(check_labels()) == list(wrong_tallies()) == []


@pytest.mark.django_db(transaction=True)
def test_a_round_that_is_opened_while_a_lead_mends_gets_the_new_text(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make.study(annotators=1, texts=[mended.TEXT])

    def draw() -> None:
        open_round(lead=study.lead, name="R2", purpose="main", articles=study.articles, members=study.members)
        connections.close_all()

    drawing = Thread(target=draw)

    def meanwhile(*given: object) -> object:
        drawing.start()
        drawing.join(timeout=0.5)
        return store_step(*given)

    monkeypatch.setattr(boundaries, "store_step", meanwhile)
    mended.mend(study, Split(REGIME))
    drawing.join()
    assert [share.text_version.number for share in Assignment.objects.order_by("pk")] == [2, 2]


def test_labels_are_not_imported_onto_units_that_were_mended_since_they_were_checked(
    study: make.Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*given: object) -> None:
        mended.mend(study, Split(REGIME))

    monkeypatch.setattr(label_imports, "_refuse_labelled", meanwhile)
    rows = f"article,sentence,annotator,variable,value\n{study.articles[0].external_id},2,"
    rows += f"{study.members[0].pseudonym},stance,for\n"
    with pytest.raises(InvalidError, match="mended meanwhile"):
        import_labels(member=study.lead, data=rows.encode(), into=study.round)
    assert not Label.objects.exists()


def stands(study: make.Study, member: int) -> set[object]:
    owner = study.assignment(member).pk
    return {value for (who, _, _), (value, _) in mended.state(mended.version(study)).items() if who == owner}


def test_no_byline_is_offered_while_a_round_keeps_the_author_from_its_annotators(study: make.Study) -> None:
    study.round.hide_byline = True
    study.round.save()
    with pytest.raises(InvalidError, match="byline"):
        mended.mend(study, Retype(ENGINEERS, "byline"), Offer(ENGINEERS, codable=True))
    mended.mend(study, Retype(ENGINEERS, "byline"), Offer(ENGINEERS, codable=False))
