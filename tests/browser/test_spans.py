"""Spans as they are drawn and as they are stored: whatever the script, the pen and the mouse mean whole signs."""

import random
from collections.abc import Callable, Iterable, Iterator

import pytest
from playwright.sync_api import Page

from annotator.core.codebook import Json
from annotator.models import Label
from tests import make
from tests.browser.coding import Screen, answer

pytestmark = [pytest.mark.django_db(transaction=True)]
SignIn = Callable[[Page, str], None]
SPANS, PER_UNIT = 500, 8
Stops = list[list[int]]
PIECES = {
    "english": ("The mayor's office blamed 3.5 percent co-operation (again) “so-called” U.S."),
    "arabic": ("قال المجلس إنّ الهُدنةَ انتهت ، و«الحصار» ١٢٣ لا\u200cيزال مدينة"),
    "emoji": ("👩‍👩‍👧‍👦 🇸🇾🇺🇳 👍🏽 🧑🏿‍🚒 🙂🙂 ❤️‍🔥 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ☺︎ 𝒳𝒴"),
    "marks": ("cafe\u0301 a\u0308o\u0323\u0302 नमस्ते กำลัง 각각 Z\u0351\u036b ﷺ e\u0301\u0327 ÅÅ ɡ͡b"),
}
VALUES = {"praise": "p", "blame": "b", "doubt": "d"}
# How each unit's text falls apart, by the browser's own rules: [from, to] of each stop, in UTF-16.
STOPS = """
([element, snap]) => {
  const text = document.querySelector(`#${element} .text`).textContent;
  const segments = new Intl.Segmenter("en", { granularity: snap === "character" ? "grapheme" : "word" }).segment(text);
  const wanted = (part) => (snap === "character" ? /\\S/u : /[\\p{L}\\p{N}\\p{S}]/u).test(part.segment);
  return [...segments].filter(wanted).map((part) => [part.index, part.index + part.segment.length]);
}
"""
# Where the caret stands on the screen at offsets of a unit's text (UTF-16).
CARETS = """
([element, ...offsets]) => {
  const text = document.querySelector(`#${element} .text`);
  return offsets.map((offset) => {
    const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    let node = walk.nextNode();
    for (; offset > node.length; node = walk.nextNode()) offset -= node.length;
    const range = document.createRange();
    range.setStart(node, offset);
    const box = range.getBoundingClientRect();
    return [box.x, box.y + box.height / 2];
  });
}
"""
# Notes what the browser has selected in a unit after the button was let go, right before the page itself looks.
WATCH_DRAG = """
(element) => delete window.dragged && document.addEventListener("pointerup", () => setTimeout(() => {
  const text = document.querySelector(`#${element} .text`);
  const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection();
  const until = (node, offset) => {
    const range = document.createRange();
    range.setStart(text, 0);
    range.setEnd(node, offset);
    return range.toString().length;
  };
  window.dragged = [until(anchorNode, anchorOffset), until(focusNode, focusOffset)].sort((a, b) => a - b);
}), { once: true, capture: true })
"""
# A busy machine may hear of the button only after the mouse has said that it came up.
DRAGGED = """
new Promise((resolve) => {
  const look = () => (window.dragged ? resolve(window.dragged) : setTimeout(look));
  setTimeout(look);
})
"""


def span_variable(snap: str) -> dict[str, Json]:
    values = [{"key": key, "label": key.capitalize(), "shortcut": sign} for key, sign in VALUES.items()]
    span = {"unit": "character", "snap": snap, "overlap": "any", "discontinuous": False}
    return {"key": "framing", "label": "Framing", "type": "span", "values": values, "span": span}


def article(chance: random.Random) -> str:
    """A sentence of each script and of all of them mixed, several times, a line each."""
    scripts = [*PIECES.values(), " ".join(PIECES.values())]
    lines = [" ".join(chance.sample(pieces.split(), 9)) for _ in range(3) for pieces in scripts]
    return "\n".join(["Words from everywhere", *lines])


def by_keyboard(screen: Screen, stops: Stops, first: int, last: int) -> None:
    on, back = screen.arrows
    near = first <= len(stops) // 2
    way = [on] * first if near else [back] * (len(stops) - 1 - first)
    screen.press("Home" if near else "End", *way, *[f"Shift+{on}"] * (last - first))


def by_mouse(screen: Screen, element: str, begin: int, end: int) -> tuple[int, int]:
    """Drag from one caret to another; what the browser selects then, between two directions its own affair."""
    points = screen.page.evaluate(CARETS, [element, begin, end])
    screen.page.evaluate(WATCH_DRAG, element)
    mouse = screen.page.mouse
    mouse.move(*points[0])
    mouse.down()
    mouse.move(*points[1], steps=2)
    mouse.up()
    first, last = screen.page.evaluate(DRAGGED)
    return first, last


def draw(screen: Screen, element: str, snap: str, chance: random.Random) -> Iterator[tuple[int, int, str]]:
    """Draw spans in a unit, by keyboard and mouse in turn; the mouse begins and ends within a word."""
    stops, signs = (screen.page.evaluate(STOPS, [element, kind]) for kind in (snap, "character"))
    screen.press("Space")
    drawn = 0
    while drawn < PER_UNIT:
        first = chance.randrange(len(stops))
        last = min(len(stops) - 1, first + chance.randrange(6))
        begin, end = stops[first][0], stops[last][1]
        if drawn % 2:
            head = chance.choice([sign[0] for sign in signs if begin <= sign[0] < stops[first][1]])
            tail = chance.choice([sign[1] for sign in signs if max(stops[last][0], head) < sign[1] <= end])
            head, tail = by_mouse(screen, element, head, tail)
            touched = [stop for stop in stops if stop[0] < tail and head < stop[1]]
            # A busy browser may take a drag that is over at once for a click: then nothing is selected.
            if head == tail or not touched:
                continue
            begin, end = touched[0][0], touched[-1][1]
        else:
            by_keyboard(screen, stops, first, last)
        value = chance.choice(list(VALUES))
        screen.press(VALUES[value])
        yield begin, end, value
        drawn += 1
    screen.press("Escape")


def as_stored(text: str, spans: Iterable[tuple[int, int, str]]) -> list[dict[str, Json]]:
    """Spans of a stored text from those of a page, which counts in UTF-16."""
    units = text.encode("utf-16-le")
    found: list[dict[str, Json]] = []
    for begin, end, value in spans:
        before, inside = units[: 2 * begin].decode("utf-16-le"), units[2 * begin : 2 * end].decode("utf-16-le")
        start = len(before)
        found.append({"start": start, "end": start + len(inside), "quote": inside, "value": value})
    return sorted(found, key=extent)


def extent(span: dict[str, Json]) -> tuple[object, ...]:
    return span["start"], span["end"], span["value"]


@pytest.fixture
def paper(page: Page, live: str, sign_in: SignIn, snap: str, text: str) -> Screen:
    """The coding screen of a text, with the pen's question after another."""
    book = make.CODEBOOK | {"variables": [make.closed("tone", low="l"), span_variable(snap)]}
    study = make.study(1, [text], document=book)
    sign_in(page, study.members[0].user.username)
    return Screen(page, live, study, study.assignment()).open(1)


@pytest.mark.parametrize("snap", ["token", "character"])
@pytest.mark.parametrize("text", [article(random.Random(seed)) for seed in (7, 8)], ids=["every script", "once more"])
def test_random_spans_are_stored_as_python_slices_them(paper: Screen, snap: str) -> None:
    chance = random.Random(snap)
    text, units = paper.assignment.text_version.text, paper.study.units()
    expected = {}
    for unit in units:
        paper.here(unit.index)
        drawn = set(draw(paper, f"u{unit.index}", snap, chance))
        moved = len(text[: unit.start].encode("utf-16-le")) // 2
        expected[unit.index] = as_stored(text, {(begin + moved, end + moved, value) for begin, end, value in drawn})
        paper.press(paper.arrows[0])
    paper.saved()
    assert PER_UNIT * len(units) >= SPANS // 4
    stored = {label.unit.index: label.value for label in Label.objects.select_related("unit")}
    assert {index: sorted(spans, key=extent) for index, spans in stored.items()} == expected
    for span in (span for spans in stored.values() for span in spans):
        assert text[span["start"] : span["end"]] == span["quote"]


@pytest.mark.parametrize(("snap", "text"), [("token", "The mayor blamed the 🙂 army.")])
def test_a_span_is_drawn_anew_and_deleted_by_key(paper: Screen, snap: str, text: str) -> None:
    paper.press("Space", "ArrowRight", "ArrowRight", "b", "Shift+ArrowRight", "p", "ArrowRight", "ArrowRight", "d")
    paper.saved()
    assert quotes(paper) == [("blamed", "blame"), ("blamed the", "praise"), ("army", "doubt")]
    paper.press("Home", "ArrowRight", "ArrowRight", "Delete", "b")
    paper.saved()
    assert quotes(paper) == [("blamed", "blame"), ("army", "doubt")]
    paper.press("End", "Delete", "Home", "Shift+End", "Delete")
    paper.saved()
    assert quotes(paper) == []


def test_where_only_words_are_asked_for_lifting_the_pen_goes_on(page: Page, live: str, sign_in: SignIn) -> None:
    book = make.CODEBOOK | {"variables": [span_variable("token")]}
    study = make.study(1, ["Head\n\nThe mayor left. Nobody came.\n"], document=book)
    sign_in(page, study.members[0].user.username)
    screen = Screen(page, live, study, study.assignment()).open(1)
    screen.press("Escape").here(2)
    screen.press("ArrowRight", "p", "Escape").here(3)
    screen.saved()
    assert [span["quote"] for span in answer(screen, 2, "framing")] == ["mayor"]


def quotes(screen: Screen) -> list[tuple[str, str]]:
    return [(span["quote"], span["value"]) for span in answer(screen, 1, "framing") or []]
