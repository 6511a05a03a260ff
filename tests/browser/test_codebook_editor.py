"""The codebook editor from the keyboard alone, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from projects.models import CodebookVersion
from projects.queries.codebooks import newest_published
from tests import make
from tests.browser.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_lead_writes_and_publishes_a_question_with_the_keyboard_alone(page: Page, live: str, sign_in: SignIn) -> None:
    lead = make.project()
    make.codebook(lead)
    sign_in(page, lead.user.username)
    keys = page.keyboard
    page.goto(f"{live}/p/{lead.project.slug}/codebook/")
    tab_to(page, "Edit in a new draft")
    keys.press("Enter")
    page.wait_for_url("**/2/edit/")
    tab_to(page, "New question")
    keys.type("Mood of the crowd")
    keys.press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    for value in ("Calm", "Angry"):
        tab_to(page, "New value")
        keys.type(value)
        keys.press("Enter")
        expect(page.locator("#values\\.new")).to_be_focused()
        expect(page.locator(".values b").last).to_have_text(value)
    tab_to(page, "Angry")
    keys.press("Enter")
    tab_to(page, "Move Angry up")
    keys.press("Enter")
    expect(page.locator(".values b").first).to_have_text("Angry")
    expect(page.locator("#values\\.0\\.down")).to_be_focused()
    tab_to(page, "Question to annotators")
    keys.type("How is the crowd?")
    keys.press("Tab")
    expect(page.locator("#saved")).to_have_text("Draft saved")
    expect(page.locator("#preview legend")).to_have_text("How is the crowd?")
    expect(page.locator("#preview .choice").first).to_contain_text("Angry")
    tab_to(page, "Publish version 2")
    keys.press("Enter")
    page.wait_for_url("**/codebook/")
    asked = newest_published(lead.project_id).document["variables"][-1]
    assert asked == {
        "key": "mood_of_the_crowd",
        "label": "Mood of the crowd",
        "type": "single",
        "scope": "sentence",
        "question": "How is the crowd?",
        "values": [{"key": "angry", "label": "Angry"}, {"key": "calm", "label": "Calm"}],
    }


def test_what_is_typed_last_is_saved_before_the_page_goes_on(page: Page, live: str, sign_in: SignIn) -> None:
    """A button and a link pressed out of a field: the save on its way is no other editor to the next one."""
    open_stance(page, live, sign_in)
    page.locator("#definition").fill("First.")
    page.get_by_role("button", name="Move down").click()
    page.wait_for_url("**#act-down")
    page.locator("#coding_rule").fill("Second.")
    page.get_by_role("link", name="Tone").click()
    expect(page.locator("h2.big")).to_have_text("Tone")
    stance = next(v for v in CodebookVersion.objects.get(number=2).document["variables"] if v["key"] == "stance")
    assert (stance["definition"], stance["coding_rule"]) == ("First.", "Second.")


def test_no_save_is_claimed_that_was_not_made(page: Page, live: str, sign_in: SignIn) -> None:
    open_stance(page, live, sign_in)
    page.context.set_offline(True)
    page.locator("#definition").fill("First.")
    expect(page.locator("#saved")).to_have_text("Not saved yet")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_contain_text("the server can’t be reached")
    page.context.set_offline(False)
    page.locator("#coding_rule").fill("Second.")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_have_text("Draft saved")
    stance = CodebookVersion.objects.get(number=2).document["variables"][1]
    assert (stance["definition"], stance["coding_rule"]) == ("First.", "Second.")
    other = CodebookVersion.objects.get(number=2)
    other.document_sha256 = "0" * 64
    other.save()
    page.locator("#definition").fill("Third.")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_contain_text("somebody else changed this draft")
    expect(page.locator("#definition")).to_have_value("Third.")


def open_stance(page: Page, live: str, sign_in: SignIn) -> None:
    """The question “Stance” in a new draft."""
    lead = make.project()
    make.codebook(lead)
    sign_in(page, lead.user.username)
    page.goto(f"{live}/p/{lead.project.slug}/codebook/")
    page.get_by_role("button", name="Edit in a new draft").click()
    page.get_by_role("link", name="Stance").click()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element of this name has the focus."""
    at = "document.activeElement"
    script = f"() => [{at}.ariaLabel, {at}.labels?.[0]?.textContent, {at}.querySelector('b')?.textContent,"
    script += f" {at}.textContent.trim()]"
    for _ in range(120):
        page.keyboard.press("Tab")
        if name in page.evaluate(script):
            return
    pytest.fail(f"{name} is not reached by Tab")
