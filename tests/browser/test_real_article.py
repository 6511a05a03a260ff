"""The real article, labelled from the keyboard alone: every unit of it, with attribution, framing and frames.

What is chosen stands here by the numbers of the words; the article itself is not in this repository.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from annotator.core.codebook import Json
from annotator.models import Event
from projects.models import Unit
from projects.services.rounds import open_round
from tests import make
from tests.browser.coding import Keyboard
from tests.shared import SHARED, needs_shared
from tests.site import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), needs_shared]
SignIn = Callable[[Page, str], None]
Said = tuple[str, int]
BOOK = json.loads((ROOT / "fixtures" / "codebook_conflict_news.json").read_text())
# As the pen stops at them.
WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True)
class Coded:
    """One sentence: the keys of its attribution; framing as first word, last word and key; the keys of its frames."""

    said: str = "0"
    framing: tuple[tuple[int, int, str], ...] = ()
    frames: str = ""

    @property
    def keys(self) -> Iterator[str]:
        """Framing first, then the frames, then the attribution, whose last key leads to the next sentence."""
        if self.framing or self.frames:
            yield "Space"
        for first, last, key in self.framing:
            yield from ("Home", *["ArrowRight"] * first, *["Shift+ArrowRight"] * (last - first), key)
        if self.frames:
            yield from ("Tab", *(f"Shift+{key.upper()}" for key in self.frames[:-1]), self.frames[-1])
        elif self.framing:
            yield "Escape"
        yield from self.said

    def choices(self, unit: Unit, text: str, before: Said) -> Iterator[tuple[str, Json]]:
        """What the keys choose, one after the other. `before` is who spoke last, and where that sentence starts."""
        words = list(WORD.finditer(text, unit.start, unit.end))
        spans: list[Json] = []
        for first, last, key in self.framing:
            start, end = words[first].start(), words[last].end()
            spans.append({"start": start, "end": end, "quote": text[start:end], "value": named("framing", key)})
            yield "framing", list(spans)
        for number in range(len(self.frames)):
            yield "frames", [named("frames", key) for key in self.frames[: number + 1]]
        if self.said == "0":
            yield "attribution", []
            return
        keys = zip(self.said, PARTS, strict=True)
        parts = [before[0] if key == "=" else named("attribution", key, part) for key, part in keys]
        rest: dict[str, Json] = {"same_as": before[1]} if "=" in self.said else {}
        for number in range(len(parts)):
            known = [*parts[: number + 1], None, None][: len(parts)]
            yield "attribution", [dict(zip(("source", "manner", "stance"), known, strict=True), spans=[], **rest)]


PARTS = ("sources", "manners", "stances")
ARTICLE = [
    Coded(framing=((1, 1, "1"), (2, 2, "6"), (4, 4, "7")), frames="c"),
    Coded(framing=((18, 19, "2"),), frames="s"),
    Coded(framing=((1, 1, "1"), (4, 5, "3"), (17, 17, "2")), frames="cr"),
    Coded("min", framing=((5, 6, "1"), (7, 7, "6"))),
    Coded("=in"),
    Coded("oia", framing=((4, 4, "1"),), frames="r"),
    Coded("wan"),
    Coded(),
    Coded(frames="s"),
    Coded("gir", framing=((8, 8, "2"),)),
    Coded(framing=((4, 6, "3"),)),
    Coded(),
    Coded(),
    Coded(framing=((3, 3, "1"), (4, 4, "6"))),
    Coded("hpr", framing=((3, 3, "1"), (6, 6, "5"))),
    Coded("hir", framing=((9, 9, "1"),), frames="hm"),
    Coded("hdr"),
    Coded("hpr"),
    Coded(),
    Coded(framing=((8, 8, "e"),)),
    Coded(framing=((2, 2, "4"),)),
    Coded(framing=((3, 4, "4"),), frames="t"),
    Coded(),
    Coded(),
    Coded(framing=((4, 4, "1"),), frames="c"),
    Coded(framing=((2, 2, "5"),)),
]


def named(variable: str, key: str, part: str = "values") -> str:
    """The value that a key stands for in the codebook."""
    (found,) = (one for one in BOOK["variables"] if one["key"] == variable)
    (value,) = (value["key"] for value in found[part] if value.get("shortcut") == key)
    return str(value)


def test_every_unit_of_the_article_is_labelled_from_the_keyboard(page: Page, live: str, sign_in: SignIn) -> None:
    lead = make.project()
    (seed,) = (SHARED / "seeds").glob("*.txt")
    article = make.article(lead, seed.read_text(), codable=["all"])
    make.codebook(lead, BOOK)
    annotator = make.member(lead.project)
    opened = open_round(lead=lead, name="Round 1", purpose="pilot", articles=[article], members=[annotator])
    assignment = opened.assignments.select_related("text_version").get()
    sign_in(page, annotator.user.username)
    screen = Keyboard(page, f"{live}/p/{lead.project.slug}/code/{assignment.pk}/").open()
    for number, coded in enumerate(ARTICLE, 1):
        screen.here(number)
        keys = list(coded.keys)
        assert coded.framing or coded.frames or len(keys) <= 3
        screen.press(*keys)
    screen.here(0)
    screen.saved()
    expect(page.locator("#progress")).to_have_text("26 of 26 sentences")

    text = assignment.text_version.text
    units = Unit.objects.filter(text_version=assignment.text_version, index__gt=0).order_by("index")
    assert len(units) == len(ARTICLE)
    expected, before = list[tuple[int, str, Json]](), ("", 0)
    for unit, coded in zip(units, ARTICLE, strict=True):
        expected += [(unit.index, *choice) for choice in coded.choices(unit, text, before)]
        if expected[-1][2]:
            before = expected[-1][2][0]["source"], unit.start
    events = Event.objects.order_by("pk").values_list("unit__index", "variable", "value")
    assert [(index, variable, value) for index, variable, value in events] == expected
