"""The same sentence in two tabs, or on two devices: no answer is written over unseen, whatever comes first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from annotator.models import Event, Label
from tests import make
from tests.browser.coding import Screen

pytestmark = [pytest.mark.django_db(transaction=True)]
SignIn = Callable[[Page, str], None]
Step = tuple[int, Literal["choose", "deliver"]]
KEYS = {"low": "l", "middle": "m", "high": "h"}
BOOK = make.CODEBOOK | {"variables": [make.closed("tone", **KEYS)]}

# Saves wait in `held` until `deliver` lets the oldest through; it answers when the page has taken in the answer.
GATE = """
const held = (window.held = []);
const fetched = window.fetch;
window.fetch = (url, options) => {
  if (!String(url).endsWith("/save/")) return fetched(url, options);
  return new Promise((resolve, reject) => held.push(() => fetched(url, options).then(resolve, reject)));
};
window.deliver = () => new Promise((resolve) => {
  held.shift()();
  const taken = () => held.length || document.getElementById("save").className !== "save doubt";
  const look = () => (taken() ? resolve() : setTimeout(look, 1));
  setTimeout(look, 1);
});
"""


def schedules(done: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Every order in which two tabs choose three times and their requests reach the server; tab 0 begins."""
    chosen = [sum(step == (tab, "choose") for step in done) for tab in (0, 1)]
    sent = [sum(step == (tab, "deliver") for step in done) for tab in (0, 1)]
    if sum(sent) == 3 and all(chosen):
        yield done
    for tab in (0, 1):
        if sum(chosen) < 3 and (done or tab == 0):
            yield from schedules((*done, (tab, "choose")))
        if sent[tab] < chosen[tab]:
            yield from schedules((*done, (tab, "deliver")))


@dataclass
class Tab:
    """A window of the annotator's, and what he chose there for the sentence in hand."""

    screen: Screen
    chosen: list[str] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        return self.screen.page.locator("#settle section").count() == 1

    def choose(self, value: str) -> None:
        if self.asks:  # letters answer nothing while two answers are to be compared
            return
        self.screen.press(KEYS[value], "ArrowLeft")
        self.chosen.append(value)

    def deliver(self) -> bool:
        """Let the oldest save through; False where none waits."""
        return self.screen.page.evaluate("held.length ? deliver().then(() => true) : false")

    def settle(self, key: str) -> None:
        mine, other = (self.screen.page.locator(f'[data-keep="{side}"] bdi').inner_text() for side in ("mine", "other"))
        assert mine == self.chosen[-1]
        assert other not in self.chosen
        self.screen.press(key)
        self.chosen = [mine] if key == "1" else []


def stored(screen: Screen, sentence: int) -> list[str]:
    events = Event.objects.filter(assignment=screen.assignment, unit__index=sentence).order_by("pk")
    assert [event.base_version for event in events] == list(range(len(events)))
    return [str(event.value) for event in events]


def play(tabs: tuple[Tab, Tab], sentence: int, schedule: tuple[Step, ...], answers: Iterator[str]) -> None:
    values = iter(KEYS)
    for number, act in schedule:
        if act == "choose":
            tabs[number].choose(next(values))
        else:
            tabs[number].deliver()
    while any(tab.deliver() for tab in tabs):
        pass
    # Who has not seen the other's answer has not written over it: he is asked.
    asked = [tab for tab in tabs if tab.asks]
    (winner,) = (tab for tab in tabs if tab not in asked)
    assert len(asked) == 1
    assert stored(winner.screen, sentence) == winner.chosen
    while asked:
        asked[0].settle(next(answers))
        while any(tab.deliver() for tab in tabs):
            pass
        asked = [tab for tab in tabs if tab.asks]
    kept = stored(winner.screen, sentence)
    assert kept[: len(winner.chosen)] == winner.chosen
    (loser,) = (tab for tab in tabs if tab is not winner)
    assert kept[len(winner.chosen) :] == loser.chosen
    assert Label.objects.get(assignment=winner.screen.assignment, unit__index=sentence).value == kept[-1]


@pytest.fixture
def both(page: Page, live: str, sign_in: SignIn) -> Screen:
    text = "News of the harbour\n\n" + " ".join(f"Ship {number} came in." for number in range(2, 40))
    study = make.study(1, [text], document=BOOK)
    sign_in(page, study.members[0].user.username)
    return Screen(page, live, study, study.assignment())


def second(screen: Screen, context: BrowserContext) -> Screen:
    context.add_cookies(screen.page.context.cookies())
    return Screen(context.new_page(), screen.live, screen.study, screen.assignment)


@pytest.mark.parametrize("where", ["two tabs", "two devices"])
def test_three_saves_from_two_windows_in_every_order(browser: Browser, both: Screen, where: str) -> None:
    context = both.page.context if where == "two tabs" else browser.new_context(reduced_motion="reduce")
    screens = both, second(both, context)
    for screen in screens:
        screen.page.add_init_script(GATE)
        screen.open(1)
    answers = cycle("12")
    orders = list(schedules())
    assert len(orders) == 30
    for sentence, schedule in enumerate(orders, 1):
        tabs = Tab(screens[0]), Tab(screens[1])
        try:
            play(tabs, sentence, schedule, answers)
        except AssertionError as error:
            raise AssertionError(f"{schedule}") from error
        for screen in screens:
            expect(screen.page.locator("#save")).to_have_class("save")
            screen.press("ArrowRight").here(sentence + 1)
    if context is not both.page.context:
        context.close()


def test_a_second_tab_sends_what_the_first_still_keeps_and_nothing_twice(both: Screen) -> None:
    both.page.add_init_script(GATE)
    both.open(1).press("l", "ArrowLeft", "m", "h")
    other = second(both, both.page.context).open(1)
    other.saved()
    while both.page.evaluate("held.length"):
        both.page.evaluate("deliver()")
    both.saved()
    assert (stored(both, 1), stored(both, 2)) == (["low", "middle"], ["high"])
