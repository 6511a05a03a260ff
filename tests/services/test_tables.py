"""Every table of a project that has everything, in every form: rows out equal what went in."""

import csv
import io
import json
import zipfile
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from annotator.core.codebook import CANNOT_TELL, Json
from annotator.core.errors import InvalidError
from annotator.core.mending import Merge
from annotator.core.tables import Cells, Column, Selection
from annotator.formats.written import text_of
from annotator.models import Event, Label
from annotator.services.coded_tables import create_from_table
from annotator.services.decisions import decide
from annotator.services.exports import FORMS, TABLES, export_dataset, open_table, size_of
from projects.models import Assignment, Membership, TextVersion, Unit
from projects.services.rounds import open_round
from tests import documents, make, mended
from tests.services.test_decisions import ruling

pytestmark = pytest.mark.django_db
TEXT = """=Überschrift 🌊 mit "Zitat"

Der Minister sagte, die Anwohner hätten „den Fluss 🌊 verlegt“ und lachte.

قال الوزير إن السكان ألقوا اللوم على الجيش.
"""


def extent(unit: Unit, words: str) -> dict[str, Json]:
    start = unit.text_version.text.index(words, unit.start, unit.end)
    return {"start": start, "end": start + len(words), "quote": words}


@pytest.fixture
def study() -> make.Study:
    """Every kind of variable; empty sets, overlaps, an attribution in another, what can't be told and what is gone."""
    study = make.study(annotators=2, texts=(TEXT, make.TEXT))
    headline, quoted, arabic = study.units()
    first, second = study.assignment(), study.assignment(1)
    outer = {"role": "content"} | extent(quoted, "die Anwohner hätten „den Fluss 🌊 verlegt“")
    attributions: list[Json] = [
        said("mayor", "indirect", {"role": "cue"} | extent(quoted, "sagte"), outer),
        said("residents", CANNOT_TELL, {"role": "cue"} | extent(quoted, "hätten"), same_as=headline.start),
    ]
    arabic_spans: list[Json] = [
        {"role": "source"} | extent(arabic, "الوزير"),
        {"role": "content"} | extent(arabic, "السكان ألقوا اللوم على الجيش"),
    ]
    praised = {"value": "praise"} | extent(quoted, "Fluss 🌊")
    named = {"value": "naming_state", "relation": "a1"} | extent(quoted, "den Fluss 🌊 verlegt")
    make.label(first, quoted, "attribution", attributions)
    make.label(first, quoted, "framing", [praised, named])
    make.label(first, quoted, "side", [])
    make.label(first, quoted, "weight", 2.5)
    make.label(first, quoted, "tone", "-1")
    make.label(first, headline, "framing", [])
    make.label(first, headline, "stance", CANNOT_TELL)
    make.label(second, headline, "remark", "-1 \"Regen\",\n'Sturm'\t🌧")
    make.label(second, arabic, "attribution", [said("army", "direct", *arabic_spans)])
    make.label(second, arabic, "side", ["town", "army"])
    make.label(second, arabic, "stance", "for")
    make.label(second, arabic, "stance", None, 1)
    make.label(second, study.whole(), "frame", "conflict")
    decide(member=study.lead, ruling=ruling(study, at=2, reason="=Rule 3"))
    return study


def said(source: str, manner: Json, *spans: Json, same_as: int | None = None) -> Json:
    item: dict[str, Json] = {"source": source, "manner": manner, "stance": "neutral", "spans": [*spans]}
    return item if same_as is None else item | {"same_as": same_as}


def rows_of(study: make.Study, table: str, **chosen: object) -> list[dict[str, object]]:
    opened = open_table(member=study.lead, table=table, selection=Selection(**chosen))  # type: ignore[arg-type]
    names = [column.name for column in opened.columns]
    assert len(set(names)) == len(names)
    return [dict(zip(names, row, strict=True)) for row in opened.rows]


def written(study: make.Study, table: str, kind: str) -> bytes:
    dataset = export_dataset(member=study.lead, format=table, kind=kind)
    return b"".join(dataset.chunks)


def as_text(columns: list[Column], rows: list[Cells]) -> list[list[str]]:
    return [[column.name for column in columns], *([text_of(cell) for cell in row] for row in rows)]


def read_csv(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter, strict=True))


def read_jsonl(data: bytes) -> list[Cells]:
    return [tuple(json.loads(line).values()) for line in data.decode().split("\n")[:-1]]


@pytest.mark.parametrize("table", TABLES)
def test_each_form_holds_every_cell_of_a_table(study: make.Study, table: str) -> None:
    opened = open_table(member=study.lead, table=table)
    columns, rows = list(opened.columns), list(opened.rows)
    assert rows
    assert read_csv(written(study, table, "csv")) == as_text(columns, rows)
    assert read_csv(written(study, table, "tsv"), "\t") == as_text(columns, rows)
    typed = {"integer", "number", "boolean"}
    told = [
        tuple(cell if column.type in typed else text_of(cell) for column, cell in zip(columns, row, strict=True))
        for row in rows
    ]
    assert read_jsonl(written(study, table, "jsonl")) == told
    parquet = pq.read_table(io.BytesIO(written(study, table, "parquet")))
    assert [tuple(row.values()) for row in parquet.to_pylist()] == rows
    assert [parquet.schema.field(column.name).metadata[b"meaning"].decode() for column in columns] == [
        column.meaning for column in columns
    ]
    (sheet,) = CalamineWorkbook.from_filelike(io.BytesIO(written(study, table, "xlsx"))).sheet_names
    book = CalamineWorkbook.from_filelike(io.BytesIO(written(study, table, "xlsx"))).get_sheet_by_name(sheet)
    found = book.to_python(skip_empty_area=False)
    assert [[shown(cell) for cell in row] for row in found] == as_text(columns, rows)


def shown(cell: object) -> str:
    """As `text_of` has it: a workbook knows no whole numbers."""
    return str(cell) if isinstance(cell, str) else text_of(cell)  # type: ignore[arg-type]


def test_wide_has_the_answers_of_long_in_columns(study: make.Study) -> None:
    long = rows_of(study, "long")
    wide = {(row["item_id"], row["annotator"]): row for row in rows_of(study, "wide")}
    assert len(wide) == len({(row["item_id"], row["annotator"]) for row in long})
    for row in long:
        beside, key = wide[row["item_id"], row["annotator"]], str(row["variable"])
        assert beside[f"{key}__state"] == row["state"]
        answer = beside[key]
        assert (None if answer is None else str(answer)) == row["value"]
        assert (beside["text"], beside["kind"], beside["round"]) == (row["text"], row["kind"], row["round"])
    sides = ["side__has__town", "side__has__state", "side__has__army"]
    told = {tuple(row[side] for side in sides) for row in wide.values()}
    assert told == {(None, None, None), (0, 0, 0), (1, 0, 1)}
    assert {type(row["weight"]) for row in wide.values()} == {float, type(None)}


def test_a_question_named_like_a_column_has_another_name_in_wide() -> None:
    document = make.CODEBOOK | {"variables": [make.closed("kind", yes="y"), make.closed("text", no="n")]}
    study = make.study(annotators=1, document=document)
    make.label(study.assignment(), study.units()[0], "kind", "yes")
    row = rows_of(study, "wide")[0]
    assert (row["kind"], row["kind__answer"], row["text__answer"]) == ("headline", "yes", None)


def test_columns_of_wide_are_told_apart_whatever_a_coded_table_calls_its_questions() -> None:
    data = b"item_id,text,annotator,variable,value\n1,One.,A,v,x\n1,One.,A,v__state,y\n1,One.,A,text__answer,z\n"
    made = create_from_table(title="Coded", data=data, levels={})
    lead = Membership.objects.select_related("project").get(project=made.round.project_id, role="lead")
    opened = open_table(member=lead, table="wide")
    (row,) = opened.rows
    names = [column.name for column in opened.columns]
    assert len(set(names)) == len(names)
    assert {"x", "y", "z"} <= set(row)


def test_an_id_that_looks_like_a_version_is_no_other_text() -> None:
    study = make.study(annotators=1)
    articles = [make.article(study.lead, mended.TEXT, name) for name in ("bridge", "bridge@2")]
    again = open_round(lead=study.lead, name="Later", purpose="main", articles=articles, members=study.members)
    later = replace(study, articles=articles, round=again)
    make.label(later.assignment(), later.units()[0], "stance", "for")
    make.label(later.assignment(0, 1), later.units(1)[0], "stance", "for")
    mended.mend(later, Merge(later.units()[-1].start))
    ids = [row["item_id"] for row in rows_of(later, "wide")]
    assert len(set(ids)) == len(ids)
    with zipfile.ZipFile(io.BytesIO(documents.exported(study.lead, "uima"))) as archive:
        assert len(set(archive.namelist())) == len(archive.namelist())


def test_a_key_of_two_kinds_has_one_type_in_wide() -> None:
    asked = {"key": "force", "label": "Force", "type": "number", "min": 0, "max": 9}
    study = make.study(annotators=1, document=make.CODEBOOK | {"variables": [asked]})
    make.label(study.assignment(), study.units()[0], "force", 2.5)
    make.codebook(study.lead, make.CODEBOOK | {"version": "2", "variables": [make.closed("force", strong="s")]})
    again = open_round(lead=study.lead, name="Later", purpose="main", articles=study.articles, members=study.members)
    make.label(Assignment.objects.get(round=again), study.units()[0], "force", "strong")
    told = pq.read_table(io.BytesIO(written(study, "wide", "parquet")))["force"].to_pylist()
    assert [force for force in told if force] == ["2.5", "strong"]


def test_spans_are_every_span_of_every_answer_with_its_words(study: make.Study) -> None:
    expected = []
    for label in Label.objects.filter(variable__in=("framing", "attribution")):
        for number, item in enumerate(label.value, start=1):
            for piece in item.get("spans", [item]):
                key = str(label.variable), label.assignment.member.pseudonym, number, piece.get("role", "")
                expected.append((*key, item.get("value", item.get("source")), piece["start"], piece["quote"]))
    rows = rows_of(study, "spans")
    columns = ("variable", "annotator", "item", "role", "value", "start", "quote")
    assert sorted(tuple(row[name] for name in columns) for row in rows) == sorted(expected)
    texts = {text.article.external_id: text.text for text in TextVersion.objects.all()}
    assert all(texts[str(row["article"])][row["start"] : row["end"]] == row["quote"] for row in rows)  # type: ignore[misc]
    voices = {(row["quote"], row["voice"]) for row in rows if row["variable"] == "framing"}
    assert voices == {("Fluss 🌊", "quoted"), ("den Fluss 🌊 verlegt", "quoted")}
    assert voices == {(row["quote"], row["voice"]) for row in rows_of(study, "spans", variables=("framing",))}


def test_attributions_say_who_how_and_inside_which_other(study: make.Study) -> None:
    outer, inner, arabic = rows_of(study, "attributions")
    told = ("attribution", "source", "manner", "voice", "cue_text", "inside", "same_as")
    assert tuple(outer[name] for name in told) == (1, "mayor", "indirect", "attributed", "sagte", None, None)
    assert tuple(inner[name] for name in told) == (2, "residents", "cannot_tell", None, "hätten", 1, 0)
    assert (arabic["source_text"], arabic["content_text"]) == ("الوزير", "السكان ألقوا اللوم على الجيش")
    assert [piece["role"] for piece in json.loads(str(outer["spans"]))] == ["cue", "content"]


def test_a_selection_takes_just_that_and_nothing_unknown(study: make.Study) -> None:
    second = study.members[1].pseudonym
    chosen = {"variables": ("stance", "side"), "kinds": ("sentence",), "annotators": (second,)}
    whole = rows_of(study, "long")
    wanted = [row for row in whole if row["variable"] in ("stance", "side") and row["kind"] == "sentence"]
    assert rows_of(study, "long", **chosen) == [row for row in wanted if row["annotator"] == second] != []
    for unknown in ({"variables": ("stanse",)}, {"kinds": ("title",)}, {"annotators": ("nobody",)}):
        with pytest.raises(InvalidError, match="There is no"):
            rows_of(study, "long", **unknown)
    with pytest.raises(InvalidError, match="not about single annotators"):
        rows_of(study, "decisions", annotators=(second,))


def test_a_workbook_refuses_what_it_cannot_hold_and_names_the_cell() -> None:
    column = Column("text", "text", "")
    with pytest.raises(InvalidError, match=r"Row 3, column text.*32,768"):
        list(FORMS["xlsx"].write([column], [("x" * 32_767,), ("x" * 32_768,)]))
    with pytest.raises(InvalidError, match="columns at most"):
        list(FORMS["xlsx"].write([column] * 16_385, []))
    with pytest.raises(InvalidError, match="this text has 32,768"):
        list(FORMS["xlsx"].write([column], [("\U0001f600" * 16_384,)]))


def test_a_large_table_is_sized_by_its_counters(study: make.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = {name: size_of(member=study.lead, table=name) for name in TABLES}
    assert {name: size.rows for name, size in exact.items()} == {name: len(rows_of(study, name)) for name in TABLES}
    monkeypatch.setattr("annotator.services.exports.COUNTED", 0)
    told = {name: size_of(member=study.lead, table=name) for name in TABLES}
    assert (told["long"].rows, told["long"].how) == (exact["long"].rows, "about")
    assert (told["wide"].rows, told["decisions"].rows) == (exact["wide"].rows, exact["decisions"].rows)
    assert (told["consensus"].how, told["consensus"].rows) == (
        "from",
        Label.objects.filter(value__isnull=False).count(),
    )


def test_events_are_every_change_ever_made(study: make.Study) -> None:
    rows = rows_of(study, "events")
    stored = {str(event.uuid): event for event in Event.objects.select_related("assignment__member", "unit")}
    assert len(rows) == len(stored)
    for row in rows:
        event = stored[str(row["event"])]
        assert (row["sequence"], row["base_version"], row["server_time"]) == (
            event.sequence,
            event.base_version,
            event.server_time,
        )
        assert (row["annotator"], row["sentence"]) == (event.assignment.member.pseudonym, event.unit.index)
        assert row["act"] == ("taken_back" if event.value is None else "chosen")
    retaken = [row for row in rows if (row["sentence"], row["variable"]) == (3, "stance")]
    assert [(row["sequence"], row["state"]) for row in retaken] == [(1, "answered"), (2, "unanswered")]
