"""The coding screen as it is read out, and read: what comes first, what is current, which way the lines run."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.browser.coding import Screen

pytestmark = [pytest.mark.django_db(transaction=True)]
SignIn = Callable[[Page, str], None]
ARABIC = "هدنة في المدينة\n\nقالت منظمة Amnesty International إن الهدنة انتهت.\n\nعاد الناس إلى البيوت.\n"
READ_OUT = """
- banner:
  - status: Saved
- main:
  - text: 1 of 5 sentences
  - heading "Bridge reopens after the flood" [level=1]
  - list:
    - listitem:
      - link "1"
      - paragraph: Bridge reopens after the flood
      - paragraph: Narrator no attribution
    - listitem:
      - link "2"
      - paragraph: The mayor blamed the regime for the delay.
    - listitem
    - listitem
    - listitem
    - listitem:
      - paragraph: The article as a whole
- complementary "Questions":
  - heading "A small codebook" [level=2]
  - form:
    - group /Attribution/:
      - radio "0 Nobody, the narrator"
      - radio "m Mayor"
      - radio "r Residents"
      - radio "a Army"
    - heading "Optional" [level=2]
    - button "Framing ␣"
  - region "Rule"
- contentinfo "Keys"
"""
# Where words of an unbroken text have their middle, from the left.
PLACES = """
(element, words) => {
  let text = element;
  while (text.firstChild) text = text.firstChild;
  return words.map((word) => {
    const range = document.createRange();
    range.setStart(text, text.data.indexOf(word));
    range.setEnd(text, text.data.indexOf(word) + word.length);
    const box = range.getBoundingClientRect();
    return box.x + box.width / 2;
  });
}
"""


def test_the_article_is_read_out_before_the_question_and_the_rule_after_it(screen: Screen) -> None:
    screen.press("0").saved()
    expect(screen.page.locator("body")).to_match_aria_snapshot(READ_OUT)


def test_the_sentence_in_hand_is_the_only_current_one(screen: Screen) -> None:
    current = screen.page.locator('.unit[aria-current="true"]')
    for number in (2, 3):
        screen.press("ArrowRight")
        expect(current).to_have_id(f"u{number}")
    expect(screen.page.locator("#questions")).to_be_focused()


def test_latin_names_in_an_arabic_sentence_keep_their_order(page: Page, live: str, sign_in: SignIn) -> None:
    study = make.study(1, [ARABIC])
    sign_in(page, study.members[0].user.username)
    screen = Screen(page, live, study, study.assignment()).open(1)
    words = ["قالت", "منظمة", "Amnesty", "International", "انتهت"]
    first, second, name, surname, last = page.locator("#u2 .text").evaluate(PLACES, words)
    assert first > second > surname > name > last
    # Marked from the keyboard, in the order of reading, it is still one line in the right order.
    screen.press("ArrowLeft", "Space", "ArrowLeft", "ArrowLeft", "Shift+ArrowLeft", "n").saved()
    expect(page.locator("#u2 mark.frame")).to_have_text("Amnesty International")
    name, surname = page.locator("#u2 mark.frame").evaluate(PLACES, words[2:4])
    assert name < surname


def test_the_sentence_and_the_question_in_hand_are_told(screen: Screen) -> None:
    told = screen.page.get_by_label("Questions").get_by_role("status")
    expect(told).to_have_text("1. Bridge reopens after the flood Attribution")
    screen.press("m")
    expect(told).to_have_text("How do the words come in?")
    screen.press("ArrowRight")
    expect(told).to_have_text("2. The mayor blamed the regime for the delay. Attribution")
    screen.press("]", *["ArrowRight"] * 6)
    expect(told).to_contain_text("End of the article")
