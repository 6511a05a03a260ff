"""The server is gone for minutes while an annotator works on: every choice arrives in the end, once, in order."""

import json
from itertools import cycle, islice
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests import make
from tests.browser.coding import Keyboard, enter, signed_in
from tests.site import site

QUESTIONS, SENTENCES = ("tone", "side", "trust"), 20
KEYS = {"low": "l", "middle": "m", "high": "h"}
BOOK = make.CODEBOOK | {"variables": [make.closed(question, **KEYS) for question in QUESTIONS]}
TEXT = "News of the harbour\n\n" + " ".join(f"Ship {number} came in." for number in range(2, SENTENCES + 1))
# What is chosen, in this order: sentence, question, value.
SCRIPT = [
    [sentence, question, value]
    for (sentence, question), value in zip(
        ((sentence, question) for sentence in range(1, SENTENCES + 1) for question in QUESTIONS),
        islice(cycle([*KEYS, "high", "low"]), SENTENCES * len(QUESTIONS)),
        strict=True,
    )
]
FIVE_MINUTES = "05:00"
SAVES = "**/save/"


def test_sixty_choices_outlive_an_outage_a_closed_tab_and_the_session(browser: Browser, tmp_path: Path) -> None:
    files = tmp_path / "book.json", tmp_path / "article.txt"
    for file, text in zip(files, (json.dumps(BOOK), TEXT), strict=True):
        file.write_text(text)
    with site(tmp_path) as running:
        (desk,) = running.fill_articles(*files)
        running.start("--no-worker")
        context = signed_in(browser, running, desk)
        context.clock.install()

        def tab() -> Keyboard:
            return Keyboard(context.new_page(), running.address + desk.path).open()

        first = tab()
        running.kill()
        choose(first, SCRIPT[:30])
        first.state("Offline, 30 kept here")
        context.clock.fast_forward(FIVE_MINUTES)
        first.state("Offline, 30 kept here")
        first.page.close()

        # The page comes back, the way to save does not: what was chosen is still there, and shown.
        running.start("--no-worker")
        context.route(SAVES, lambda route: route.abort())
        second = tab()
        second.here(11)
        second.state("Offline, 30 kept here")
        running.kill()
        context.unroute(SAVES)
        choose(second, SCRIPT[30:])
        second.state("Offline, 60 kept here")
        context.clock.fast_forward(FIVE_MINUTES)

        context.clear_cookies(name="sessionid")
        running.start("--no-worker")
        context.clock.fast_forward(FIVE_MINUTES)
        second.state("Signed out, 60 kept here")
        enter(context.new_page(), running.address, desk.username)
        context.clock.fast_forward(FIVE_MINUTES)
        second.saved()
        assert stored_in(second.page) == 0
        context.close()
        assert running.told("choices", desk.assignment) == SCRIPT


def choose(screen: Keyboard, choices: list[list[object]]) -> None:
    screen.press(*(KEYS[str(value)] for _, _, value in choices))


def stored_in(page: Page) -> int:
    """How many choices the browser still keeps."""
    return page.evaluate(
        """() => new Promise((resolve) => {
          indexedDB.open("annotator", 1).onsuccess = ({ target }) => {
            const kept = target.result.transaction("outbox").objectStore("outbox").count();
            kept.onsuccess = () => resolve(kept.result);
          };
        })"""
    )
