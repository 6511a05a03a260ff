"""axe finds nothing in any state that annotators meet on the coding screen, beside those that other tests look at."""

import pytest
from playwright.sync_api import expect

from tests.browser.coding import Screen
from tests.browser.test_accessibility import faults

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_while_answering(screen: Screen) -> None:
    found = []
    screen.press("m", "i", "a", "ArrowLeft", "Shift+Space", "r", "d", "n", "ArrowLeft")
    found += faults(screen.page, "two sources")
    screen.page.locator(".asked", has_text="Sides named").click()
    screen.press("Shift+A")
    found += faults(screen.page, "several")
    for question, wrong in (("Weight", "200"), ("Remark", "odd")):
        screen.page.locator(".asked", has_text=question).click()
        screen.page.keyboard.type(wrong)
        screen.press("Enter")
        found += faults(screen.page, question)
    screen.press("Escape", "Space", "ArrowRight", "n", "Tab", "ArrowRight", "c")
    found += faults(screen.page, "marked words")
    assert not found, "\n".join(found)


def test_while_nothing_gets_through(screen: Screen) -> None:
    screen.page.context.set_offline(True)
    screen.press("0").state("Offline, 1 kept here")
    found = faults(screen.page, "offline")
    screen.page.context.clear_cookies(name="sessionid")
    screen.page.context.set_offline(False)
    screen.state("Signed out, 1 kept here")
    found += faults(screen.page, "signed out")
    assert not found, "\n".join(found)


def test_at_the_end(screen: Screen) -> None:
    screen.press("ArrowRight", "0", "0", "0", "0", "ArrowRight")
    expect(screen.page.locator("#last")).to_be_visible()
    found = faults(screen.page, "end of an unfinished article")
    screen.press("Enter", "0", "c")
    expect(screen.page.locator("#finished")).to_be_visible()
    found += faults(screen.page, "finished")
    assert not found, "\n".join(found)
