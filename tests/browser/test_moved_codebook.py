"""What a later codebook left to an annotator: split values asked again by key, retired ones named and kept."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import make, moved
from tests.browser.coding import MAYOR, Screen

pytestmark = [pytest.mark.django_db(transaction=True)]
SignIn = Callable[[Page, str], None]
LATER = moved.later({"stance": {"values.for": ["against", "neutral"]}, "side": {"values.town": None}})


@pytest.fixture
def study() -> make.Study:
    study = make.study(annotators=1)
    for variable, value in {"attribution": [MAYOR], "stance": "for", "side": ["town"]}.items():
        make.label(study.assignment(), study.units()[0], variable, value)  # type: ignore[arg-type]
    return study


@pytest.fixture
def screen(page: Page, live: str, sign_in: SignIn, study: make.Study) -> Screen:
    assert study.members[0].user is not None
    sign_in(page, study.members[0].user.username)
    return Screen(page, live, study, study.assignment())


def key_of(screen: Screen, variable: str, value: str) -> str:
    option = screen.page.locator(f'.ask[data-variable="{variable}"] [data-value="{value}"]')
    return str(option.get_attribute("data-key"))


def test_a_split_value_is_asked_again_and_a_retired_one_stays_in_its_set(screen: Screen, study: make.Study) -> None:
    moved.move(study, LATER)
    unit = study.units()[0]
    screen.open(unit.index)
    expect(screen.page.locator("#waiting")).to_contain_text("You had answered: For on")
    screen.press(key_of(screen, "stance", "neutral"))
    screen.saved()
    assert moved.said(study, unit, "stance") == ("neutral", False)
    asked = screen.open(unit.index).page.locator('.ask[data-variable="side"] .asked')
    expect(asked).to_contain_text("Town")
    asked.click()
    screen.press(f"Shift+{key_of(screen, 'side', 'army').upper()}", "Enter")
    screen.saved()
    assert moved.said(study, unit, "side") == (["town", "army"], False)
    assert moved.is_sound()


def test_a_page_that_was_open_tells_of_the_other_codebook(screen: Screen, study: make.Study) -> None:
    screen.open(study.units()[1].index)
    moved.move(study, LATER)
    screen.press("0")
    notice = screen.page.locator("#mended")
    expect(notice).to_contain_text("changed the codebook of this round meanwhile")
    notice.get_by_role("link").click()
    expect(screen.page.locator("#asking")).to_have_attribute("data-codebook", "2")
