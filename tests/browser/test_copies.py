"""The list of articles and the page of copies, driven by the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from projects.models import Article
from tests import make
from tests.browser.conftest import SignIn
from tests.services.test_duplicates import cut, story

pytestmark = pytest.mark.django_db(transaction=True)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(e => (e.ariaLabel || e.labels?.[0]?.innerText || e.textContent || '').trim())(document.activeElement)"
        )
        if str(focused).startswith(name):
            return
    raise AssertionError(f"Tab never came to “{name}”.")


def test_articles_are_found_ticked_dropped_and_brought_back_without_a_mouse(
    page: Page, live: str, sign_in: SignIn
) -> None:
    lead = make.project()
    for name in ("Ferry", "Bridge", "Harbour"):
        make.article(lead, f"{name} story\n\nIt rained.", name)
    assert lead.user is not None
    sign_in(page, lead.user.username)
    page.goto(f"{live}/p/{lead.project.slug}/articles/")
    tab_to(page, "Find in titles")
    page.keyboard.type("story")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=story**")
    tab_to(page, "Tick: Bridge story")
    page.keyboard.press("Space")
    tab_to(page, "Move to the trash")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 article is in the trash.")).to_be_visible()
    assert Article.objects.filter(deleted_at=None).count() == 2
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(page.get_by_text("That is undone.")).to_be_visible()
    assert "q=story" in page.url
    assert Article.objects.filter(deleted_at=None).count() == 3


def test_copies_are_looked_for_and_linked_without_a_mouse(page: Page, live: str, sign_in: SignIn) -> None:
    lead = make.project()
    original, copy = make.article(lead, story(1)), make.article(lead, cut(story(1)), "cut")
    assert lead.user is not None
    sign_in(page, lead.user.username)
    page.goto(f"{live}/p/{lead.project.slug}/articles/")
    tab_to(page, "Copies")
    page.keyboard.press("Enter")
    page.wait_for_url("**/duplicates/")
    tab_to(page, "Look for copies")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="One article may be a copy")).to_be_visible()
    tab_to(page, "Link: label once: cut")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 copy is linked: it is labelled once, as its original.")).to_be_visible()
    copy.refresh_from_db()
    assert copy.linked_to_id == original.pk
