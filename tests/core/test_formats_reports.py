"""The report as text: numbers as the field prints them, and signs that a format would read as its own."""

import csv
import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from annotator.core.agreement import Coefficient
from annotator.formats.methods import methods
from annotator.formats.reports import REPORT_FORMATS, short

ERRORS = {"se": 0.02, "below_667": 0.0, "below_800": 0.06}


def report(label: str = "Stance", **variable: object) -> dict[str, Any]:
    figure = {"value": 0.8421, "low": 0.79, "high": 0.889, "undefined": None} | ERRORS
    sound = {
        "key": "stance",
        "label": label,
        "kind": "single",
        "level": "nominal",
        "pairable_units": 150,
        "headline": "krippendorff_alpha_nominal",
        "verdict": "tentative",
        "measures": {"krippendorff_alpha_nominal": figure, "percent_agreement": figure | {"value": 0.9}},
        "values": [],
        "pairs": [],
    }
    whole = {"project": "demo", "round": "R", "seed": 1, "replicates": 2000, "input_sha256": "ab"}
    return whole | {"variables": [sound | variable]}


def written(name: str, content: dict[str, Any]) -> str:
    return REPORT_FORMATS[name].write(content)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.8421, ".842"), (-0.0463, "-.046"), (1.0, "1.000"), (0.99996, "1.000"), (-0.0004, ".000"), (0.0, ".000")],
)
def test_numbers_have_three_decimals_and_no_leading_nought(number: float, text: str) -> None:
    assert short(number) == text


@pytest.mark.parametrize("name", ["table", "markdown", "latex"])
def test_a_table_shows_alpha_interval_units_and_verdict(name: str) -> None:
    shown = written(name, report())
    for cell in (".842", ".790 to .889", "150", "90.0", "tentative"):
        assert cell in shown


def test_latex_takes_every_sign_of_a_label_as_text() -> None:
    assert r"50\% \& \{a\}\_b \textbackslash{}c \textasciitilde{} \#1" in written(
        "latex", report(r"50% & {a}_b \c ~ #1")
    )


def test_markdown_keeps_a_bar_inside_its_cell() -> None:
    assert r"| A \| B |" in written("markdown", report("A | B"))


def test_free_text_has_a_percentage_and_no_alpha() -> None:
    shown = written("table", report(level="text", headline="percent_agreement", verdict="no figure"))
    assert "not defined" in shown
    assert "90.0" in shown


def test_a_row_has_a_figure_with_its_errors_whether_of_a_variable_or_a_value() -> None:
    value = Coefficient(0.5, 9, low=0.25, high=0.75, below_tentative=0.875, below_reliable=1.0).as_dict()
    named = {part if part == "value" else f"alpha_{part}": found for part, found in value.items()}
    content = report(values=[{"key": "pro", "count": 7, "alpha": named.pop("value"), **named}])
    alpha, _, of_value = csv.DictReader(io.StringIO(written("csv", content)))
    assert (alpha["se"], alpha["below_667"], alpha["below_800"]) == ("0.02", "0.0", "0.06")
    assert (of_value["value"], of_value["low"], of_value["units"]) == ("0.5", "0.25", "7")
    assert (of_value["se"], of_value["below_667"], of_value["below_800"]) == ("", "0.875", "1.0")


def test_an_undefined_figure_is_an_empty_cell_with_its_reason() -> None:
    nothing = Coefficient(None, 0, undefined="no variation").as_dict()
    content = report(measures={"krippendorff_alpha_nominal": nothing})
    (row,) = csv.DictReader(io.StringIO(written("csv", content)))
    assert (row["value"], row["undefined"]) == ("", "no variation")
    assert "not defined" in written("table", content)


def test_cells_of_a_workbook_are_typed_and_never_formulas() -> None:
    """Read back by the library that reads uploads, not by the one that wrote it."""
    data = REPORT_FORMATS["xlsx"].write(report("=1+1\x07"))
    assert isinstance(data, bytes)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    summary, figures, about = (book.get_sheet_by_name(name).to_python() for name in ("Report", "Figures", "About"))
    assert summary[1][:8] == ["=1+1\x07", "nominal", "krippendorff_alpha_nominal", 0.8421, 0.79, 0.889, 150, 0.9]
    assert ["stance", "single", "nominal", "variable", "", "percent_agreement", 0.9] in [row[:7] for row in figures]
    assert ["seed", 1] in about


def test_a_paragraph_for_a_paper_says_who_what_how_and_whom_to_cite() -> None:
    said = methods(
        report(annotators=["a", "b", "c"], resampled="articles")
        | {"blind": True, "codebook": {"key": "news", "number": 2, "sha256": "c0ffee" * 10}, "software": "Annotator 1"}
    )
    for part in (
        "Three annotators (a, b, c) coded the round “R”; none of them saw the others' answers.",
        "version 2 of the codebook “news”",
        "2000 bootstrap replicates that draw whole articles with replacement (seed 1)",
        "Stance: nominal alpha = .842 [.790, .889], n = 150.",
        "computed with Annotator 1 from ratings with the sha256 ab",
        "Krippendorff, K. (2018)",
    ):
        assert part in said
    assert "One annotator (a) coded the round “R”; the round was not blind." in methods(
        report(annotators=["a"], resampled="units") | {"blind": False}
    )
