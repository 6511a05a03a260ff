"""The coding screen as an annotator meets it: a real Chromium before a real server, measured inside the page.

Against a bare page that moves a class on a key press, and against a request that asks for nothing.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median
from urllib.parse import quote

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests import absent
from tests.bench.texts import long_texts
from tests.bench.timing import spread
from tests.browser.coding import Keyboard, signed_in, weighed
from tests.browser.conftest import ARGUMENTS
from tests.site import ROOT, site

CODEBOOK = ROOT / "fixtures" / "codebook_conflict_news.json"
PRESSES, OPENINGS = 200, 5
USUAL, LONG = 25, 2000

# Notes for each key press what it moved, when the next frame was painted, and when the screen said that it was saved.
WATCH = """
const watched = (window.watched = []);
const here = () => document.querySelector(".here")?.id;
let before;
addEventListener("keydown", () => (before = here()), true);
addEventListener("keydown", (event) => {
  const press = { moved: here() !== before, shown: 0, saved: 0 };
  watched.push(press);
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (press.shown = performance.now() - event.timeStamp);
    port2.postMessage("");
  });
  const line = document.getElementById("save");
  const note = () => line.className === "save" && (press.saved = performance.now() - event.timeStamp);
  if (line && line.className !== "save") {
    const observer = new MutationObserver(() => note() && observer.disconnect());
    observer.observe(line, { attributes: true });
  }
});
"""
SETTLED = "() => watched.at(-1)?.shown && document.getElementById('save')?.className !== 'save doubt'"
# Notes when the screen has its first sentence in hand: from there on it takes keys.
OPENED = """
const look = () => (document.querySelector(".unit.here") ? (window.opened = performance.now()) : setTimeout(look, 1));
look();
"""
REQUEST = """
async () => {
  const begun = performance.now();
  await (await fetch("/healthz")).text();
  return performance.now() - begun;
}
"""
BARE = """<!doctype html><title>A bare page</title><style>.here { background: gold }</style><body><script>
document.body.append(...Array.from({ length: 400 }, (_, number) => {
  return Object.assign(document.createElement("p"), { id: `u${number}`, textContent: "One sentence of an article." });
}));
document.body.firstElementChild.nextElementSibling.className = "here";
document.addEventListener("keydown", () => {
  const next = document.querySelector(".here").nextElementSibling;
  document.querySelector(".here").className = "";
  next.className = "here";
  next.scrollIntoView({ block: "center" });
});
</script>"""


def lines() -> Iterator[str]:
    path = absent.chromium()
    if path is None:
        yield "NOT RUN: the coding screen, for there is no Chromium here (Debian: apt-get install chromium)"
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, site(Path(folder)) as running:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        texts = [Path(folder) / f"{sentences}.txt" for sentences in (USUAL, LONG)]
        for text in texts:
            text.write_text(long_texts(1, int(text.stem))[0])
        desks = running.fill_articles(CODEBOOK, *texts)
        running.start("--no-worker")
        context = signed_in(browser, running, desks[0])
        context.add_init_script(WATCH + OPENED)
        addresses = [running.address + desk.path for desk in desks]
        with fresh(context) as page:
            weights = weighed(page, addresses[0])
        yield f"Coding screen, nothing cached: {sum(weights):,} bytes in {len(weights)} requests"
        bare = reference(context)
        for text, address in zip(texts, addresses, strict=True):
            yield from article(context, address, f"Article of {text.stem} sentences", bare)
        browser.close()


@contextmanager
def fresh(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    yield page
    page.close()


def reference(context: BrowserContext) -> float:
    """The median for a page that does no more than move a class."""
    with fresh(context) as page:
        page.goto("data:text/html," + quote(BARE))
        for _ in range(PRESSES):
            press(page, "0")
        return median(times(page, "shown"))


def article(context: BrowserContext, address: str, title: str, bare: float) -> Iterator[str]:
    with fresh(context) as page:
        screen, sent = Keyboard(page, address), list[str]()
        page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/save/") else None)
        opened = [screen.open().page.evaluate("opened") for _ in range(OPENINGS)]
        label(screen)
        moved, saved = times(page, "shown"), times(page, "saved")
        labels = page.evaluate("watched.filter((press) => press.saved).length")
        asked = median(page.evaluate(REQUEST) for _ in range(PRESSES))
    yield f"{title}: takes its first key {median(opened):.0f} ms after it was asked for"
    ratio = f"{median(moved) / bare:.1f} times a bare page ({bare:.1f} ms)"
    yield f"{title}: next sentence on screen {spread(moved)}, {ratio}"
    ratio = f"{median(saved) / asked:.1f} times a request for nothing ({asked:.1f} ms)"
    yield f"{title}: saved {spread(saved)}, {ratio}"
    yield f"{title}: {len(sent) / labels:.2f} requests a label"


def label(screen: Keyboard) -> None:
    """Answer on and on: the narrator in every sentence, then a source in every sentence, and again."""
    for keys in cycle(["0", "oia"]):
        screen.page.evaluate("document.querySelector('#u1 .no').click()")
        for _ in range(screen.page.locator(".unit[data-scope]").count() - 1):
            for key in keys:
                press(screen.page, key)
            if len(times(screen.page, "shown")) >= PRESSES:
                return


def press(page: Page, key: str) -> None:
    page.keyboard.press(key)
    page.wait_for_function(SETTLED)


def times(page: Page, what: str) -> list[float]:
    return page.evaluate(f"watched.filter((press) => press.moved && press.{what}).map((press) => press.{what})")
