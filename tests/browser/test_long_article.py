"""An article too long to draw at once: it opens at the sentence in hand, and the rest follows without moving it."""

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.browser.coding import Screen
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.django_db(transaction=True)]

SENTENCES, FIRST, FAR = 899, 1, 700
# Keeps the other rows back until they are let go.
HELD = "window.requestIdleCallback = (work) => (window.drawRest = work)"
TOP = "document.querySelector('.unit.here').getBoundingClientRect().top"


@pytest.fixture
def screen(page: Page, live: str, sign_in: SignIn) -> Screen:
    study = make.study(1, [" ".join(f"Shop {number} on the long quay closed." for number in range(SENTENCES))])
    sign_in(page, study.members[0].user.username)
    page.add_init_script(HELD)
    return Screen(page, live, study, study.assignment())


def drawn(screen: Screen) -> int:
    return screen.page.locator(".unit").evaluate_all("rows => rows.filter((row) => row.offsetParent).length")


def draw_rest(screen: Screen) -> None:
    screen.page.evaluate("() => { while (document.querySelector('.units.long')) window.drawRest() }")


@pytest.mark.parametrize("sentence", [FIRST, FAR])
def test_the_sentence_in_hand_is_drawn_first_and_stays_where_it_is(screen: Screen, sentence: int) -> None:
    screen.open(sentence).here(sentence)
    assert drawn(screen) < SENTENCES / 2
    before = screen.page.evaluate(TOP)
    draw_rest(screen)
    assert drawn(screen) >= SENTENCES
    assert screen.page.evaluate(TOP) == pytest.approx(before, abs=1)


def test_a_place_that_is_not_drawn_yet_can_be_found_and_answered(screen: Screen) -> None:
    screen.open().press("/")
    screen.page.keyboard.type(f"Shop {FAR - 1} ")
    screen.here(FAR)
    screen.press("Escape", "0").here(FAR + 1)
    screen.saved()
    for sentence in (FAR, FAR + 1, FAR + 30):
        expect(screen.page.locator(f"#u{sentence} .text")).to_be_visible()
    draw_rest(screen)
    expect(screen.page.locator(f"#u{FAR + 1} .text")).to_be_in_viewport()


def test_sentences_share_a_segment_of_the_map(screen: Screen) -> None:
    screen.open()
    segments = screen.page.locator("#map rect")
    # The article as a whole is a unit, too.
    assert segments.count() == (SENTENCES + 1) / 3
    expect(segments.first).to_have_class("map-here")
    screen.press("0", "0").here(3)
    expect(segments.first).to_have_class("map-here")
    screen.press("0").here(4)
    expect(segments.nth(1)).to_have_class("map-here")
    expect(segments.first).to_have_class("map-done")
    screen.saved()
    screen.open(10)
    expect(segments.first).to_have_class("map-done")
    expect(segments.nth(3)).to_have_class("map-here")
