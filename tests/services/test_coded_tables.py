"""Tables that were coded elsewhere: in by one command, the right figures, and the same rows out again."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook

from annotator.core.agreement import VariableRatings, report_variable
from annotator.core.agreement.what_if import collapse
from annotator.core.tables import Cell
from annotator.formats.written import text_of
from annotator.models import Label
from annotator.queries.ratings import round_ratings, variable_ratings
from annotator.queries.reports import agreement_report
from projects.models import Article, Assignment, Membership, Project, Round
from tests.shared import SHARED, needs_shared

pytestmark = pytest.mark.django_db

DATA = SHARED / "reference" / "science" / "data"
COLUMNS = ["item_id", "text", "annotator", "variable", "value"]
ROWS = [
    ["bridge 1", 'The bridge, they said, "stood".\nIt fell. ', "Anna B.", "Overall tone", "very cold"],
    ["bridge 1", 'The bridge, they said, "stood".\nIt fell. ', "=1+1", "Overall tone", "Very Cold"],
    ["bridge 2", "", "Anna B.", "Overall tone", "warm"],
    ["bridge 2", "", "Anna B.", "topics", "war|peace"],
    ["bridge 2", "", "=1+1", "topics", ""],
    ["bridge 2", "", "Anna B.", "score", "1.50"],
]


def write_table(path: Path, rows: list[list[str]], columns: list[str] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def exported(slug: str, columns: list[str], folder: Path, kind: str = "csv") -> list[tuple[str, ...]]:
    path = folder / f"out.{kind}"
    call_command("export", slug, format="long", out=path, stdout=io.StringIO())
    rows = [row for row in READERS[kind](path) if row["state"] in ("answered", "none")]
    # An answer that is the empty set is an empty cell, of which a workbook has none.
    return sorted(tuple(text_of(row[column]) for column in columns) for row in rows)


def read_csv(path: Path) -> list[dict[str, Cell]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def read_xlsx(path: Path) -> list[dict[str, Cell]]:
    head, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]  # type: ignore[arg-type]


READERS: Mapping[str, Callable[[Path], list[dict[str, Cell]]]] = {
    "csv": read_csv,
    "xlsx": read_xlsx,
    "parquet": lambda path: pq.read_table(path).to_pylist(),
    "jsonl": lambda path: [json.loads(line) for line in path.read_text().split("\n")[:-1]],
}


def create(slug: str, path: Path, *levels: str) -> None:
    call_command("import_labels", slug, path, create=True, level=list(levels), stdout=io.StringIO())


def test_the_rows_that_went_in_come_out_to_the_character(tmp_path: Path) -> None:
    create("elsewhere", write_table(tmp_path / "in.csv", ROWS), "topics=masi", "score=interval")
    for kind in READERS:
        assert exported("elsewhere", COLUMNS, tmp_path, kind) == sorted(map(tuple, ROWS))


def test_each_item_is_an_article_of_one_unit_and_each_annotator_a_member_without_a_sign_in(tmp_path: Path) -> None:
    create("elsewhere", write_table(tmp_path / "in.csv", ROWS), "topics=masi")
    article = Article.objects.get(external_id="bridge 1")
    assert article.text_versions.get().units.filter(index__gt=0).count() == 1
    assert Article.objects.get(external_id="bridge 2").text_versions.get().text == "[bridge 2]"
    assert set(Membership.objects.exclude(role="lead").values_list("pseudonym", "user")) == {
        ("Anna B.", None),
        ("=1+1", None),
    }
    assert Round.objects.get().closed_at is not None


def test_a_second_look_is_an_occasion_of_its_own(tmp_path: Path) -> None:
    rows = [[*ROWS[0], "1", "experts"], [*ROWS[0][:-1], "warm", "2", "experts"]]
    columns = [*COLUMNS, "occasion", "group"]
    create("elsewhere", write_table(tmp_path / "in.csv", rows, columns))
    assert sorted(Assignment.objects.values_list("occasion", flat=True)) == [1, 2]
    assert exported("elsewhere", columns, tmp_path) == sorted(map(tuple, rows))


@pytest.mark.parametrize(
    ("rows", "levels", "told"),
    [
        ([ROWS[0], ROWS[0]], [], "this label stands in row 3 already"),
        ([ROWS[0], [*ROWS[0][:1], "Another text", *ROWS[0][2:]]], [], "another text"),
        ([["", *ROWS[0][1:]]], [], "item_id is empty"),
        ([ROWS[0]], ["nope=nominal"], "no variable 'nope'"),
        ([ROWS[0]], ["Overall tone=interval"], "is not a number"),
        ([ROWS[0]], ["Overall tone=ordinal:warm"], "not in the order"),
        ([ROWS[0]], ["Overall tone=best"], "is no level"),
    ],
)
def test_a_table_that_cannot_be_taken_leaves_nothing(tmp_path: Path, rows, levels, told: str) -> None:
    path = write_table(tmp_path / "in.csv", rows)
    with pytest.raises(CommandError, match=told):
        create("elsewhere", path, *levels)
    assert not Project.objects.exists()


def test_a_taken_address_is_refused_and_nothing_is_added(tmp_path: Path) -> None:
    path = write_table(tmp_path / "in.csv", ROWS)
    create("elsewhere", path, "topics=masi")
    before = Label.objects.count()
    with pytest.raises(CommandError, match="taken"):
        create("elsewhere", path, "topics=masi")
    assert Label.objects.count() == before


@pytest.mark.once
@needs_shared
def test_real_ratings_with_conditions_sets_and_second_looks(tmp_path: Path) -> None:
    path = DATA / "convabuse_ratings" / "convabuse_ratings_long.csv"
    create("abuse", path, "severity=ordinal:-3,-2,-1,0,1", "type=masi")
    expected = json.loads((DATA / "expected_agreement.json").read_text())["convabuse_ratings"]
    report = agreement_report(Round.objects.select_related("project").get(), replicates=0)
    found = {variable.key: variable.measures for variable in report.variables}
    severity = expected["severity (first occasion)"]
    for level in ("nominal", "ordinal", "interval"):
        alpha = found["severity"][f"krippendorff_alpha_{level}"].value
        assert alpha == pytest.approx(severity["alpha"][level], abs=1e-6)
    merged = report_variable(abusive_or_not(Round.objects.get()), replicates=None)
    assert merged.measures["krippendorff_alpha_nominal"].value == pytest.approx(0.652337, abs=1e-6)
    sets = expected["type (set-valued, conditional, empty = {none})"]
    for level in ("nominal", "jaccard", "masi"):
        assert found["type"][f"krippendorff_alpha_{level}"].value == pytest.approx(sets["alpha"][level], abs=1e-6)
    columns = [*COLUMNS, "occasion"]
    with path.open(encoding="utf-8", newline="") as file:
        sent = sorted(tuple(row[column] for column in columns) for row in csv.DictReader(file))
    for kind in ("csv", "parquet"):
        assert exported("abuse", columns, tmp_path, kind) == sent


def abusive_or_not(round: Round) -> VariableRatings:
    """Severity with -3, -2, -1 merged against 0, 1."""
    ratings = round_ratings(round)
    variable = ratings.book.variable("severity")
    key = {value.label: value.key for value in variable.values}
    (severity,) = variable_ratings(ratings, variable)
    return collapse(severity, {key["-3"]: key["-1"], key["-2"]: key["-1"], key["0"]: key["1"]})


@pytest.mark.once
@needs_shared
def test_real_answers_to_23_questions_give_their_stored_values(tmp_path: Path) -> None:
    create("frames", DATA / "narrative_frames" / "narrative_frames_long.csv")
    expected = json.loads((DATA / "expected_agreement.json").read_text())["narrative_frames"]
    report = agreement_report(Round.objects.select_related("project").get(), replicates=0)
    assert len(report.variables) == 23
    for variable in report.variables:
        stored = expected[variable.label]
        alpha = variable.measures["krippendorff_alpha_nominal"].value
        assert alpha == pytest.approx(stored["alpha"]["nominal"], abs=1e-6)
        percent = variable.measures["percent_agreement"].value
        assert percent == pytest.approx(stored["mean_unit_pairwise_agreement"], abs=1e-6)
        assert variable.pairable_units == stored["units_with_2plus"]
    resolution = next(variable for variable in report.variables if variable.label == "re1")
    assert resolution.measures["krippendorff_alpha_nominal"].value == pytest.approx(0.0, abs=1e-6)
    assert any("Hardly any variation" in warning for warning in resolution.warnings)
