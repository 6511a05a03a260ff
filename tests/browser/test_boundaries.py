"""A lead mends an article at the keyboard, and once with the mouse."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from projects.models import Article, TextVersion
from projects.queries.texts import newest_text
from tests import make, mended
from tests.browser.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = """Bridge reopens after the flood

The mayor waited... Nobody 🌉 came to the old bridge. Residents said 🛶 the ferry had cost them dearly.

He met Mr. Reed et al. Nobody knows.
"""
ARABIC = """الجسر يفتح من جديد

وصلت الشاحنات 🚚 إلى المدينة أمس. لم يعرف أحد السبب.
"""


class Desk:
    """The lead before the boundaries of one article."""

    def __init__(self, page: Page, live: str, study: make.Study, article: int = 0) -> None:
        self.page, self.study = page, study
        self.address = f"{live}/p/{study.slug}/articles/{study.articles[article].pk}/boundaries/"

    def open(self) -> "Desk":
        self.page.goto(self.address)
        expect(self.current).to_be_focused()
        return self

    @property
    def current(self) -> Locator:
        return self.page.locator("#units > [aria-current]")

    def press(self, *keys: str) -> "Desk":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def changed(self, times: int) -> "Desk":
        said = {0: "No change yet", 1: "One change, not applied"}.get(times, f"{times} changes, not applied")
        expect(self.page.locator("#changes")).to_have_text(said)
        return self

    def words(self) -> list[str]:
        return self.page.locator("#units > .unit > .text").all_text_contents()

    def tab_to(self, name: str) -> "Desk":
        for _ in range(40):
            self.press("Tab")
            if self.page.evaluate("document.activeElement.textContent").strip() == name:
                return self
        raise AssertionError(name)


@pytest.fixture
def desk(page: Page, live: str, sign_in: SignIn) -> Desk:
    study = make.study(1, texts=[TEXT, ARABIC])
    assert study.lead.user is not None
    sign_in(page, study.lead.user.username)
    return Desk(page, live, study).open()


def text(desk: Desk) -> TextVersion:
    return newest_text(desk.study.articles[0])


def test_the_whole_of_it_by_keyboard(desk: Desk) -> None:
    before = mended.words(desk.study)
    expect(desk.current).to_contain_text("An ellipsis before a capital")
    desk.press("m").changed(1)
    expect(desk.current).to_contain_text("An abbreviation before a capital")
    desk.press("s")
    expect(desk.page.locator("#boundaries h1")).to_have_text("No doubtful boundary")
    desk.press("Shift+ArrowUp", "Home", *["ArrowRight"] * 3)
    expect(desk.current).to_contain_text("the ferry")
    desk.press("s").changed(2)
    assert desk.words()[2:4] == ["Residents said 🛶", "the ferry had cost them dearly."]
    desk.press("x").changed(3)
    expect(desk.current).to_contain_text("left out")
    desk.press("4").changed(4)
    expect(desk.current).to_have_class(re.compile("subhead"))
    desk.press("Backspace").changed(3).press("q").changed(4)
    expect(desk.current).to_have_class(re.compile("pullquote"))
    desk.press("Backspace").changed(3)
    desk.press("t")
    expect(desk.page.locator("#words")).to_be_focused()
    desk.page.keyboard.press("Control+A")
    desk.page.keyboard.type("the boat had cost them dearly.")
    desk.press("Control+Enter").changed(4)
    assert text(desk).number == 1
    desk.tab_to("Apply").press("Enter")
    expect(desk.page.get_by_role("status")).to_contain_text("The boundaries are mended.")
    assert mended.words(desk.study)[1] == "The mayor waited... Nobody 🌉 came to the old bridge."
    assert mended.words(desk.study)[2:4] == ["Residents said 🛶", "the boat had cost them dearly."]
    assert text(desk).number == 2
    desk.tab_to("Undo version 2").press("Enter")
    expect(desk.page.get_by_role("status")).to_contain_text("The mending is undone.")
    assert mended.words(desk.study) == before


def test_keys_typed_faster_than_the_server_answers_are_all_done(desk: Desk) -> None:
    desk.press("m", "m").changed(2)
    assert len(desk.words()) == len(mended.words(desk.study)) - 2


def test_a_click_sets_the_caret_and_a_button_splits(desk: Desk) -> None:
    unit = desk.page.locator("#units > .unit").nth(3)
    place = unit.locator(".text").evaluate(
        "(e) => { const r = document.createRange(); const at = e.textContent.indexOf('the ferry');"
        " r.setStart(e.firstChild, at); r.setEnd(e.firstChild, at + 1); const b = r.getBoundingClientRect();"
        " return [b.left + 1, b.top + b.height / 2]; }"
    )
    desk.page.mouse.click(*place)
    expect(desk.current).to_contain_text("the ferry")
    desk.page.get_by_role("button", name="Split at the caret").click()
    desk.changed(1)
    assert desk.words()[3:5] == ["Residents said 🛶", "the ferry had cost them dearly."]


def test_on_a_phone_apply_is_in_reach_beside_the_last_change(desk: Desk) -> None:
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.press("m").changed(1)
    apply = desk.page.locator(".acts-of-unit").get_by_role("button", name="Apply")
    expect(apply).to_be_in_viewport()
    apply.click()
    expect(desk.page.get_by_role("status")).to_contain_text("The boundaries are mended.")


def test_numbers_of_arabic_units_stand_on_the_right(page: Page, live: str, desk: Desk) -> None:
    Article.objects.filter(pk=desk.study.articles[1].pk).update(language="ar")
    arabic = Desk(page, live, desk.study, article=1).open()
    number, words = (arabic.page.locator(f"#u2 > {part}").bounding_box() for part in (".no", ".text"))
    assert number is not None
    assert words is not None
    assert number["x"] > words["x"]


def test_the_caret_follows_reading_direction_in_arabic(page: Page, live: str, desk: Desk) -> None:
    arabic = Desk(page, live, desk.study, article=1).open()
    arabic.press("Shift+ArrowDown", "ArrowLeft", "ArrowLeft", "ArrowLeft", "s").changed(1)
    assert arabic.words()[1:3] == ["وصلت الشاحنات 🚚", "إلى المدينة أمس."]


def test_leaving_with_unapplied_changes_warns(desk: Desk) -> None:
    asked = []
    desk.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    desk.press("m").changed(1)
    desk.page.get_by_role("link", name="Later").click()
    expect(desk.page.locator("#changes")).to_be_visible()
    assert asked == ["beforeunload"]
    desk.page.get_by_role("link", name="Discard all").click()
    desk.changed(0)
    assert asked == ["beforeunload"]


def test_a_server_that_does_not_answer_costs_nothing(desk: Desk) -> None:
    desk.press("m").changed(1)
    desk.page.context.set_offline(True)
    desk.press("s", "m")
    expect(desk.page.get_by_role("alert")).to_contain_text("did not reach the server")
    desk.page.wait_for_load_state("networkidle")  # the second key may have come after the first had failed
    desk.page.context.set_offline(False)
    desk.press("m").changed(2)


def test_a_session_that_ended_costs_nothing(desk: Desk) -> None:
    desk.press("m").changed(1)
    desk.page.context.clear_cookies(name="sessionid")
    desk.press("m")
    expect(desk.page.get_by_role("alert")).to_contain_text("did not reach the server")
    desk.changed(1)
    desk.page.get_by_role("button", name="Apply").click()
    desk.page.locator("input[name=username]").fill(desk.study.lead.user.username)
    desk.page.locator("input[name=password]").fill(make.PASSWORD)
    desk.page.locator("input[name=password]").press("Enter")
    desk.changed(1)
    assert text(desk).number == 1


def test_the_next_doubtful_place_may_be_on_another_page(page: Page, live: str, desk: Desk) -> None:
    lines = "\n".join(f"Ferry {n} left the harbour at noon." for n in range(120))
    asking = "They waited... Nobody came."
    desk.study.articles[0] = make.article(desk.study.lead, f"Ferries\n\n{asking}\n{lines}\n{asking}\n")
    long = Desk(page, live, desk.study).open()
    expect(long.current).to_contain_text("An ellipsis")
    long.press("ArrowDown")
    expect(long.page.locator("#units > .unit").first).to_have_id("u101")
    expect(long.current).to_contain_text("An ellipsis")
    long.press("m").changed(1)
    long.press("ArrowUp")
    expect(long.page.locator("#units > .unit").first).to_have_id("u1")
    long.changed(1)
    expect(long.current).to_contain_text("An ellipsis")
