"""Tables from elsewhere: what they are taken for, what is read from them, and what is refused with its place."""

from dataclasses import replace

import pytest

from annotator.core.agreement import krippendorff_alpha
from annotator.core.coded_tables import Level
from annotator.core.elsewhere import Grid, Reading, doubts, grid, guess, parse_levels, variables
from annotator.core.errors import InvalidError
from projects.readers import limits
from projects.readers.base import ReadError
from projects.readers.tables import read_pasted, read_table

WIDE = "unit,Anna,Ben,Cem\nu1,yes,yes,no\nu2,no,,no\nu3,yes,NA,no\n"
LONG = "item_id,annotator,variable,value\n1,Ben,tone,low\n1,Anna,tone,high\n2,Anna,topics,war|peace\n2,Ben,topics,\n"


def table(text: str) -> Grid:
    return grid(read_pasted(text))


def taken(text: str, **more: object):
    found = table(text)
    return variables(found, replace(guess(found), **more))


def refusal(text: str, **more: object) -> str:
    with pytest.raises(InvalidError) as refused:
        taken(text, **more)
    return "\n".join([str(refused.value), *refused.value.problems])


@pytest.mark.parametrize(
    ("text", "layout", "header", "roles"),
    [
        (WIDE, "wide", True, ("unit", "annotator", "annotator", "annotator")),
        (LONG, "long", True, ("unit", "annotator", "variable", "value")),
        ("1,2\n2,2\n,1\n", "wide", False, ("annotator", "annotator")),
        ("1\t3\t4\n2\t3\t3\n3\t4\t4\n", "wide", False, ("unit", "annotator", "annotator")),
        (";A;B\n0;1,5;1\n1;2;2\n", "wide", True, ("unit", "annotator", "annotator")),
        ("Anna|Ben\nyes|no\nno|no\n", "wide", True, ("annotator", "annotator")),
        ("a,x,yes\na,y,no\nb,x,no\nb,y,no\n", "long", False, ("unit", "annotator", "value")),
        ("doc,coder,tone,side\n1,A,low,1\n1,B,low,2\n", "long", True, ("unit", "annotator", "value", "value")),
        ("article,sentence,annotator,variable,value\na,1,A,v,x\n", "long", True,
         ("article", "unit", "annotator", "variable", "value")),
        ("id,text,A,B\n1,\"Rain, they\",1,2\n2,Snow,1,1\n", "wide", True, ("unit", "text", "annotator", "annotator")),
    ],
)  # fmt: skip
def test_the_form_is_found(text: str, layout: str, header: bool, roles: tuple[str, ...]) -> None:
    found = guess(table(text))
    assert (found.layout, found.header, found.roles) == (layout, header, roles)


def test_a_wide_table_has_a_row_a_unit_and_missing_cells() -> None:
    (only,) = taken(WIDE)
    assert only.annotators == ["Anna", "Ben", "Cem"]
    assert only.ratings == [["yes", "no", "yes"], ["yes", None, None], ["no", "no", "no"]]
    assert only.missing == {"cells that are marked as missing": 2}


def test_a_long_table_has_a_row_an_answer_and_several_variables() -> None:
    tone, topics = taken(LONG)
    assert (tone.level, tone.annotators, tone.ratings) == ("nominal", ["Anna", "Ben"], [["high"], ["low"]])
    assert (topics.level, topics.values) == ("masi", ["war", "peace"])
    assert topics.ratings == [[["war", "peace"]], [[]]], "an empty cell of a long table is the empty set"


def test_columns_in_a_row_are_questions_by_name_and_by_number() -> None:
    named = taken("tone_A,tone_B,side_A,side_B\n1,1,x,y\n2,1,x,x\n")
    assert [(v.key, v.annotators) for v in named] == [("tone", ["A", "B"]), ("side", ["A", "B"])]
    bare = taken("1,1,7,8\n2,1,7,7\n", per_question=2)
    assert [(v.key, v.annotators) for v in bare] == [
        ("Question 1", ["Annotator 1", "Annotator 2"]),
        ("Question 2", ["Annotator 1", "Annotator 2"]),
    ]


def test_a_whole_number_is_the_same_with_and_without_its_point() -> None:
    (only,) = taken("A,B\n1,1.0\n2,2.0\n1,\n")
    assert only.ratings == [["1", "2", "1"], ["1", "2", None]]


def test_scales_count_by_their_numbers_or_ranks() -> None:
    by_number = taken("A,B\n-1,3\n3,3\n", levels={"ratings": Level("ordinal", ("-1", "0", "3"))})[0]
    assert by_number.codes == {"-1": -1.0, "0": 0.0, "3": 3.0}
    by_rank = taken("A,B\nlow,high\nhigh,high\n", levels={"ratings": Level("ordinal", ("low", "mid", "high"))})[0]
    assert by_rank.codes == {"low": 1.0, "mid": 2.0, "high": 3.0}


def test_only_first_occasions_are_compared() -> None:
    rows = "unit,coder,value,wave\n1,A,x,1\n1,B,y,1\n1,A,y,2\n"
    (only,) = taken(rows)
    assert (only.ratings, only.missing) == (
        [["x"], ["y"]],
        {"answers of later occasions, which are not compared": 1},
    )


def test_wide_and_long_give_the_same_figure() -> None:
    long = "unit,rater,value\n" + "".join(
        f"{unit},{rater},{value}\n"
        for unit, row in enumerate(["112", "2 2", "313", "444"])
        for rater, value in zip("ABC", row, strict=True)
        if value != " "
    )
    wide = "A,B,C\n1,1,2\n2,,2\n3,1,3\n4,4,4\n"
    of_long, of_wide = taken(long)[0], taken(wide)[0]
    assert krippendorff_alpha(of_long.ratings).value == krippendorff_alpha(of_wide.ratings).value


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        ("A,B\n1,2\n1\n", {}, "Row 3: 1 cells where the first row has 2"),
        ("A,B\n1,2\n1,2,3\n", {}, "Row 3: 3 cells where the first row has 2"),
        ("u,coder,value\n1,A,x\n\n1,A,y\n", {}, "Row 4: A answered “value” on this unit in row 2 already"),
        ("u,coder,value\n1,,x\n", {}, "Row 2: the column “coder” is empty"),
        ("u,A,B\nx,1,2\nx,1,1\n", {"roles": ("unit", "annotator", "annotator")}, "Row 3: the unit “x” stands in row 2"),
        ("A,B\n1,2\nx,1\n", {"levels": {"ratings": Level("interval")}}, "Row 3, column “A”: “x” is not a number"),
        ("A,B\n1,2\n-1,1\n", {"levels": {"ratings": Level("ratio")}}, "“-1” is not a number from 0 up"),
        ("A,B\n1,2\n5,1\n", {"levels": {"ratings": Level("ordinal", ("1", "2"))}}, "“5” is not in the order given"),
        ("A,B,C,D\n1,2,1,1\n", {"per_question": 3}, "can't be parted into questions of 3"),
        ("A,B\n1,2\n", {"roles": ("annotator", "")}, "two such columns or more"),
        ("A,B,C\n1,2,3\n", {"layout": "long", "roles": ("unit", "", "value")}, "no column is said to be the annotator"),
        ("u,coder,value,value\n1,A,1,2\n", {}, "duplicate"),
        ("A,B\n1,2\n", {"roles": ("annotator",)}, "2 columns; say of each"),
        ("A,B\n" + "".join(f"x{n},y{n}\n" for n in range(300)), {}, "600 different values are too many"),
    ],
)
def test_what_can_not_be_taken_is_told_with_its_place(text: str, more: dict[str, object], told: str) -> None:
    assert told in refusal(text, **more)


def test_codes_for_missing_and_two_spellings_are_pointed_at() -> None:
    assert [(d.kind, d.cells) for d in doubts(taken("A,B\n1,99\n2,2\n")[0])] == [("code", ("99",))]
    assert [(d.kind, d.cells) for d in doubts(taken("A,B\nYes,yes\nno,no\n")[0])] == [("spelling", ("Yes", "yes"))]
    assert doubts(taken("A,B\n98,99\n97,99\n")[0]) == []


def test_levels_of_all_and_of_one() -> None:
    found = parse_levels(["interval", "side=nominal"], ["tone", "side"])
    assert {name: level.name for name, level in found.items()} == {"tone": "interval", "side": "nominal"}
    with pytest.raises(InvalidError, match="no variable 'mood'"):
        parse_levels(["mood=nominal"], ["tone"])


def test_a_reading_needs_nothing_else_than_what_it_says() -> None:
    reading = Reading("wide", header=False, roles=("annotator", "annotator"), missing=("9",))
    assert variables(table("9,2\n2,2\n"), reading)[0].ratings == [[None, "2"], ["2", "2"]]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("t.pdf", b"%PDF-1.7", "the formats that are read"),
        ("t.csv", b"", "empty"),
        ("t.csv", b"A,B\n\xe9,1\n", "not valid utf-8"),
        ("t.csv", b'A,B\n"1,2\n', "quote that is not closed"),
        ("t.csv", b"A,B\n1,\0\n", "row 2: a cell holds a NUL"),
        ("t.xlsx", b"A,B\n1,2\n", "not an Excel workbook"),
    ],
)
def test_files_that_are_no_tables_are_refused(name: str, data: bytes, told: str) -> None:
    with pytest.raises(ReadError, match=told):
        read_table(name, data)


def test_a_table_is_refused_before_it_takes_all_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TABLE_ROWS", 10)
    with pytest.raises(ReadError, match="too large: the limits are 10 rows"):
        read_table("t.csv", b"A,B\n" + b"\n" * 10)
