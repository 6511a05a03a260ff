"""A whole study in the browser: from the first invitation to the settled dataset, with no step outside it."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from annotator.models import Decision, Label
from projects.models import Assignment
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
ADDRESS = "/p/who-said-it"
ANNOTATORS = ("iris", "jonas", "samir")


@dataclass
class Study:
    """The lead's page and those of the people whom he invites, by name."""

    lead: Page
    live: str
    people: dict[str, Page]

    def open(self, path: str) -> Page:
        self.lead.goto(f"{self.live}{ADDRESS}/{path}")
        return self.lead


def test_a_whole_study(browser: Browser, page: Page, live: str, sign_in) -> None:
    make.user("nadia")
    sign_in(page, "nadia")
    study = Study(page, live, {})
    begin(study)
    for name, role in [*((name, "annotator") for name in ANNOTATORS), ("vera", "adjudicator")]:
        invite(study, browser, name, role)
    import_articles(study)
    take_codebook(study)
    open_round(study, "Pilot", "pilot", number="1", deal="everybody")
    for name in ANNOTATORS:
        assert label(study, name, "nr") == 1
    close(study, "Pilot")
    revise_a_value(study)
    open_round(study, "Reliability 1", "reliability", number="1", deal="everybody")
    for name in ANNOTATORS:
        assert label(study, name, "nr" if name == "samir" else "nrn") == 1
    close(study, "Reliability 1")
    read_agreement(study)
    open_round(study, "Main", "main", deal="double", double="20")
    # Whichever two share the article that is labelled twice, they differ.
    typed = dict(zip(ANNOTATORS, ("n", "nr", "rn"), strict=True))
    assert sum(label(study, name, keys) for name, keys in typed.items()) == 6
    close(study, "Main")
    decided = settle(study, "Main")
    assert decided > 0
    labels = export(study, "Main", "long")
    assert {row["annotator"] for row in labels} == {"ann-1", "ann-2", "ann-3"}
    assert sum(row["state"] == "answered" for row in labels) == Label.objects.filter(round__name="Main").count()
    decisions = export(study, "Main", "decisions")
    assert len(decisions) == decided
    assert {row["value"] for row in decisions} <= {"narrator", "reported"}


def begin(study: Study) -> None:
    study.lead.get_by_label("Title").fill("Who said it")
    study.lead.keyboard.press("Enter")
    study.lead.wait_for_url(f"**{ADDRESS}/")


def invite(study: Study, browser: Browser, name: str, role: str) -> None:
    lead = study.open("members/")
    lead.get_by_label("Role", exact=True).select_option(role)
    lead.get_by_label("For whom").fill(name)
    lead.get_by_role("button", name="Make a link").click()
    joined = browser.new_context(reduced_motion="reduce").new_page()
    joined.goto(lead.locator("#link").inner_text())
    joined.get_by_label("Name for signing in").fill(name)
    joined.get_by_label("Password").fill(make.PASSWORD)
    joined.keyboard.press("Enter")
    joined.wait_for_url(f"**{ADDRESS}/")
    study.people[name] = joined


def import_articles(study: Study) -> None:
    for file in SEEDS:
        lead = study.open("articles/import/")
        lead.get_by_label("File", exact=True).set_input_files(file)
        lead.get_by_role("button", name="Bring it in").click()
        expect(lead.locator("ol.units > li").first).to_be_visible()


def take_codebook(study: Study) -> None:
    lead = study.open("codebook/")
    lead.get_by_role("listitem").filter(has=lead.get_by_role("heading", name="Five short questions")).get_by_role(
        "button"
    ).click()
    expect(lead.locator("h1")).to_contain_text("Five short questions")


def open_round(study: Study, name: str, purpose: str, *, deal: str, number: str = "", double: str = "") -> None:
    lead = study.open("rounds/new/")
    lead.get_by_label("Name", exact=True).fill(name)
    lead.get_by_label("Purpose").select_option(purpose)
    if number:
        lead.get_by_label("This many, at random:").check()
        lead.get_by_label("Number of articles").fill(number)
    lead.locator(f"input[name=deal][value={deal}]").check()
    if double:
        lead.get_by_label("Share labelled twice in per cent").fill(double)
    lead.get_by_role("button", name="Look at the draw").click()
    expect(lead.locator("#drawn table").first).to_contain_text("ann-3")
    lead.get_by_role("button", name="Open the round").click()
    expect(lead.get_by_role("heading", name=name)).to_be_visible()


def label(study: Study, name: str, keys: str) -> int:
    """Answer the first question on each sentence of all articles that wait, `keys` by turns; how many articles."""
    page, articles = study.people[name], 0
    while True:
        page.goto(f"{study.live}{ADDRESS}/code/")
        if page.locator(".empty h1").is_visible():
            expect(page.locator("h1")).to_have_text("All done")
            return articles
        expect(page.locator("li.unit.here")).to_be_visible()
        share = Assignment.objects.get(pk=int(urlsplit(page.url).path.split("/")[-2]))
        for number in range(share.units_total):
            page.keyboard.press(keys[number % len(keys)])
            page.keyboard.press("]")
        expect(page.locator("#finished")).to_be_visible()
        expect(page.locator("#save")).to_have_text("Saved")
        articles += 1


def close(study: Study, name: str) -> None:
    lead = study.open("rounds/")
    lead.get_by_role("region", name=name).get_by_role("button", name="Close").click()
    expect(lead.get_by_role("button", name="Open again")).to_be_visible()


def revise_a_value(study: Study) -> None:
    lead = study.open("codebook/")
    lead.get_by_role("button", name="Edit in a new draft").click()
    lead.get_by_role("link", name="Voice").click()
    lead.locator("#values\\.2 > summary").click()
    lead.locator("#values\\.2\\.definition").fill("Somebody else says it, in the words of the outlet.")
    lead.keyboard.press("Tab")
    expect(lead.locator("#saved")).to_have_text("Draft saved")
    lead.get_by_role("button", name="Publish version 2").click()
    lead.wait_for_url("**/codebook/")


def read_agreement(study: Study) -> None:
    lead = study.open("agreement/")
    expect(lead.locator("h1")).to_contain_text("reliable")
    expect(lead.get_by_role("row", name="Voice").first).to_be_visible()


def settle(study: Study, name: str) -> int:
    """The adjudicator decides every sentence on which answers differ: by turns by a value's key and by a letter."""
    vera = study.people["vera"]
    vera.goto(f"{study.live}{ADDRESS}/adjudication/")
    vera.get_by_label("Round", exact=True).select_option(label=name)
    vera.wait_for_url("**round=**")
    expect(vera.locator("#decide")).to_be_visible()
    decided = 0
    while vera.locator("#decide").is_visible():
        before = vera.locator("#decide input[name=at]").input_value()
        vera.keyboard.press(("r", "Shift+A")[decided % 2])
        expect(vera.locator(f"#decide input[name=at][value='{before}']")).to_have_count(0)
        decided += 1
    expect(vera.get_by_role("heading", name="All settled here")).to_be_visible()
    assert Decision.objects.count() == decided
    return decided


def export(study: Study, round: str, table: str) -> list[dict[str, str]]:
    lead = study.open("export/")
    form = lead.get_by_role("region", name="A table")
    form.get_by_label("Table").select_option(table)
    form.get_by_text("Only some rounds").click()
    form.get_by_role("checkbox", name=round, exact=True).check()
    with lead.expect_download() as download:
        form.get_by_role("button", name="Download").click()
    return list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(), newline="")))
