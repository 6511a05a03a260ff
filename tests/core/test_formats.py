"""Each format gives back what was written into it, to the last character."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Json, SpanAttribute, Variable, parse, state
from annotator.core.dataset import COLUMNS, Row, canonical, item_id, states, value_cell
from annotator.core.tables import Column, Figure
from annotator.formats import csv as csv_format
from annotator.formats import jsonl, spreadsheet, tsv
from annotator.formats.written import text_of
from annotator.queries.tables.long import COLUMNS as LONG
from tests import make

NASTY = 'Er sagte: "a,\tb"\r\nسلام \u2028 🙂\r x '
# What a text or answer may hold: no half characters, no NUL.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def row(**fields: object) -> Row:
    sound: dict[str, object] = {
        "item_id": "bridge:2",
        "text": "Two shops closed.",
        "annotator": "ann-1",
        "variable": "stance",
        "value": "for",
        "occasion": 1,
        "group": "",
        "state": "answered",
        "article": "bridge",
        "sentence": 2,
        "start": 31,
        "end": 48,
        "kind": "sentence",
        "round": "Round 1",
        "codebook": 1,
        "version": 3,
        "updated_at": datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
    }
    return Row(**(sound | fields))  # type: ignore[arg-type]


def read_table(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def test_the_columns_are_those_that_outside_scripts_rely_on() -> None:
    assert ",".join(COLUMNS) == (
        "item_id,text,annotator,variable,value,occasion,group,state,article,sentence,start,end,kind,round,codebook,"
        "version,updated_at"
    )


@given(text=TEXT, value=TEXT)
def test_csv_and_tsv_are_exact_to_the_character(text: str, value: str) -> None:
    rows = [row(text=text, value=value), row()]
    for write, delimiter in ((csv_format.write, ","), (tsv.write, "\t")):
        first, second = read_table(b"".join(write(LONG, rows)).decode(), delimiter)
        assert (first["text"], first["value"]) == (text, value)
        assert second["text"] == "Two shops closed."


@given(text=TEXT, value=TEXT)
def test_json_lines_are_exact_and_one_a_row(text: str, value: str) -> None:
    written = b"".join(jsonl.write(LONG, [row(text=text, value=value), row()])).decode()
    assert written.count("\n") == 2
    first = json.loads(written.split("\n")[0])
    assert tuple(first) == COLUMNS
    assert (first["text"], first["value"], first["sentence"]) == (text, value, 2)


def test_all_formats_hold_the_same_cells() -> None:
    rows = [row(text=NASTY, value='[{"start":1}]'), row(value=Figure("2.5")), row(value=None, updated_at=None)]
    as_csv = read_table(b"".join(csv_format.write(LONG, rows)).decode())
    assert read_table(b"".join(tsv.write(LONG, rows)).decode(), "\t") == as_csv
    as_json = [json.loads(line) for line in b"".join(jsonl.write(LONG, rows)).decode().split("\n")[:-1]]
    assert [{key: str(value) for key, value in item.items()} for item in as_json] == as_csv


def test_rows_of_csv_end_in_a_line_feed_and_there_is_no_byte_order_mark() -> None:
    assert b"".join(csv_format.write(LONG, [row()])).decode() == ",".join(COLUMNS) + (
        "\nbridge:2,Two shops closed.,ann-1,stance,for,1,,answered,bridge,2,31,48,sentence,Round 1,1,3,"
        "2026-03-01T12:30:00.000000Z\n"
    )


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("for", "for"),
        (-3, "-3"),
        (12.5, "12.5"),
        ([], "[]"),
        (["town", "état"], '["town","état"]'),
        (None, ""),
    ],
)
def test_a_value_is_written_as_imports_take_it(value: Json, cell: str) -> None:
    assert text_of(value_cell(value)) == cell


def test_times_are_told_in_utc() -> None:
    late = datetime(2026, 3, 2, 1, 0, 0, 5, tzinfo=timezone(timedelta(hours=3)))
    assert text_of(late) == "2026-03-01T22:00:00.000005Z"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_cell_of_the_spreadsheet_begins_like_a_formula(start: str) -> None:
    rows = [row(text=f"{start}1+1", value=f"{start}1", article=f"{start}a", annotator=f"{start}x", round=f"{start}r")]
    (first,) = read_table(b"".join(spreadsheet.write(LONG, rows)).decode().removeprefix("\ufeff"))
    assert (first["text"], first["value"]) == (f"'{start}1+1", f"'{start}1")
    assert not [cell for cell in first.values() if cell.startswith(start)]


def test_a_negative_number_stays_a_number_in_the_spreadsheet() -> None:
    rows = [row(value=value_cell(-2.5))]
    (first,) = read_table(b"".join(spreadsheet.write(LONG, rows)).decode().removeprefix("\ufeff"))
    assert first["value"] == "-2.5"


def test_the_spreadsheet_tells_excel_its_encoding() -> None:
    assert next(spreadsheet.write(LONG, [])).startswith(b"\xef\xbb\xbfitem_id,")


def test_truth_values_and_fractions_are_words_and_short_figures_in_text() -> None:
    columns = [Column("n", "integer", ""), Column("sure", "boolean", ""), Column("share", "number", "")]
    rows = [(1, True, 1.0), (0, False, 0.666667), (None, None, None)]
    assert b"".join(csv_format.write(columns, rows)) == b"n,sure,share\n1,yes,1\n0,no,0.666667\n,,\n"
    lines = b"".join(jsonl.write(columns, rows)).splitlines()
    assert [tuple(json.loads(line).values()) for line in lines] == rows


def test_an_item_is_a_unit_of_an_article() -> None:
    assert item_id("bridge", 0) == "bridge:0"


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "attribution": st.sampled_from([None, [], [{"source": "army"}]]),
        "stance": st.sampled_from([None, "for"]),
        "side": st.sampled_from([None, [], ["town"]]),
    },
)


@given(answers=ANSWERS)
def test_the_states_of_a_unit_are_those_of_its_variables_one_by_one(answers: dict[str, Json]) -> None:
    book = parse(make.CODEBOOK)
    expected = {v.key: state(book, v, answers) for v in book.variables if v.scope == "sentence"}
    assert states(book, "sentence", answers) == expected


def test_the_fields_of_an_answer_have_one_order_whatever_the_database_made_of_it() -> None:
    """PostgreSQL's jsonb sorts keys by their length."""
    attributes = (SpanAttribute("valence", "Valence", "single"), SpanAttribute("by", "By", "single"))
    span = Variable("framing", "Framing", "span", "sentence", "span", span_attributes=attributes)
    checked = [{"start": 1, "end": 3, "quote": "ab", "value": "x", "attributes": {"valence": "1", "by": "y"}}]
    shuffled: Json = [{"end": 3, "quote": "ab", "start": 1, "value": "x", "attributes": {"by": "y", "valence": "1"}}]
    assert json.dumps(canonical(span, shuffled)) == json.dumps(checked)


def test_the_parts_of_an_attribution_have_one_order_too() -> None:
    variable = Variable("attribution", "Attribution", "attribution", "sentence", "span")
    checked = [
        {"source": "army", "manner": None, "stance": "neutral", "spans": [{"role": "cue", "start": 1, "end": 3}]}
    ]
    shuffled: Json = [
        {"spans": [{"end": 3, "role": "cue", "start": 1}], "manner": None, "source": "army", "stance": "neutral"}
    ]
    assert json.dumps(canonical(variable, shuffled)) == json.dumps(checked)
