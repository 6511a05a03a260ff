"""The coding screen in odd orders: a note while moving on, marks taken away, a second source undecided."""

import pytest
from playwright.sync_api import Page, expect

from annotator.models import Event, Note
from tests import make
from tests.browser.coding import MAYOR, Screen, answer
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.django_db(transaction=True)]


def focused(screen: Screen) -> str:
    return str(screen.page.evaluate("document.activeElement.textContent.trim().split(/\\s+/)[0]"))


def test_a_note_stays_with_its_sentence(screen: Screen) -> None:
    screen.press(",")
    screen.page.keyboard.type("Of the first")
    screen.page.locator("#u2 .text").click()
    expect(screen.page.locator("#noting")).to_be_hidden()
    screen.press(",").press("Escape", "ArrowLeft", ",")
    expect(screen.page.locator("#note-text")).to_have_value("Of the first")
    screen.press("Tab")
    assert focused(screen) == "Send"
    screen.press("Enter")
    screen.saved()
    assert [(note.unit.index, note.text) for note in Note.objects.all()] == [(1, "Of the first")]
    expect(screen.page.locator("#noting")).to_be_hidden()


def test_search_is_closed_by_the_button_that_opens_it(screen: Screen) -> None:
    find = screen.page.get_by_role("button", name="Find")
    find.click()
    expect(screen.page.locator("#find-text")).to_be_focused()
    find.click()
    expect(screen.page.locator("#find")).to_be_hidden()
    screen.press("0").here(2)


def test_tab_stays_in_the_list_of_keys(screen: Screen) -> None:
    screen.press("?", "Tab", "Tab")
    expect(screen.page.locator("select[data-layout=text]")).to_be_focused()
    screen.press("Escape").question("Attribution")
    expect(screen.page.locator("#keys")).to_be_hidden()


def test_marks_are_taken_away_one_by_one_with_the_mouse(screen: Screen) -> None:
    screen.press("ArrowRight", "Space", "n", "ArrowRight", "p", "ArrowRight", "n")
    remove = screen.page.locator(".marks [data-remove]")
    remove.first.click()
    expect(remove).to_have_count(2)
    screen.press("ArrowRight", "p")
    remove.first.click()
    screen.saved()
    assert [span["quote"] for span in answer(screen, 2, "framing")] == ["blamed", "the"]  # type: ignore[attr-defined]


def test_what_is_asked_of_a_mark_is_answered_by_key(page: Page, live: str, sign_in: SignIn) -> None:
    attributes: list[make.Json] = [
        {"key": "force", "label": "Force", "type": "single", "values": ["weak", "strong"]},
        {"key": "quoted", "label": "Quoted", "type": "bool"},
    ]
    spans: dict[str, make.Json] = {"type": "span", "values": [{"key": "praise", "label": "Praise", "shortcut": "p"}]}
    framing = spans | {"key": "framing", "label": "Framing", "span_attributes": attributes}
    study = make.study(1, document=make.CODEBOOK | {"variables": [framing]})
    sign_in(page, study.members[0].user.username)
    screen = Screen(page, live, study, study.assignment()).open(2)
    screen.press("p", "ArrowRight", "p", ";", "s", "Tab", "y", "Escape", "ArrowRight", "p")
    screen.saved()
    first, second, third = answer(screen, 2, "framing")  # type: ignore[misc]
    assert second["attributes"] == {"force": "strong", "quoted": True}
    assert [span.get("attributes") or {} for span in (first, third)] == [{}, {}]


@pytest.mark.parametrize("key", ["0", "-"])
def test_a_second_source_left_open_drops_no_other(screen: Screen, key: str) -> None:
    screen.press("m", "i", "a", "ArrowLeft", "Shift+Space", key).here(1)
    expect(screen.page.locator("#messages")).to_contain_text("another source")
    screen.press("r", "d", "n").here(2)
    screen.saved()
    assert answer(screen, 1) == [MAYOR, {"source": "residents", "manner": "direct", "stance": "neutral", "spans": []}]
    assert Event.objects.count() == 6
