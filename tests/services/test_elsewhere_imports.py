"""Files of other tools come in whole or not at all, as articles, members, questions and labels that can be used."""

from dataclasses import replace

import pytest

from annotator.core.annotated import LayerPlan, Plan, plan_from_json, plan_to_json
from annotator.core.codebook import Json, load
from annotator.core.errors import InvalidError
from annotator.models import Event, Job, Label
from annotator.services import elsewhere_imports, jobs
from annotator.services.elsewhere_members import pseudonyms_for
from annotator.services.elsewhere_reviews import Export, proposed_plan, read_export, review, storable
from annotator.services.elsewhere_storing import Brought, store
from annotator.services.rebuild import check_labels
from projects.models import Article, CodebookVersion, Membership, Round
from projects.readers.annotated import read_here
from tests import annotated_files as files
from tests import make

pytestmark = pytest.mark.django_db


SPANS: dict[str, Json] = {
    "type": "span",
    "values": [{"key": "naming", "label": "Naming"}, {"key": "praise", "label": "Praise"}],
}


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child process is tested by the page; here it would cost half a second a test."""
    monkeypatch.setattr("projects.readers.contained.read_annotated", read_here)
    monkeypatch.setattr("projects.readers.contained.likely_languages", lambda samples: [""] * len(samples))


def exported(lead: Membership, sample: files.Sample) -> Export:
    return read_export(member=lead, name=sample.name, data=sample.data)


def brought(lead: Membership, sample: files.Sample, plan: Plan | None = None) -> Brought:
    export = exported(lead, sample)
    found = storable(member=lead, export=export, plan=plan or proposed_plan(member=lead, export=export))
    return store(member=lead, review=found)


def stored_marks(target: Round) -> list[tuple[str, str, str]]:
    labels = Label.objects.filter(round=target).select_related("assignment__member").order_by("pk")
    return [
        (label.assignment.member.pseudonym, span["quote"], span["value"])
        for label in labels
        for span in (label.value if isinstance(label.value, list) else [])
    ]


@pytest.mark.parametrize("tool", files.SAMPLES)
def test_every_mark_of_every_tool_is_stored_in_the_sentence_where_it_stood(tool: str) -> None:
    lead, sample = make.project(), files.SAMPLES[tool]()
    done = brought(lead, sample)
    for annotator in sample.annotators:
        assert [mark[1:] for mark in stored_marks(done.round) if mark[0] == annotator][:2] == list(files.MARKS)
    article = Article.objects.get(project=lead.project)
    assert (article.external_id, article.text_versions.get().text) == (sample.id, files.TEXT)
    assert done.round.closed_at
    assert not done.round.blind
    assert not list(check_labels())


def test_a_layer_finds_its_question_and_the_rest_is_made_in_the_next_version() -> None:
    lead = make.project()
    make.codebook(lead, make.CODEBOOK | {"variables": [SPANS | {"key": "framing", "label": "Framing"}]})
    done = brought(lead, files.label_studio())
    version = CodebookVersion.objects.get(number=2, project=lead.project)
    assert done.round.codebook_version == version
    assert [entry["key"] for entry in version.document["variables"]] == ["framing", "tone"]
    assert stored_marks(done.round)[0][1:] == files.NAMING
    assert Label.objects.get(round=done.round, variable="tone", assignment__member__pseudonym="coder-1").unit.index == 0


def test_a_sentence_without_a_mark_is_answered_none_only_where_the_plan_says_so() -> None:
    lead = make.project()
    plan = proposed_plan(member=lead, export=exported(lead, files.prodigy()))
    assert brought(lead, files.prodigy(), plan).labels == 2 * 3
    other = make.project()
    assert brought(other, files.prodigy(), replace(plan, unmarked_is_none=False)).labels == 2 * 2


def test_documents_that_are_here_get_their_labels_and_no_second_article() -> None:
    lead = make.project()
    article = make.article(lead, files.TEXT, "elsewhere")
    done = brought(lead, files.webanno_tsv())
    assert done.articles == 0
    assert Article.objects.get(project=lead.project) == article
    assert {mark[1:] for mark in stored_marks(done.round)} == set(files.MARKS)


def test_another_text_under_the_same_id_refuses_the_file() -> None:
    lead = make.project()
    make.article(lead, "Quite another text.", "bridge")
    with pytest.raises(InvalidError) as refused:
        brought(lead, files.label_studio())
    assert "another text for “bridge”" in refused.value.problems[0]
    assert not Event.objects.exists()


def item(text: str, label: object, number: int = 1) -> dict[str, object]:
    return {"id": number, "text": text, "label": label}


def test_documents_as_items_are_units_that_are_labelled_whole() -> None:
    lead = make.project()
    data = files.lines(
        item("It rained. It pours.", ["bad"]), item("سطعت الشمس 🙂", ["good", "new"], 2), item("So.", [], 3)
    )
    sample = files.Sample("coder-1.jsonl", data, "label")
    assert proposed_plan(member=lead, export=exported(lead, sample)).each == "item"
    done = brought(lead, sample)
    labels = Label.objects.filter(round=done.round).order_by("unit__text_version__article__external_id")
    assert [label.value for label in labels] == [["bad"], ["good", "new"], []]
    assert {label.unit.index for label in labels} == {1}
    assert Article.objects.get(external_id="2").text_versions.get().text == "سطعت الشمس 🙂"


def test_a_mark_over_two_sentences_is_a_problem_or_is_left_out_and_then_nobody_said_none() -> None:
    lead = make.project()
    text = "It rained. It pours. It dries."
    sample = files.Sample("coder-1.jsonl", files.lines(item(text, [[3, 13, "wet"]])), "label")
    export = exported(lead, sample)
    plan = proposed_plan(member=lead, export=export)
    assert "line 1, label 1: “rained. It” does not lie" in review(member=lead, export=export, plan=plan).problems[0]
    done = review(member=lead, export=export, plan=replace(plan, leave_out=True))
    assert (list(done.problems), done.lost) == ([], {"marks that do not lie within one unit": 1})
    assert [answer.unit for _, answer in done.answers] == [3]


def test_names_and_addresses_of_a_file_are_not_kept() -> None:
    lead = make.project()
    result = [{"from_name": "tone", "type": "choices", "value": {"choices": ["Calm"]}}]
    by = {"id": 4, "email": "a.person@example.org"}
    task = {"id": 1, "data": {"text": "It rained."}, "annotations": [{"completed_by": by, "result": result}]}
    brought(lead, files.Sample("export.json", f"[{files.lines(task).decode()}]".encode(), "tone"))
    assert Membership.objects.get(project=lead.project, role="annotator").pseudonym == "ann-1"


def test_a_table_says_itself_where_a_set_is_empty_and_what_nobody_answered() -> None:
    lead = make.project()
    rows = ["item_id,text,annotator,variable,value,occasion", "1,It rained.,coder-1,sides,a|b,1", "1,,coder-1,sides,,2"]
    rows += ["1,,coder-1,tone,calm,1", "2,هدأت 🙂,coder-2,sides,b,1", "2,,coder-2,tone,,1"]
    done = brought(lead, files.Sample("table.csv", "\n".join(rows).encode(), "sides"))
    columns = ("unit__text_version__text", "assignment__occasion", "variable", "value")
    assert sorted(Label.objects.filter(round=done.round).values_list(*columns), key=str) == [
        ("It rained.", 1, "sides", ["a", "b"]),
        ("It rained.", 1, "tone", "calm"),
        ("It rained.", 2, "sides", []),
        ("هدأت 🙂", 1, "sides", ["b"]),
    ]


def test_two_values_where_a_question_takes_one_are_told_by_row() -> None:
    lead = make.project()
    rows = "item_id,text,annotator,variable,value\n1,It rained.,coder-1,tone,calm\n1,It rained.,coder-1,tone,angry\n"
    sample = files.Sample("table.csv", rows.encode(), "tone")
    export = exported(lead, sample)
    one = LayerPlan("new:single", "tone", {"calm": "calm", "angry": "angry"})
    plan = replace(proposed_plan(member=lead, export=export), layers={"tone": one})
    (problem,) = review(member=lead, export=export, plan=plan).problems
    assert problem == "row 2: tone: “calm” and “angry” are both given; it takes one."


def test_links_and_attributes_go_where_the_codebook_has_a_place_for_them() -> None:
    lead = make.project()
    ironic: dict[str, Json] = {"key": "ironic", "label": "Ironic", "type": "bool"}
    marks = SPANS | {"key": "entities", "label": "Entities", "span_attributes": [ironic]}
    make.codebook(lead, make.CODEBOOK | {"variables": [marks]})
    export = exported(lead, files.brat())
    plan = proposed_plan(member=lead, export=export)
    asked = LayerPlan("entities:ironic", "", {"true": "true"})
    layers = {**plan.layers, "Ironic": asked, "notes": LayerPlan()}
    done = review(member=lead, export=export, plan=replace(plan, layers=layers))
    assert list(done.problems) == []
    spans = [span for _, answer in done.answers for span in answer.value]
    assert [span.get("attributes") for span in spans if span["value"] == "praise"] == [{"ironic": True}] * 2
    assert done.lost["relations between marks"] == 2


def test_a_plan_survives_its_file_and_names_it_does_not_know_are_ignored() -> None:
    lead = make.project()
    base = proposed_plan(member=lead, export=exported(lead, files.brat()))
    plan = replace(base, each="item", leave_out=True, layers={**base.layers, "notes": LayerPlan()})
    document = load(plan_to_json(plan).encode())
    assert plan_from_json(document | {"annotators": {"stranger": "x"}}, base) == plan
    with pytest.raises(InvalidError, match="no mapping"):
        plan_from_json({"layers": {}}, base)


def test_a_long_file_comes_in_as_a_job_and_a_stopped_one_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    lead, sample = make.project(), files.prodigy()
    monkeypatch.setattr(elsewhere_imports, "SHORT_ANSWERS", 1)
    export = exported(lead, sample)
    plan = replace(proposed_plan(member=lead, export=export), unmarked_is_none=False)
    job = elsewhere_imports.import_or_start(member=lead, data=sample.data, export=export, plan=plan)
    assert isinstance(job, Job)
    jobs.cancel(member=lead, job=job)
    assert not Event.objects.exists()
    again = elsewhere_imports.import_or_start(member=lead, data=sample.data, export=export, plan=plan)
    assert isinstance(again, Job)
    jobs.run(again.pk)
    again.refresh_from_db()
    assert "coder" not in str(again.spec)
    assert (again.state, again.message, again.result["labels"]) == (Job.State.DONE, "", 4)
    assert Event.objects.count() == 4


def test_a_number_is_never_taken_for_a_member_who_signs_in() -> None:
    """It may well be for one who came by an earlier import."""
    lead = make.project()
    for pseudonym, user in (("ann-1", make.user()), ("ann-2", None)):
        Membership.objects.create(project=lead.project, user=user, pseudonym=pseudonym, role="annotator")
    assert pseudonyms_for(lead.project_id, ["1", "2", "3"]) == {"1": "ann-4", "2": "ann-2", "3": "ann-3"}
