"""The reference codings of the real article, through the real path: import, label, report. Every figure to 1e-6."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command

from annotator.models import Label
from annotator.services.label_imports import import_labels
from projects.models import Membership, Role
from projects.readers import read
from projects.services.articles import import_articles
from projects.services.codebooks import import_codebook
from tests import make
from tests.shared import SHARED, needs_shared

pytestmark = [pytest.mark.django_db, needs_shared]

SCIENCE = SHARED / "reference" / "science"
JSON_KINDS = {"multi", "span"}


def rows(annotations: dict[str, Any], kinds: dict[str, str]) -> Iterator[list[str]]:
    for coder in annotations["coders"]:
        answers = [(s["sentence"], s["values"]) for s in coder["sentences"]] + [(0, coder.get("article", {}))]
        for sentence, values in answers:
            for variable, value in values.items():
                cell = json.dumps(value) if kinds[variable] in JSON_KINDS else value
                yield ["seed", str(sentence), coder["coder"], variable, cell]


@pytest.fixture
def report() -> dict[str, Any]:
    """The report of the round that the label import makes, as `manage.py agreement --format json` prints it."""
    lead = make.project("Seed")
    document = json.loads((SCIENCE / "codebook_conflict_news.json").read_text())
    import_codebook(member=lead, data=(SCIENCE / "codebook_conflict_news.json").read_bytes())
    (seed,) = (SHARED / "seeds").glob("*.txt")
    import_articles(member=lead, documents=read("seed.txt", seed.read_bytes()), codable=["all"])
    annotations = json.loads((SCIENCE / "seed_annotations.json").read_text())
    for coder in annotations["coders"]:
        Membership.objects.create(project=lead.project, role=Role.ANNOTATOR, pseudonym=coder["coder"])
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["article", "sentence", "annotator", "variable", "value"])
    writer.writerows(rows(annotations, {v["key"]: v["type"] for v in document["variables"]}))
    imported = import_labels(member=lead, data=table.getvalue().encode())
    assert imported.labels == Label.objects.count() == len(table.getvalue().splitlines()) - 1
    out = io.StringIO()
    call_command("agreement", "seed", format="json", replicates=0, stdout=out)
    return json.loads(out.getvalue())


ALPHAS = {
    "alpha_nominal": "krippendorff_alpha_nominal",
    "alpha_ordinal": "krippendorff_alpha_ordinal",
    "alpha_interval": "krippendorff_alpha_interval",
    "alpha_set_nominal": "krippendorff_alpha_nominal",
    "alpha_set_jaccard": "krippendorff_alpha_jaccard",
    "alpha_set_masi": "krippendorff_alpha_masi",
    "pairwise_agreement": "percent_agreement",
    "observed_agreement_alpha_weighting": "percent_agreement_pairable",
    "alpha_char_label": "char_alpha",
    "alpha_char_marked": "char_alpha_binary",
}


def same(found: dict[str, Any], expected: float | None) -> bool:
    if expected is None:
        return found["value"] is None and bool(found["undefined"])
    return found["value"] == pytest.approx(expected, abs=1e-6)


def test_the_report_gives_the_reference_figures(report: dict[str, Any]) -> None:
    expected = json.loads((SCIENCE / "seed_agreement_expected.json").read_text())["variables"]
    found = {variable["key"]: variable for variable in report["variables"]}
    checked = 0
    for key, figures in expected.items():
        for name, measure in ALPHAS.items():
            if name in figures:
                assert same(found[key]["measures"][measure], figures[name]), (key, name)
                checked += 1
        assert found[key]["pairable_units"] == figures.get("units_with_2plus", found[key]["pairable_units"]), key
    assert checked == 48


def test_the_report_gives_the_reference_figures_a_value(report: dict[str, Any]) -> None:
    expected = json.loads((SCIENCE / "seed_agreement_expected.json").read_text())["variables"]
    found = {variable["key"]: {value["key"]: value for value in variable["values"]} for variable in report["variables"]}
    for key, figures in expected.items():
        for value, figure in figures.get("alpha_per_option", {}).items():
            assert found[key][value]["count"] == figure["chosen"], (key, value)
            shown = {"value": found[key][value]["alpha"], "undefined": found[key][value]["alpha_undefined"]}
            assert same(shown, figure["alpha"]), (key, value)
        for value, alpha in figures.get("alpha_char_per_role", {}).items():
            shown = {"value": found[key][value]["char_alpha"], "undefined": found[key][value]["char_alpha_undefined"]}
            assert same(shown, alpha), (key, value)
        for value, alpha in figures.get("sentence_has_span", {}).items():
            assert same({"value": found[key][value]["alpha"], "undefined": "nobody"}, alpha), (key, value)


def test_the_report_gives_the_reference_figures_a_pair(report: dict[str, Any]) -> None:
    expected = json.loads((SCIENCE / "seed_agreement_expected.json").read_text())["variables"]
    for variable in report["variables"]:
        pairs = {f"{pair['a']}|{pair['b']}": pair for pair in variable["pairs"]}
        figures = expected.get(variable["key"], {})
        for pair, kappa in figures.get("cohen_kappa", {}).items():
            assert pairs[pair]["units"] == kappa["n"]
            assert same(pairs[pair]["measures"]["cohen_kappa"], kappa["kappa"]), (variable["key"], pair)
        for pair, f1 in figures.get("pairwise", {}).items():
            assert same(pairs[pair]["measures"]["span_f1_exact"], f1["exact_and_label_f1"]), (variable["key"], pair)
