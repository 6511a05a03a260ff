"""The calculator: a file or a pasted table in, the report and its downloads out, no fault unexplained."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from annotator.queries.reports import agreement_report
from projects.models import Project, Round, TextVersion
from tests import hostile, make
from tests.shared import SHARED, needs_shared

pytestmark = [pytest.mark.django_db, pytest.mark.once]

DATA = SHARED / "reference" / "science" / "data"
TABLE = "unit,Anna,Ben,Cem\nu1,yes,yes,no\nu2,no,,no\nu3,yes,yes,yes\nu4,no,no,no\n"


@pytest.fixture
def client() -> Client:
    """Somebody who is signed in, and in no project."""
    client = Client()
    client.force_login(make.user(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def calculate(client: Client, text: str = TABLE, **more: object):
    return client.post("/agreement/", {"text": text, **more})


def hidden(shown: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', shown)
    assert found
    return found[1]


def as_json(client: Client, **sent: object) -> dict:
    answer = client.post("/agreement/", {"format": "json", **sent})
    assert answer.status_code == 200, answer.content.decode()
    return json.loads(answer.content)


def upload(path: Path) -> io.BytesIO:
    file = io.BytesIO(path.read_bytes())
    file.name = path.name
    return file


def test_a_pasted_table_gives_the_figure_by_hand(client: Client) -> None:
    """Eleven pairable values, six no and five yes; D_o = 2/11, from the one unit that is split two to one."""
    shown = calculate(client).content.decode()
    (variable,) = as_json(client, text=TABLE)["variables"]
    alpha = variable["measures"]["krippendorff_alpha_nominal"]["value"]
    assert alpha == pytest.approx(1 - (2 / 11) / (2 * 6 * 5 / (11 * 10)))
    assert f"<b>{alpha:.3f}</b>".replace("0.", ".") in shown
    assert "1 cell is missing." in shown


def test_the_table_comes_back_with_the_page_and_can_be_read_otherwise(client: Client) -> None:
    shown = calculate(client, "A,B\n1,2\n2,2\n3,3\n").content.decode()
    kept = {"table": hidden(shown, "table"), "layout": "wide", "header": "1", "missing": "3", "per_question": ""}
    kept |= {"roles_of": hidden(shown, "roles_of"), "role": ["annotator", "annotator"]}
    kept |= {"variable": "ratings", "level": "ordinal", "order": "2, 1"}
    (variable,) = as_json(client, **kept)["variables"]
    assert (variable["level"], variable["pairable_units"]) == ("ordinal", 2)
    assert [value["key"] for value in variable["values"]] == ["2", "1"]
    (merged,) = as_json(client, **kept | {"missing": "", "order": "", "merge": "1, 3"})["variables"]
    assert [(value["key"], value["count"]) for value in merged["values"]] == [("1", 3), ("2", 3)]
    refused = client.post("/agreement/", kept | {"merge": "1, 4"})
    assert (refused.status_code, "Nothing was merged" in refused.content.decode()) == (400, True)
    refused = client.post("/agreement/", kept | {"order": "2, 3"})
    assert refused.status_code == 400
    assert "is not in the order given" in refused.content.decode()
    assert hidden(refused.content.decode(), "table") == kept["table"], "a refusal keeps the table"
    assert hidden(refused.content.decode(), "order") == "2, 3", "and what was typed"


def test_another_layout_is_guessed_anew(client: Client) -> None:
    shown = calculate(client, "a,b,c\nx,1,no\nx,2,no\n").content.decode()
    kept = {"table": hidden(shown, "table"), "roles_of": "wide 1", "role": ["annotator"] * 3}
    answer = client.post("/agreement/", kept | {"layout": "long", "header": "1"}).content.decode()
    assert re.findall(r'<option value="(\w+)" selected', answer)[2:5] == ["unit", "annotator", "value"]


def test_a_project_is_made_of_it_when_somebody_asks(client: Client) -> None:
    rows = "doc,text,coder,tone,topics,wave\n1,It rained.,A,2,x|y,1\n1,,B,1,,1\n2,,A,1,y,1\n2,,B,1,NA,1\n1,,A,1,x,2\n"
    shown = calculate(client, rows).content.decode()
    kept = {"table": hidden(shown, "table"), "title": "Tone of rain"}
    answer = client.post("/agreement/project/", kept)
    assert answer.headers["Location"].startswith("/p/tone-of-rain/agreement/?round=")
    project = Project.objects.get(slug="tone-of-rain")
    assert project.memberships.get(role="lead").user is not None
    assert set(TextVersion.objects.values_list("text", flat=True)) == {"It rained.", "[2]"}
    made = {v.key: v for v in agreement_report(Round.objects.get(), replicates=0).variables}
    for variable in as_json(client, text=rows)["variables"]:
        alpha = made[variable["key"]].measures[variable["headline"]].value
        assert alpha == pytest.approx(variable["measures"][variable["headline"]]["value"])
    assert client.post("/agreement/project/", kept).status_code == 400, "the address is taken"
    assert Project.objects.count() == 1


@pytest.mark.parametrize("format", ["csv", "markdown", "latex", "json", "methods"])
def test_the_report_is_given_as_a_file(client: Client, format: str) -> None:
    answer = calculate(client, format=format)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "project " not in answer.content.decode().lower()


def test_the_bundle_holds_the_table_by_the_names_of_its_units(client: Client) -> None:
    answer = calculate(client, format="bundle")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("agreement/ratings.csv").decode())))
    assert [(row["sentence"], row["annotator"], row["value"]) for row in rows][:2] == [
        ("u1", "Anna", "yes"),
        ("u1", "Ben", "yes"),
    ]


def test_spreadsheets_are_read_apart(client: Client) -> None:
    file = SHARED / "reference" / "hostile" / "files" / "xlsx-truncated.xlsx"
    if not file.exists():
        pytest.skip("NOT RUN: the reference data is not here")
    answer = client.post("/agreement/", {"file": upload(file)})
    assert answer.status_code == 400
    assert "damaged" in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Choose a file first"),
        ({"text": "one column\nyes\nno\n"}, "needs two such columns"),
        ({"text": "A,B\n1,2\n1\n"}, "Row 3: 1 cells where the first row has 2"),
        ({"table": "AAAA"}, "did not come back whole"),
        ({"table": "eJyLNtQx0jGOBQAH3gGj"}, "did not come back whole"),
        ({"text": "A,B\n1,\0\n"}, "row 2: a cell holds a NUL"),
    ],
)
def test_what_can_not_be_read_is_explained(client: Client, sent: dict[str, str], told: str) -> None:
    answer = client.post("/agreement/", sent)
    assert answer.status_code == 400
    assert told in answer.content.decode()


def test_an_encoding_is_named_and_not_guessed_in_silence(client: Client) -> None:
    file = io.BytesIO("Élodie,Zoé\nété,été\nnoël,été\nété,noël\n".encode("windows-1252"))
    file.name = "ratings.csv"
    shown = client.post("/agreement/", {"file": file})
    assert (shown.status_code, "not valid utf-8" in shown.content.decode()) == (400, True)
    encoding = hidden(shown.content.decode(), "encoding")
    file.seek(0)
    again = client.post("/agreement/", {"file": file, "encoding": encoding or "windows-1252"})
    assert (again.status_code, "Élodie" in again.content.decode()) == (200, True)


def tables_in(route: str) -> list[hostile.Case]:
    return [
        case
        for case in hostile.cases(route)
        if case.ending in ("csv", "tsv", "xlsx", "ods") and "generate" not in case.raw
    ]


@needs_shared
@pytest.mark.parametrize("route", ["label_import", "article_upload"])
def test_hostile_tables_do_no_harm(client: Client, route: str) -> None:
    for case in tables_in(route):
        file = io.BytesIO(case.content())
        file.name = case.filename.rpartition("/")[2]
        answer = client.post("/agreement/", {"file": file})
        assert answer.status_code in {200, 400}, case.id
        case.check_leaks(answer.content.decode())
        if case.id in ("li-duplicate-rows", "li-conflict", "li-missing-column", "li-duplicate-headers"):
            assert answer.status_code == 400, case.id
            case.check_refusal(answer.content.decode())


def command(path: Path, *more: str) -> dict:
    out = io.StringIO()
    call_command("agreement", "--ratings", path, "--format", "json", *more, stdout=out, stderr=io.StringIO())
    return {variable["key"]: variable for variable in json.loads(out.getvalue())["variables"]}


def test_the_command_takes_what_the_file_does_not_say(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text("1,2,9\n2,2,x\n9,1,x\n")
    options = ("--level", "ordinal:1,2", "--no-header", "--missing", "9", "--column", "Column 3=")
    (variable,) = command(path, *options, "--replicates", "0").values()
    assert (variable["level"], variable["units"], variable["pairable_units"]) == ("ordinal", 3, 2)
    with pytest.raises(CommandError, match="the columns are"):
        command(path, "--column", "Column 9=unit")
    with pytest.raises(CommandError, match="with one of ratings"):
        command(path, "--merge", "tone=1,2")
    with pytest.raises(CommandError, match="Name a project, or a file"):
        call_command("agreement", "demo", "--ratings", path)


SEVERITY = "severity=ordinal:-3,-2,-1,0,1"


@needs_shared
def test_convabuse_gives_its_stored_values_by_page_and_command(client: Client) -> None:
    path = DATA / "convabuse_ratings" / "convabuse_ratings_long.csv"
    expected = json.loads((DATA / "expected_agreement.json").read_text())["convabuse_ratings"]
    severity = command(path, "--level", SEVERITY, "--replicates", "0")["severity"]["measures"]
    assert severity["krippendorff_alpha_ordinal"]["value"] == pytest.approx(0.659766, abs=1e-6)
    for level, alpha in expected["severity (first occasion)"]["alpha"].items():
        if f"krippendorff_alpha_{level}" in severity:
            assert severity[f"krippendorff_alpha_{level}"]["value"] == pytest.approx(alpha, abs=1e-6)
    two = ("--merge", "severity=-1,-2,-3", "--merge", "severity=1,0")
    merged = command(path, "--level", SEVERITY, *two, "--replicates", "0")["severity"]["measures"]
    assert merged["krippendorff_alpha_nominal"]["value"] == pytest.approx(0.652337, abs=1e-6)
    found = as_json(client, file=upload(path))["variables"]
    of_page = {variable["key"]: variable["measures"] for variable in found}
    sets = expected["type (set-valued, conditional, empty = {none})"]
    for level in ("nominal", "jaccard", "masi"):
        alpha = of_page["type"][f"krippendorff_alpha_{level}"]["value"]
        assert alpha == pytest.approx(sets["alpha"][level], abs=1e-6)


def test_what_columns_beyond_the_shown_ones_are_is_sent_as_one_field(client: Client) -> None:
    """A request may have a thousand fields, a table more columns."""
    names = [f"coder {number}" for number in range(60)]
    rows = [["unit", *names], ["1", *["yes"] * 60], ["2", *["no"] * 60]]
    shown = calculate(client, "\n".join(",".join(row) for row in rows)).content.decode()
    sent = {name: hidden(shown, name) for name in ("table", "roles_of", "more_roles")}
    sent |= {"layout": "wide", "header": "1", "missing": "NA", "role": ["unit", "", *["annotator"] * 38]}
    (variable,) = as_json(client, **sent)["variables"]
    assert variable["annotators"] == names[1:]


@needs_shared
def test_narrative_frames_gives_its_stored_values_long_and_wide(client: Client, tmp_path: Path) -> None:
    path = DATA / "narrative_frames" / "narrative_frames_long.csv"
    expected = json.loads((DATA / "expected_agreement.json").read_text())["narrative_frames"]
    found = command(path, "--level", "nominal", "--replicates", "0")
    assert len(found) == 23
    for key, variable in found.items():
        alpha = variable["measures"]["krippendorff_alpha_nominal"]["value"]
        assert alpha == pytest.approx(expected[key]["alpha"]["nominal"], abs=1e-6)
        assert variable["pairable_units"] == expected[key]["units_with_2plus"]
        percent = variable["measures"]["percent_agreement"]["value"]
        assert percent == pytest.approx(expected[key]["mean_unit_pairwise_agreement"], abs=1e-6)
    assert any("Hardly any variation" in warning for warning in found["re1"]["warnings"])
    (re1a,) = as_json(client, text=wide(path, "re1a"))["variables"]
    assert re1a["measures"]["krippendorff_alpha_nominal"]["value"] == pytest.approx(0.251504, abs=1e-6)


def wide(path: Path, key: str) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["variable"] == key]
    names = sorted({row["annotator"] for row in rows})
    given = {(row["item_id"], row["annotator"]): row["value"] for row in rows}
    items = dict.fromkeys(row["item_id"] for row in rows)
    lines = [[item, *(given.get((item, name), "") for name in names)] for item in items]
    return "\n".join(",".join(line) for line in [["item_id", *names], *lines])
