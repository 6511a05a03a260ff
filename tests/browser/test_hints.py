"""Hints on the coding screen: seen, taken and dismissed by key, and logged; none where the round has none."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotator.models import HintEvent, Label
from tests.browser.coding import Screen, answer
from tests.browser.conftest import SignIn
from tests.services.test_hints import hinted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hinting(page: Page, live: str, sign_in: SignIn) -> Screen:
    """Before "The mayor blamed the regime for the delay." with hints on."""
    study = hinted()
    sign_in(page, study.members[0].user.username)
    return Screen(page, live, study, study.assignment()).open(2)


def dotted(screen: Screen) -> list[str]:
    return screen.page.locator(".unit.here .hint").all_text_contents()


def logged(screen: Screen, act: str, *words: str) -> None:
    """These words have acts of this kind, in this order, soon after the page was left."""
    screen.page.goto("about:blank")
    text = screen.assignment.text_version.text
    for _ in range(50):
        found = [text[event.start : event.end] for event in HintEvent.objects.filter(act=act)]
        if found == list(words):
            return
        screen.page.wait_for_timeout(100)
    assert found == list(words)


def wait_for(page: Page, act: Callable[[], object]) -> None:
    """Act, and wait until the log was taken."""
    with page.expect_response(lambda response: response.url.endswith("/hints/")) as answered:
        act()
    assert answered.value.status == 204


def test_hints_stand_under_the_current_sentence_alone_and_answer_nothing(hinting: Screen) -> None:
    wait_for(hinting.page, lambda: expect(hinting.page.locator(".hint")).to_have_count(3))
    assert dotted(hinting) == ["The mayor", "blamed", "regime"]
    hinting.press("ArrowRight").here(3)
    assert dotted(hinting) == []
    assert not Label.objects.exists()
    logged(hinting, "shown", "The mayor", "blamed", "regime")


def test_enter_takes_the_source_and_the_stance_that_are_suggested(hinting: Screen) -> None:
    expect(hinting.page.locator(".choice:has(:focus)")).to_contain_text("The mayor")
    hinting.press("Enter", "Enter", "Enter").here(3)
    hinting.saved()
    assert answer(hinting, 2) == [{"source": "mayor", "manner": "indirect", "stance": "accusing", "spans": []}]
    logged(hinting, "accepted", "The mayor", "blamed", "blamed")


def test_with_the_pen_down_enter_marks_the_words_of_the_hint(hinting: Screen) -> None:
    hinting.press(" ")
    expect(hinting.page.locator(".choice:has(:focus)")).to_contain_text("Naming state")
    hinting.press("Enter")
    expect(hinting.page.locator(".unit.here mark")).to_have_text("regime")
    hinting.saved()
    (span,) = answer(hinting, 2, "framing")
    assert (span["quote"], span["value"]) == ("regime", "naming_state")
    logged(hinting, "accepted", "regime")


def test_a_word_without_a_hint_is_marked_by_its_key_only(hinting: Screen) -> None:
    hinting.press(" ", "ArrowLeft", "Enter")
    expect(hinting.page.locator(".unit.here.marking")).to_have_count(0)
    assert not Label.objects.exists()


def test_a_dismissed_hint_stays_away(hinting: Screen) -> None:
    hinting.press(" ")
    wait_for(hinting.page, lambda: hinting.press("Shift+Delete"))
    assert dotted(hinting) == ["The mayor", "blamed"]
    hinting.open(2)
    assert dotted(hinting) == ["The mayor", "blamed"]
    hinting.press("Shift+Delete")
    expect(hinting.page.locator(".choice:has(:focus)")).to_have_count(0)
    logged(hinting, "dismissed", "regime", "The mayor")
    assert not Label.objects.exists()


def test_a_round_without_hints_shows_and_suggests_none(screen: Screen) -> None:
    screen.open(2)
    assert dotted(screen) == []
    expect(screen.page.locator(".choice:has(:focus)")).to_have_count(0)
    assert not HintEvent.objects.exists()
