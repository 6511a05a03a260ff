"""The main path on a real article: upload, three annotators by keyboard alone, report and dataset out."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from annotator.models import Label
from projects.models import Article, Assignment
from tests import make
from tests.shared import SHARED, needs_shared

pytestmark = [pytest.mark.django_db(transaction=True), needs_shared]

SCIENCE = SHARED / "reference" / "science"


def keys(answers: dict[str, Any], codebook: dict[str, Any]) -> str:
    """What an annotator types for one sentence: `0` for the narrator, else source, manner and stance of the cue."""
    (attribution,) = (v for v in codebook["variables"] if v["type"] == "attribution")
    source = answers["attribution_source"][0]
    if source == "narrator":
        return "0"
    chosen = {"sources": [source], "manners": answers["attribution_type"], "stances": [answers["cue_stance"]]}
    return "".join(key_of(attribution[part], wanted) for part, wanted in chosen.items())


def key_of(values: list[dict[str, str]], wanted: list[str]) -> str:
    """The key of the first value wanted; of the first value at all where our codebook has none of them."""
    return next((v["shortcut"] for v in values if v["key"] in wanted), values[0]["shortcut"])


def join(browser: Browser, link: str, name: str) -> Page:
    page = browser.new_context().new_page()
    page.goto(link)
    page.get_by_label("Name for signing in").fill(name)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/**")
    return page


def label_article(page: Page, live: str, slug: str, typed: list[str]) -> None:
    page.goto(f"{live}/p/{slug}/code/")
    expect(page.locator("li.unit.here")).to_be_visible()
    for strokes in typed:
        for stroke in strokes:
            page.keyboard.press(stroke)
    expect(page.get_by_role("status").filter(has_text="Saved").first).to_be_visible(timeout=20_000)


def test_from_the_article_to_the_dataset(browser: Browser, page: Page, live: str, sign_in, tmp_path: Path) -> None:
    make.user("nadia")
    sign_in(page, "nadia")
    page.get_by_label("Title").fill("Seed study")
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/seed-study/")
    (seed,) = (SHARED / "seeds").glob("*.txt")
    page.goto(f"{live}/p/seed-study/articles/import/")
    page.get_by_label("File", exact=True).set_input_files(seed)
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator("ol.units > li")).to_have_count(26)
    page.goto(f"{live}/p/seed-study/codebook/")
    page.get_by_role("button", name="Take this codebook").first.click()
    annotators = []
    for name in ("iris", "jonas", "samir"):
        page.goto(f"{live}/p/seed-study/members/")
        page.get_by_role("button", name="Make a link").click()
        annotators.append(join(browser, page.locator("#link").inner_text(), name))
    page.goto(f"{live}/p/seed-study/rounds/new/")
    page.get_by_label("Name").fill("Reliability 1")
    page.get_by_role("button", name="Open the round").click()
    page.get_by_text("is open").wait_for()

    annotations = json.loads((SCIENCE / "seed_annotations.json").read_text())
    codebook = json.loads((Path(__file__).parents[2] / "fixtures" / "codebook_conflict_news.json").read_text())
    units = list(Article.objects.get().text_versions.get().units.filter(index__gt=0, codable=True))
    typed_by = [
        [keys(coder["sentences"][unit.index - 1]["values"], codebook) for unit in units]
        for coder in annotations["coders"]
    ]
    for annotator, typed in zip(annotators, typed_by, strict=True):
        label_article(annotator, live, "seed-study", typed)
        annotator.context.close()
    assert set(Assignment.objects.values_list("state", flat=True)) == {"done"}
    labels = Label.objects.filter(variable="attribution").values_list("assignment__member__pseudonym", "unit", "value")
    assert len(labels) == 3 * len(units) == 72
    sources = {(who, unit): [item["source"] for item in value] for who, unit, value in labels}
    for number, coder in enumerate(annotations["coders"], start=1):
        for unit in units:
            said = coder["sentences"][unit.index - 1]["values"]["attribution_source"][:1]
            assert sources[f"ann-{number}", unit.pk] == ([] if said == ["narrator"] else said)

    page.goto(f"{live}/p/seed-study/agreement/")
    expect(page.locator("h1")).to_contain_text("reliable")
    with page.expect_download() as report:
        page.get_by_role("link", name="CSV").first.click()
    figures = list(csv.DictReader(io.StringIO(Path(report.value.path()).read_text())))
    assert any(row["variable"] == "attribution.source" and row["value"] for row in figures)
    with page.expect_download() as dataset:
        page.evaluate("location.href = '/p/seed-study/export/download/?format=long'")
    rows = list(csv.DictReader(io.StringIO(Path(dataset.value.path()).read_text(), newline="")))
    answered = [row for row in rows if row["variable"] == "attribution" and row["state"] in ("answered", "none")]
    assert len(answered) == 72
