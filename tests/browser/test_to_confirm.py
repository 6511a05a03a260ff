"""What a mended boundary left to its annotator: shown in words, confirmed with a key, never counted before."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotator.core.mending import Merge, Split
from annotator.models import Label
from tests import make, mended
from tests.browser.coding import MAYOR, Screen

pytestmark = [pytest.mark.django_db(transaction=True)]
SignIn = Callable[[Page, str], None]
SPLIT, SECOND, THIRD = 2, 3, 4


@pytest.fixture
def study() -> make.Study:
    """Everything is answered; then the second sentence is split, and the two after it are merged."""
    study = make.study(annotators=1, texts=[mended.TEXT])
    for unit in study.units():
        make.label(study.assignment(), unit, "attribution", [MAYOR] if unit.index != SECOND else [])
    starts = {unit.index: unit.start for unit in study.units()}
    mended.mend(study, Split(mended.TEXT.index("regime")), Merge(starts[THIRD]))
    return study


@pytest.fixture
def screen(page: Page, live: str, sign_in: SignIn, study: make.Study) -> Screen:
    sign_in(page, study.members[0].user.username)
    return Screen(page, live, study, study.assignment()).open()


def waits(screen: Screen, sentence: int) -> None:
    expect(screen.page.locator(f"#u{sentence} .answers")).to_contain_text("to confirm")


def test_enter_keeps_what_came_along_and_goes_on_to_what_waits_next(screen: Screen, study: make.Study) -> None:
    screen.here(SPLIT)
    waits(screen, SPLIT)
    waits(screen, SPLIT + 1)
    expect(screen.page.locator("#waiting")).to_contain_text("Mayor, Indirect, Accusing")
    screen.press("Enter").here(SPLIT + 1)
    screen.press("m").question("How do the words come in?")
    screen.press("]").here(SPLIT + 2)
    screen.saved()
    assert mended.said(study, SPLIT, "attribution") == ([MAYOR], False)
    assert mended.said(study, SPLIT + 1, "attribution") == ([MAYOR], False)
    expect(screen.page.locator("#progress")).to_have_text("9 of 10 sentences")


def test_on_a_phone_the_button_that_keeps_the_answer_is_in_sight(screen: Screen) -> None:
    screen.page.set_viewport_size({"width": 390, "height": 844})
    screen.page.reload()
    screen.here(SPLIT)
    expect(screen.page.get_by_role("button", name="Keep this answer")).to_be_in_viewport()


def test_a_merged_question_tells_the_answers_before(screen: Screen, study: make.Study) -> None:
    screen.press("]", "]").here(SPLIT + 2)
    shown = screen.page.locator("#waiting")
    expect(shown).to_contain_text("You had answered: Narrator on “Engineers checked every pillar.”")
    expect(shown).to_contain_text("You had answered: Mayor, Indirect, Accusing on “Nobody was hurt")
    screen.press("0").here(SPLIT + 3)
    screen.saved()
    assert mended.said(study, SPLIT + 2, "attribution") == ([], False)


def test_an_undo_takes_the_confirmation_back(screen: Screen, study: make.Study) -> None:
    screen.press("Enter").here(SPLIT + 1)
    screen.press("Backspace").here(SPLIT)
    screen.saved()
    assert mended.said(study, SPLIT, "attribution") is None
    assert Label.objects.filter(value__isnull=True, to_confirm=False).count() == 1


def test_the_mouse_keeps_it_too(screen: Screen, study: make.Study) -> None:
    screen.page.get_by_role("button", name="Keep this answer").click()
    screen.here(SPLIT + 1)
    screen.saved()
    assert mended.said(study, SPLIT, "attribution") == ([MAYOR], False)


def test_a_page_that_was_open_tells_of_the_mending(screen: Screen, study: make.Study) -> None:
    notice = screen.page.locator("#mended")
    expect(notice).to_be_hidden()
    mended.undo(study)
    screen.press("Enter")
    expect(notice).to_contain_text("Your answers are kept")
    notice.get_by_role("link").click()
    expect(screen.page.locator(f"#u{SPLIT} .text")).to_contain_text("for the delay.")


def test_axe_finds_nothing(screen: Screen) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for keys in ((), ("]", "]")):
        screen.press(*keys)
        found = Axe().run(screen.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, json.dumps(found.response["violations"], indent=1)[:3000]
