"""What stands beside the answers on the coding screen: cannot tell, notes, search, layout, voice, marking in one go."""

import json
import random

import pytest
from playwright.sync_api import Page, Route, expect

from annotator.core.codebook import CANNOT_TELL
from annotator.core.spans import Interval, voice
from annotator.models import Event, Note
from projects.models import Unit
from tests.browser.coding import MAYOR, Screen, answer

pytestmark = [pytest.mark.django_db(transaction=True)]


def margin(screen: Screen, sentence: int) -> str:
    return screen.page.locator(f"#u{sentence} .answers").inner_text()


def test_a_question_that_can_not_be_told_is_answered_by_one_key(screen: Screen) -> None:
    screen.press("-").here(2)
    screen.press("m", "i", "-").here(3)
    screen.saved()
    assert answer(screen, 1) == CANNOT_TELL
    assert answer(screen, 2) == [MAYOR | {"stance": CANNOT_TELL}]
    assert margin(screen, 1) == "cannot tell"
    assert "cannot tell" in margin(screen, 2)
    screen.press("Backspace", "Backspace").here(2)
    screen.open().here(2)
    assert margin(screen, 1) == "cannot tell"


def test_a_note_and_a_flag_reach_the_server_and_stand_there_after_a_reload(screen: Screen) -> None:
    screen.press(",")
    screen.page.keyboard.type("Is 0 right here?")
    screen.press("Control+Enter", ".").here(1)
    screen.saved()
    assert Event.objects.count() == 0
    assert sorted(Note.objects.values_list("text", "flag")) == [("", True), ("Is 0 right here?", False)]
    screen.open(1)
    expect(screen.page.locator("#u1 .sign")).to_have_count(2)
    screen.press(",")
    expect(screen.page.locator("#noting .thread")).to_contain_text("Is 0 right here?")
    screen.press("Escape", ".")
    screen.saved()
    expect(screen.page.locator("#u1 .sign")).to_have_count(1)


def test_a_note_waits_where_there_is_no_network(screen: Screen) -> None:
    screen.page.context.set_offline(True)
    screen.press(",")
    screen.page.keyboard.type("Who?")
    screen.press("Control+Enter")
    screen.state("Offline, 1 kept here")
    screen.page.context.set_offline(False)
    screen.saved()
    assert Note.objects.get().text == "Who?"


def test_a_note_that_is_refused_is_told_and_takes_no_answer_with_it(screen: Screen) -> None:
    def spoil(route: Route) -> None:
        sent = str(route.request.post_data).replace("Who", "%5Cu0000")
        route.continue_(post_data=sent)

    screen.page.route("**/note/", spoil)
    screen.press(",")
    screen.page.keyboard.type("Who")
    screen.press("Control+Enter")
    expect(screen.page.locator("#messages")).to_contain_text("note is empty, or holds a character")
    screen.press("0").here(2)
    screen.saved()
    assert Note.objects.count() == 0


def test_search_goes_from_place_to_place_and_back_to_the_question(screen: Screen) -> None:
    screen.press("/")
    screen.page.keyboard.type("THE")
    found = screen.page.locator("#find output")
    expect(found).to_contain_text("1 of ")
    screen.here(1)
    screen.press("Enter").here(2)
    expect(found).to_contain_text("2 of ")
    screen.press("Shift+Enter").here(1)
    screen.press("Escape", "0").here(2)
    assert answer_saved(screen, 1) == []
    screen.press("/")
    screen.page.keyboard.type("no such words")
    expect(found).to_have_text("not found")


def answer_saved(screen: Screen, sentence: int) -> object:
    screen.saved()
    return answer(screen, sentence)


def test_the_layout_is_remembered(screen: Screen) -> None:
    screen.press("?")
    screen.page.locator('[data-layout="text"]').select_option("larger")
    screen.page.locator('[data-layout="panel"]').select_option("before")
    screen.open()
    assert screen.page.evaluate("document.body.dataset.text + document.body.dataset.panel") == "largerbefore"
    assert screen.page.locator("#asking").bounding_box()["x"] == 0  # type: ignore[index]
    screen.page.set_viewport_size({"width": 1024, "height": 768})
    article, asking = (screen.page.locator(place).bounding_box() for place in ("#main", "#asking"))
    assert article["width"] > asking["width"]  # type: ignore[index]


def test_source_cue_and_content_are_marked_in_one_gesture(screen: Screen) -> None:
    screen.press("ArrowRight", "m", "i", "a", "ArrowLeft").here(2)
    screen.press("Space", "Tab", "ArrowRight", "ArrowRight", "a")
    screen.saved()
    marked = {span["role"]: span["quote"] for span in answer(screen, 2)[0]["spans"]}  # type: ignore[index]
    assert marked == {"source": "The mayor", "cue": "blamed", "content": "the regime for the delay"}
    assert Event.objects.filter(variable="attribution").count() == 4


def test_a_mark_is_put_in_the_place_of_another_by_key(screen: Screen) -> None:
    screen.press("ArrowRight", "Space", "ArrowRight", "n", "Shift+ArrowRight", "Shift+P")
    screen.saved()
    [span] = answer(screen, 2, "framing")  # type: ignore[misc]
    assert (span["quote"], span["value"]) == ("mayor blamed", "praise")


def test_the_source_of_the_sentence_before_is_taken_over_with_its_place(screen: Screen) -> None:
    screen.press("m", "i", "a", "=", "i", "a").here(3)
    screen.saved()
    first = Unit.objects.get(text_version=screen.assignment.text_version, index=1)
    assert answer(screen, 2) == [MAYOR | {"same_as": first.start}]
    screen.press("ArrowLeft")
    expect(screen.page.locator("#u2 .voice")).to_contain_text("(as in 1)")


def test_the_voice_of_a_framing_span_is_shown(screen: Screen) -> None:
    screen.press("ArrowRight", "m", "i", "a", "ArrowLeft", "Space", "Tab", "ArrowRight", "ArrowRight", "a", "Shift+Tab")
    screen.press("Home", *["ArrowRight"] * 4, "n")
    expect(screen.page.locator("#u2 .voice").last).to_have_text("regime·attributed")


def test_the_time_at_a_sentence_is_sent_with_its_answer(screen: Screen) -> None:
    screen.page.clock.install()
    screen.open()
    screen.page.clock.run_for(5_000)
    screen.press("ArrowDown")
    screen.page.clock.run_for(300_000)  # a pause: nobody is there
    screen.press("ArrowDown", "0")
    screen.saved()
    event = Event.objects.get()
    assert 5_000 <= (event.active_ms or 0) < 10_000


ALPHABET = ["a", "é", " ", " ", "“", "”", '"', "'", "’", "‘", "«", "»", "\n", "ن", "🙂", "_", "word", "don't", "of two"]


def test_the_browser_tells_the_voice_as_the_server_does(page: Page, screen: Screen) -> None:
    draw = random.Random(4)
    cases = []
    for _ in range(400):
        text = "".join(draw.choice(ALPHABET) for _ in range(draw.randint(1, 30)))
        start = draw.randrange(len(text))
        span = (start, draw.randint(start + 1, len(text)))
        contents = [tuple(sorted(draw.sample(range(len(text) + 1), 2))) for _ in range(draw.randint(0, 2))]
        cases.append((text, span, contents))
    told = screen.page.evaluate(
        """async (cases) => {
          const { voiceOf } = await import("/static/annotator/js/voice.js");
          const { toUnits } = await import("/static/annotator/js/points.js");
          const part = (text, [start, end]) => ({ from: toUnits(text, start), to: toUnits(text, end) });
          const told = ([text, span, inside]) => voiceOf(part(text, span), text, inside.map((one) => part(text, one)));
          return cases.map(told);
        }""",
        json.loads(json.dumps(cases)),
    )
    expected = [voice(Interval(*span), text, 0, [Interval(*part) for part in parts]) for text, span, parts in cases]
    assert told == expected
    assert len(set(expected)) == 4
