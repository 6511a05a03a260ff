"""The codebook editor from the keyboard alone, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, Request, ViewportSize, expect

from projects.models import CodebookVersion
from projects.queries.codebooks import newest_published
from tests import make
from tests.browser.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)
TALL = ViewportSize(width=1280, height=1600)


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


def open_stance(page: Page, live: str, sign_in: SignIn, size: ViewportSize | None = None) -> None:
    """The question “Stance” in a new draft."""
    if size:
        page.set_viewport_size(size)
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


def test_values_and_questions_are_dragged_into_order(page: Page, live: str, sign_in: SignIn) -> None:
    open_stance(page, live, sign_in, TALL)
    shown, posts = page.locator(".values b"), sent_acts(page)
    page.locator("#values\\.2 > summary").click()
    page.locator("#values\\.2\\.definition").fill("It says yes.")
    drag(page, "#values-list > [data-at='2']", "#values-list > [data-at='0']", up=True)
    expect(page.locator("#values\\.0\\.definition")).to_have_value("It says yes.")
    expect(shown).to_have_text(["For", "Against", "Neutral"])
    expect(page.locator("#values-list details[open] b")).to_have_text("For")
    expect(page.locator("#preview .choice").first).to_contain_text("For")
    drag(page, "#questions [data-at='1']", "#questions [data-at='3']", up=False)
    expect(page.locator("#questions a[aria-current]")).to_have_id("to-3")
    page.locator("#coding_rule").fill("Of the writer.")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_have_text("Draft saved")
    assert [act for act in posts if act] == ["move values 2 before 0", "move variables 1 after 3"]
    stance = CodebookVersion.objects.get(number=2).document["variables"][3]
    assert stance["coding_rule"] == "Of the writer."
    assert [value["key"] for value in stance["values"]] == ["for", "against", "neutral"]


def test_a_row_goes_back_with_escape_and_where_it_was_not_saved(page: Page, live: str, sign_in: SignIn) -> None:
    open_stance(page, live, sign_in, TALL)
    shown = page.locator(".values b")
    drag(page, "#values-list > [data-at='2']", "#values-list > [data-at='0']", up=True, drop=False)
    expect(shown.first).to_have_text("For")
    page.keyboard.press("Escape")
    expect(shown.first).to_have_text("Against")
    page.mouse.up()
    page.context.set_offline(True)
    drag(page, "#values-list > [data-at='2']", "#values-list > [data-at='0']", up=True)
    expect(page.locator("#saved")).to_contain_text("the server can’t be reached")
    expect(shown).to_have_text(["Against", "Neutral", "For"])


def test_a_finger_drags_too(page: Page, live: str, sign_in: SignIn) -> None:
    open_stance(page, live, sign_in, TALL)
    start, end = (page.locator(f"#values-list > [data-at='{at}'] > .grip").bounding_box() for at in (0, 2))
    assert start
    assert end
    finger, x = page.context.new_cdp_session(page), start["x"] + 8
    for kind, y in (("Start", start["y"]), ("Move", end["y"]), ("Move", end["y"] + end["height"]), ("End", None)):
        points = [] if y is None else [{"x": x, "y": y + 10}]
        finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    expect(page.locator("#preview .choice").last).to_contain_text("Against")
    expect(page.locator(".values b")).to_have_text(["Neutral", "For", "Against"])


def test_two_values_on_one_key_are_told_while_the_key_is_typed(page: Page, live: str, sign_in: SignIn) -> None:
    open_stance(page, live, sign_in)
    for number, key in enumerate("ax"):
        page.locator(f"#values\\.{number} > summary").click()
        page.locator(f"#values\\.{number}\\.shortcut").fill(key)
    typed, told = page.locator("#values\\.1\\.shortcut"), page.locator("#values\\.1\\.shortcut-wrong")
    typed.fill("A")
    expect(told).to_have_text("“a” is already the key of Against.")
    expect(typed).to_have_attribute("aria-invalid", "true")
    typed.fill("n")
    expect(told).to_be_empty()
    page.locator("#values\\.1 label[title=orange] input").check()
    expect(page.locator("#saved")).to_have_text("Draft saved")
    expect(typed).not_to_have_attribute("aria-invalid", "true")
    value = CodebookVersion.objects.get(number=2).document["variables"][1]["values"][1]
    assert (value["shortcut"], value["colour"]) == ("n", 2)


def drag(page: Page, row: str, beside: str, *, up: bool, drop: bool = True) -> None:
    """Take a row by its grip and let it go past the middle of another."""
    grip, other = page.locator(f"{row} > .grip"), page.locator(beside)
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), other.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 5, end["y"] + (2 if up else end["height"] - 2), steps=6)
    if drop:
        page.mouse.up()


def sent_acts(page: Page) -> list[str]:
    """The acts of the forms that are posted from now on, empty for those without."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            acts = re.findall(r'name="act"\s+([^\r\n]*)', request.post_data or "")
            found.append(acts[0] if acts else "")

    page.on("request", note)
    return found
