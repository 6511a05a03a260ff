"""The charts of a report: drawn under the strict policy, after the page, and given as files."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests import make
from tests.browser.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = "unit,Anna,Ben,Cem,Dana\n" + "".join(
    ",".join([f"u{unit}", *("yes" if unit % step else "no" for step in (3, 4, 5, 3))]) + "\n" for unit in range(40)
)


def test_charts_are_drawn_and_saved(page: Page, live: str, sign_in: SignIn, tmp_path: Path) -> None:
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", note)
    sign_in(page, make.user().username)
    page.goto(f"{live}/agreement/")
    asked = [script.get_attribute("src") or "" for script in page.locator("script").all()]
    assert not any("plot" in url for url in asked), "the libraries come with a report only"
    page.get_by_label("Table", exact=True).fill(TABLE)
    page.get_by_role("button", name="Calculate").click()
    shares = page.get_by_role("img", name="Share of each value")
    shares.locator("svg text", has_text="yes").wait_for()
    page.get_by_text("The tables as figures, to save").click()
    page.get_by_role("img", name="values against the rest").locator("svg circle").nth(1).wait_for()
    with page.expect_download() as told:
        page.get_by_role("button", name="Which answers each annotator gives").click()
    told.value.save_as(tmp_path / "chart.svg")
    drawing = ElementTree.fromstring((tmp_path / "chart.svg").read_text(encoding="utf-8"))
    assert drawing.tag.endswith("svg")
    assert "Dana" in "".join(drawing.itertext()) or "Cem" in "".join(drawing.itertext())
    assert "var(" not in (tmp_path / "chart.svg").read_text(encoding="utf-8"), "nothing is left to look up"
    assert complaints == []
