"""The report in the browser, from the keyboard: a cell, a sentence, an act, another part, values merged in thought."""

import pytest
from playwright.sync_api import Page, expect

from annotator.models import QueuedUnit
from annotator.services.demo import Demo
from projects.models import CodebookVersion
from tests.browser.test_accessibility import demo, faults, opened, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["demo", "opened"]


def test_from_a_number_to_its_sentences_and_on(opened: Page, live: str, demo: Demo) -> None:
    sign_in(opened, live, "nadia")
    opened.goto(f"{live}/p/demo/agreement/?variable=claim_status")
    cell = opened.locator("#cell-2-1")
    pairs = cell.inner_text().split()[0]
    cell.focus()
    opened.keyboard.press("Enter")
    expect(opened.locator("#pairs h4")).to_contain_text(f"{pairs} pairs")
    expect(opened.locator("#cell-2-1[aria-current]")).to_be_focused()
    first = opened.locator("#pairs > ol > li").first
    first.get_by_text("Counter-example").focus()
    opened.keyboard.press("Enter")
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    expect(first.get_by_role("status")).to_contain_text("draft 2")
    first.get_by_role("button", name="To adjudication").click()
    expect(first.get_by_text("Waits for adjudication.")).to_be_visible()
    assert (QueuedUnit.objects.count(), CodebookVersion.objects.filter(state="draft").count()) == (1, 1)
    now = opened.locator("#what-if [role=status] b")
    now.scroll_into_view_if_needed()
    before = now.inner_text()
    opened.get_by_label("Contested").focus()
    opened.keyboard.press("Space")
    expect(now).not_to_have_text(before)
    expect(opened.get_by_label("Contested")).to_be_focused()
    opened.locator("#by").scroll_into_view_if_needed()
    opened.get_by_label("by", exact=True).select_option("kind")
    expect(opened.locator("#by tbody th").first).not_to_contain_text("ann-")
    first.locator("summary").first.click()
    found = faults(opened, "report with a cell open")
    opened.goto(f"{live}/p/demo/agreement/breakdown/?variable=claim_status&by=fifth")
    opened.locator("#by svg circle").nth(5).wait_for()
    found += faults(opened, "a part as a page of its own")
    assert not found
