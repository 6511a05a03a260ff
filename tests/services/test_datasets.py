"""The long dataset: every row there could be, the same each time, whatever its size, and only for those who may."""

import csv
import io
import tracemalloc
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.core.errors import InvalidError, NotAllowedError
from annotator.core.tables import Selection
from annotator.models import Event, Label
from annotator.queries.datasets import WINDOW
from annotator.services.demo import ANNOTATORS, make_demo
from annotator.services.exports import export_dataset, open_table
from annotator.services.label_imports import import_labels
from projects.models import Assignment, Membership, Role, Round, Unit
from projects.queries import access
from projects.services.rounds import open_round, set_closed
from tests import make

pytestmark = pytest.mark.django_db
DEMO_LABELS = Path(__file__).resolve().parents[2] / "fixtures" / "demo_labels.csv"
IMPORTED = ("article", "sentence", "annotator", "variable", "value")
SOURCE = {"source": "mayor", "manner": None, "stance": None, "spans": []}


def text_of(member: Membership, kind: str = "csv", **options: object) -> str:
    return b"".join(export_dataset(member=member, kind=kind, **options).chunks).decode()  # type: ignore[arg-type]


def rows_of(member: Membership, **options: object) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(member, **options), newline=""), strict=True))


def row_of(study: make.Study, unit: Unit, variable: str, member: int = 0) -> dict[str, str]:
    (found,) = [
        row
        for row in rows_of(study.lead)
        if (row["sentence"], row["variable"]) == (str(unit.index), variable)
        and row["annotator"] == study.members[member].pseudonym
    ]
    return found


def label_all(study: make.Study) -> None:
    """An answer of each annotator to two questions on each sentence, without the cost of saving one by one."""
    shares = Assignment.objects.filter(round=study.round)
    units = Unit.objects.filter(text_version__article__in=study.articles, index__gt=0, codable=True)
    events = Event.objects.bulk_create(
        [
            Event(
                uuid=uuid4(),
                assignment=share,
                unit=unit,
                variable=variable,
                value=value,
                base_version=0,
                sequence=1,
            )
            for share in shares
            for unit in units
            if unit.text_version_id == share.text_version_id
            for variable, value in (("stance", "for"), ("framing", []))
        ],
        batch_size=1000,
    )
    Label.objects.bulk_create(
        [
            Label(
                assignment_id=event.assignment_id,
                unit_id=event.unit_id,
                variable=event.variable,
                value=event.value,
                version=1,
                last_event=event,
                round=study.round,
                updated_at=event.server_time,
            )
            for event in events
        ],
        batch_size=1000,
    )


def test_every_annotator_unit_and_question_of_its_scope_has_one_row() -> None:
    study = make.study(annotators=2)
    rows = rows_of(study.lead)
    sentence = [v.key for v in study.book.variables if v.scope == "sentence"]
    names = sorted(member.pseudonym for member in study.members)
    expected = [("0", name, "frame") for name in names]
    expected += [(str(u.index), name, key) for u in study.units() for name in names for key in sentence]
    assert [(row["sentence"], row["annotator"], row["variable"]) for row in rows] == expected


def test_a_row_says_all_about_its_label() -> None:
    study = make.study(annotators=1)
    article, unit = study.articles[0], study.units()[1]
    make.label(study.assignment(), unit, "stance", "against")
    make.label(study.assignment(), unit, "stance", "for", base_version=1)
    saved = Label.objects.get()
    assert row_of(study, unit, "stance") == {
        "item_id": f"{article.external_id}:{unit.index}",
        "text": "The mayor blamed the regime for the delay.",
        "annotator": study.members[0].pseudonym,
        "variable": "stance",
        "value": "for",
        "occasion": "1",
        "group": "",
        "state": "answered",
        "article": article.external_id,
        "sentence": str(unit.index),
        "start": str(unit.start),
        "end": str(unit.end),
        "kind": "sentence",
        "round": "Round 1",
        "codebook": "1",
        "version": "2",
        "updated_at": saved.updated_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


def test_none_unanswered_taken_back_and_not_asked_are_told_apart() -> None:
    study = make.study(annotators=1)
    first, second = study.units()[:2]
    make.label(study.assignment(), first, "attribution", [])
    make.label(study.assignment(), first, "stance", "for")
    make.label(study.assignment(), first, "stance", None, base_version=1)

    def said(unit: Unit, variable: str) -> tuple[str, str, str]:
        row = row_of(study, unit, variable)
        return row["state"], row["value"], row["version"]

    assert said(first, "attribution") == ("none", "[]", "1")
    assert said(first, "stance") == ("unanswered", "", "2")
    assert said(second, "stance") == ("unanswered", "", "0")
    assert said(first, "side") == ("not_asked", "", "0")


def test_an_answer_whose_condition_no_longer_holds_is_not_asked_and_its_value_not_shown() -> None:
    study = make.study(annotators=1)
    unit = study.units()[0]
    make.label(study.assignment(), unit, "attribution", [SOURCE])
    make.label(study.assignment(), unit, "side", ["town"])
    assert row_of(study, unit, "side")["value"] == '["town"]'
    make.label(study.assignment(), unit, "attribution", [], base_version=1)
    row = row_of(study, unit, "side")
    assert (row["state"], row["value"], row["version"]) == ("not_asked", "", "1")


def test_the_text_is_that_of_the_article_between_start_and_end() -> None:
    study = make.study(annotators=1, texts=("Überschrift\n\n\U0001f600 “Ja”, said\tAnna; she left. Ende.\n",))
    stored = study.articles[0].text_versions.get().text
    rows = rows_of(study.lead)
    assert all(row["text"] == stored[int(row["start"]) : int(row["end"])] for row in rows)
    assert rows[0]["text"] == stored


def test_a_unit_no_longer_offered_keeps_the_rows_of_whoever_labelled_it() -> None:
    study = make.study(annotators=2)
    unit = study.units()[0]
    make.label(study.assignment(), unit, "stance", "for")
    Unit.objects.filter(pk=unit.pk).update(codable=False)
    found = {row["annotator"] for row in rows_of(study.lead) if row["sentence"] == str(unit.index)}
    assert found == {study.members[0].pseudonym}


def test_released_shares_gold_and_deleted_articles_are_no_part_of_it() -> None:
    study = make.study(annotators=3, texts=(make.TEXT, make.TEXT))
    released, gold, kept = [study.assignment(number) for number in range(3)]
    Assignment.objects.filter(pk=released.pk).update(state=Assignment.State.RELEASED)
    Assignment.objects.filter(pk=gold.pk).update(kind=Assignment.Kind.GOLD)
    study.articles[1].deleted_at = timezone.now()
    study.articles[1].save()
    found = {(row["article"], row["annotator"]) for row in rows_of(study.lead)}
    assert found == {(study.articles[0].external_id, kept.member.pseudonym)}


def test_rows_come_by_round_and_article_in_an_order_no_database_decides() -> None:
    study = make.study(annotators=1)
    names = ["zebra", "Ärger", "alpha", "Zoo", "a_b", "a-b"]
    articles = [make.article(study.lead, external_id=name) for name in names]
    open_round(lead=study.lead, name="A round", purpose="main", articles=articles, members=study.members)
    found = list(dict.fromkeys((row["round"], row["article"]) for row in rows_of(study.lead)))
    assert found == [("Round 1", study.articles[0].external_id), *(("A round", name) for name in sorted(names))]


def test_two_exports_of_unchanged_data_are_the_same_bytes() -> None:
    study = make.study(annotators=2, texts=(make.TEXT, make.TEXT))
    label_all(study)
    assert text_of(study.lead) == text_of(study.lead)


def test_the_demo_labels_that_went_in_come_out_again() -> None:
    make_demo()
    lead = Membership.objects.get(project__slug="demo", role=Role.LEAD)
    rows = rows_of(lead, selection=Selection(rounds=(Round.objects.get(name="Reliability 1").pk,)))
    came_out = [tuple(row[key] for key in IMPORTED) for row in rows if row["state"] in {"answered", "none"}]
    with DEMO_LABELS.open(encoding="utf-8", newline="") as file:
        went_in = [tuple(row[key] for key in IMPORTED) for row in csv.DictReader(file)]
    assert len(went_in) > 1000
    assert sorted(came_out) == sorted(went_in)


def test_the_answered_rows_of_a_dataset_go_in_again_as_they_are() -> None:
    study = make.study(annotators=2)
    label_all(study)
    make.label(study.assignment(), study.units()[0], "remark", 'two\nlines, "quoted"')
    answered = [row for row in rows_of(study.lead) if row["state"] in {"answered", "none"}]
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(answered[0]))
    writer.writeheader()
    writer.writerows(answered)
    into = import_labels(member=study.lead, data=file.getvalue().encode()).round
    again = [
        row
        for row in rows_of(study.lead, selection=Selection(rounds=(into.pk,)))
        if row["state"] in {"answered", "none"}
    ]
    assert [[row[key] for key in IMPORTED] for row in again] == [[row[key] for key in IMPORTED] for row in answered]


def test_no_account_of_a_person_is_in_the_dataset() -> None:
    demo = make_demo()
    lead = Membership.objects.get(project__slug="demo", role=Role.LEAD)
    told = text_of(lead, operator=True)
    names = {row["annotator"] for row in rows_of(lead, operator=True)}
    assert names.isdisjoint({demo.lead, *ANNOTATORS})
    assert not [name for name in ANNOTATORS if name in told]


def queries(study: make.Study) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        text_of(study.lead)
    return len(caught)


def test_longer_articles_and_more_annotators_take_no_more_queries() -> None:
    short, long = make.study(annotators=1), make.study(annotators=3, texts=(make.TEXT * 20,))
    label_all(long)
    text_of(short.lead), text_of(long.lead)
    assert len(long.units()) * 3 < WINDOW
    assert queries(long) == queries(short)


def test_windows_of_a_long_article_join_without_gap_or_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make.study(annotators=2, texts=(make.TEXT * 4,))
    label_all(study)
    whole = text_of(study.lead)
    monkeypatch.setattr("annotator.queries.datasets.WINDOW", 6)
    assert text_of(study.lead) == whole


def peak(study: make.Study) -> tuple[int, int]:
    """The length of a dataset and the most memory that stood at once while it was read row by row."""
    tracemalloc.start()
    length = sum(len(chunk) for chunk in export_dataset(member=study.lead).chunks)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return length, most


def test_memory_does_not_grow_with_the_dataset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.queries.datasets.WINDOW", 100)
    small, large = make.study(texts=(make.TEXT * 10,)), make.study(texts=[make.TEXT * 10] * 8)
    label_all(small), label_all(large)
    peak(small)
    (short, low), (long, high) = peak(small), peak(large)
    assert long > 7 * short
    assert high < 2 * low


@pytest.mark.django_db(transaction=True)
def test_an_export_half_read_keeps_nobody_from_saving() -> None:
    study = make.study(annotators=2, texts=(make.TEXT * 4,))
    rows = open_table(member=study.lead, table="long").rows
    for _ in range(5):
        next(rows)
    assert not connections["default"].in_atomic_block
    assert make.label(study.assignment(), study.units()[0], "stance", "for").version == 1
    assert len(list(rows)) > 100


def test_only_lead_and_viewer_may_export() -> None:
    study = make.study(annotators=1)
    for role, allowed in ((Role.VIEWER, True), (Role.ADJUDICATOR, False), (Role.ANNOTATOR, False)):
        member = make.member(study.project, role)
        if allowed:
            assert rows_of(member)
        else:
            with pytest.raises(NotAllowedError):
                export_dataset(member=member, format="long")


def blind_lead() -> make.Study:
    """A study whose lead annotates in a second, blind round, still open."""
    study = make.study(annotators=1)
    members = [study.lead, *study.members]
    open_round(lead=study.lead, name="Round 2", purpose="main", articles=study.articles, members=members)
    return study


def test_a_lead_who_annotates_blind_gets_the_round_once_it_is_closed() -> None:
    study = blind_lead()
    second = Round.objects.get(name="Round 2")
    assert {row["round"] for row in rows_of(study.lead)} == {"Round 1"}
    with pytest.raises(NotAllowedError, match="Round 2"):
        export_dataset(member=study.lead, selection=Selection(rounds=(second.pk,)))
    set_closed(lead=study.lead, round=second, closed=True)
    assert {row["round"] for row in rows_of(study.lead)} == {"Round 1", "Round 2"}


def test_the_operator_of_the_machine_gets_every_round(tmp_path: Path) -> None:
    study = blind_lead()
    call_command("export", study.slug, "--format", "long", "--out", str(tmp_path / "all.csv"))
    told = (tmp_path / "all.csv").read_text(encoding="utf-8")
    assert ",Round 1," in told
    assert ",Round 2," in told


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl"])
def test_the_command_writes_what_the_browser_downloads(tmp_path: Path, kind: str) -> None:
    study = make.study(annotators=1)
    out = tmp_path / f"long.{kind}"
    call_command("export", study.slug, "--format", "long", "--out", str(out), "--round", "Round 1")
    assert out.read_bytes().decode() == text_of(study.lead, kind)
    assert list(tmp_path.iterdir()) == [out]


def test_the_command_refuses_an_ending_it_cannot_write(tmp_path: Path) -> None:
    study = make.study(annotators=1)
    with pytest.raises(CommandError, match=r"\.csv, \.tsv, \.xlsx, \.parquet, \.jsonl"):
        call_command("export", study.slug, "--out", str(tmp_path / "long.exe"))
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_form_is_refused_by_name() -> None:
    lead = make.project()
    for options in ({"format": "exe"}, {"format": "long", "kind": "exe"}, {"format": "spreadsheet", "kind": "jsonl"}):
        with pytest.raises(InvalidError, match=r"exe|jsonl"):
            export_dataset(member=lead, **options)


def test_a_project_without_rounds_gives_a_header_alone() -> None:
    lead = access.membership(make.project().user, Membership.objects.latest("id").project.slug)  # type: ignore[arg-type]
    assert text_of(lead).count("\n") == 1
    assert text_of(lead, "jsonl") == ""
