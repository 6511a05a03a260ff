"""The coding screen in a real browser: keys, marks, and nothing typed is ever lost."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from annotator.models import Event, Label
from projects.models import Assignment, Unit
from tests import make
from tests.browser.coding import MAYOR, Screen, answer

pytestmark = [pytest.mark.django_db(transaction=True)]
SignIn = Callable[[Page, str], None]


def text_of(screen: Screen, sentence: int) -> str:
    return str(screen.page.locator(f"#u{sentence} .text").evaluate("element => element.textContent"))


def test_one_key_for_the_narrator_and_three_for_a_source(screen: Screen) -> None:
    screen.here(1)
    screen.press("0").here(2)
    screen.press("m", "i", "a").here(3)
    screen.saved()
    assert answer(screen, 1) == []
    assert answer(screen, 2) == [MAYOR]
    expect(screen.page.locator("#progress")).to_have_text("2 of 5 sentences")
    expect(screen.page.locator("#u2 .answers")).to_contain_text("Mayor")


def test_a_whole_article_by_keyboard_alone(screen: Screen) -> None:
    for _ in range(5):
        screen.press("0")
    screen.here(0)
    screen.press("c")
    expect(screen.page.get_by_role("heading", name="This article is done")).to_be_visible()
    screen.saved()
    assert Assignment.objects.get().state == Assignment.State.DONE
    screen.press("Enter")
    expect(screen.page.get_by_role("heading", name="All done")).to_be_visible()


def test_the_end_of_an_unfinished_article_leads_to_the_open_sentence(screen: Screen) -> None:
    screen.press("ArrowRight", "0", "0", "0", "0", "ArrowRight")
    expect(screen.page.get_by_role("heading", name="End of the article")).to_be_visible()
    screen.press("Enter").here(1)


def test_every_kind_of_question_is_answered_by_key(screen: Screen) -> None:
    screen.press("m", "d", "n", "ArrowLeft").here(1)
    screen.page.locator(".asked", has_text="Stance").filter(has_not_text="cue").click()
    screen.press("f")
    screen.question("Sides named")
    screen.press("Shift+A", "t")
    screen.question("Tone")
    screen.press("w")
    screen.question("Weight")
    screen.page.keyboard.type("12.5")
    screen.press("Enter")
    screen.question("Remark")
    screen.page.locator("textarea:visible").fill("see below")
    screen.press("Control+Enter")
    screen.saved()
    given = {label.variable: label.value for label in Label.objects.all()}
    assert given == {
        "attribution": [{"source": "mayor", "manner": "direct", "stance": "neutral", "spans": []}],
        "stance": "for",
        "side": ["town", "army"],
        "tone": "1",
        "weight": 12.5,
        "remark": "see below",
    }


def test_a_question_is_asked_when_its_condition_holds(screen: Screen) -> None:
    row = screen.page.locator('.ask[data-variable="side"]')
    expect(row).to_be_hidden()
    screen.press("m")
    expect(row).to_be_visible()
    screen.press("Backspace")
    expect(row).to_be_hidden()


def test_what_is_typed_into_a_note_answers_no_other_question(screen: Screen) -> None:
    screen.open(2).press("0")
    screen.open(2)
    for _ in range(9):
        if screen.page.locator("fieldset.question:visible textarea").count():
            break
        screen.press("Tab")
    screen.press("Escape", "ArrowRight", "ArrowLeft")
    screen.open(2)
    screen.page.get_by_role("button", name="Weight").click()
    screen.page.keyboard.type("7")
    screen.press("Enter")
    screen.page.keyboard.type("odd 0 =")
    screen.press("Control+Enter")
    screen.saved()
    assert answer(screen, 2, "weight") == 7
    assert answer(screen, 2, "remark") == "odd 0 ="
    assert answer(screen, 2) == []


def test_a_corrected_source_asks_for_manner_and_stance_again(screen: Screen) -> None:
    keys = {part: screen.study.book.variable("attribution") for part in ("sources",)}
    assert keys["sources"].sources[1].key == "residents"
    screen.open(2)
    first = screen.page.locator("fieldset.question:visible .choice:visible kbd").all_inner_texts()
    screen.press(first[1])
    manners = screen.page.locator("fieldset.question:visible .choice:visible kbd").all_inner_texts()
    screen.press(manners[0])
    stances = screen.page.locator("fieldset.question:visible .choice:visible kbd").all_inner_texts()
    screen.press(stances[0])
    screen.here(3)
    screen.press("ArrowLeft", first[2], manners[1])
    screen.here(2)
    screen.press(stances[1])
    screen.here(3)
    screen.saved()
    assert answer(screen, 2) == [{"source": "residents", "manner": "indirect", "stance": "accusing", "spans": []}]


def test_keys_answer_nothing_while_their_list_is_open(screen: Screen) -> None:
    screen.open(2).press("?", "0")
    screen.here(2)
    screen.press("Escape", "0")
    screen.here(3)


def test_the_last_answer_says_that_the_article_is_done_wherever_it_stands(screen: Screen) -> None:
    screen.open()
    units = [unit.index for unit in screen.study.units()]
    for index in units[:1] + units[2:]:
        screen.open(index).press("0")
        screen.saved()
    screen.open(units[1]).press("0")
    screen.here(0)
    screen.press("ArrowRight")
    expect(screen.page.locator("#finished")).to_be_visible()


def test_undo_and_redo_reach_back_over_sentences(screen: Screen) -> None:
    screen.press("0", "m", "Backspace", "Backspace").here(1)
    screen.saved()
    assert [label.value for label in Label.objects.order_by("unit")] == [None, None]
    screen.press("Shift+Backspace", "Control+Shift+Z")
    screen.saved()
    assert answer(screen, 1) == []
    assert answer(screen, 2) == [MAYOR | {"manner": None, "stance": None}]


def test_words_are_marked_from_the_keyboard(screen: Screen) -> None:
    screen.open(2).press("Space", "ArrowRight", "ArrowRight", "ArrowRight", "Shift+ArrowRight", "n")
    screen.saved()
    start = make.TEXT.index("the regime")
    span = {"start": start, "end": start + 10, "quote": "the regime", "value": "naming_state"}
    assert answer(screen, 2, "framing") == [span]
    expect(screen.page.locator("#u2 mark.frame")).to_have_text("the regime")
    assert text_of(screen, 2) == "The mayor blamed the regime for the delay."
    screen.press("Delete", "Escape")
    screen.saved()
    assert answer(screen, 2, "framing") is None
    screen.question("Attribution")


def test_the_words_of_an_attribution_are_marked_by_role(screen: Screen) -> None:
    screen.open(2).press("m", "i", "a", "ArrowLeft", "Space", "Tab")
    screen.press("Shift+ArrowRight", "s", "ArrowRight", "c", "ArrowRight", "Shift+End", "x", "Escape")
    screen.saved()
    (item,) = answer(screen, 2)
    marked = [(span["role"], span["quote"]) for span in item["spans"]]
    assert marked == [("source", "The mayor"), ("cue", "blamed"), ("content", "the regime for the delay")]
    expect(screen.page.locator("#u2 .voice")).to_contain_text("blamed")
    assert text_of(screen, 2) == "The mayor blamed the regime for the delay."


def test_words_are_marked_with_the_mouse(screen: Screen) -> None:
    screen.open(2)
    screen.page.locator("#u2 .text").dblclick(position={"x": 60, "y": 20})
    expect(screen.page.locator(".picked")).to_have_text("mayor")
    screen.page.locator(".choice:visible", has_text="Praise").click()
    screen.saved()
    assert [span["quote"] for span in answer(screen, 2, "framing")] == ["mayor"]


def test_two_sources_in_one_sentence(screen: Screen) -> None:
    screen.press("m", "i", "a").here(2)
    screen.press("ArrowLeft", "Shift+Space", "r", "d", "n").here(2)
    screen.saved()
    assert [item["source"] for item in answer(screen, 1)] == ["mayor", "residents"]
    screen.press("=").question("How do the words come in?")
    screen.saved()
    assert answer(screen, 2)[0]["source"] == "residents"


def test_offsets_count_code_points_beyond_the_basic_plane(page: Page, live: str, sign_in: SignIn) -> None:
    text = "Head 🙂🙂\n\nThe 👩‍👩‍👧 family left 🙂 quietly.\n"
    study = make.study(1, [text])
    sign_in(page, study.members[0].user.username)
    screen = Screen(page, live, study, study.assignment()).open(2)
    screen.press("Space", "ArrowRight", "n", "End", "p")
    screen.saved()
    stored = study.assignment().text_version.text
    spans = answer(screen, 2, "framing")
    assert [span["quote"] for span in spans] == ["👩‍👩‍👧", "quietly"]
    assert [stored[span["start"] : span["end"]] for span in spans] == ["👩‍👩‍👧", "quietly"]


def test_arrows_follow_the_direction_of_an_arabic_article(page: Page, live: str, sign_in: SignIn) -> None:
    study = make.study(1, ["هدنة في المدينة\n\nقال المجلس إن الهدنة انتهت.\n\nعاد الناس إلى البيوت.\n"])
    sign_in(page, study.members[0].user.username)
    screen = Screen(page, live, study, study.assignment()).open(2)
    screen.press("Space", "ArrowLeft", "n", "Escape", "ArrowLeft").here(3)
    screen.saved()
    assert [span["quote"] for span in answer(screen, 2, "framing")] == ["المجلس"]


def test_a_layout_without_latin_letters_works_by_the_place_of_the_key(screen: Screen) -> None:
    screen.page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'ة', code: 'KeyM', bubbles: true, cancelable: true}))"
    )
    screen.question("How do the words come in?")


def test_keys_are_left_alone_in_a_text_field(screen: Screen) -> None:
    screen.page.locator(".asked", has_text="Remark").click()
    screen.page.locator("textarea:visible").fill("")
    screen.page.keyboard.type("0 m = ]")
    screen.press("Escape").here(1)
    screen.saved()
    assert answer(screen, 1, "remark") == "0 m = ]"
    assert Label.objects.count() == 1


def test_a_number_out_of_bounds_is_not_taken(screen: Screen) -> None:
    screen.page.locator(".asked", has_text="Weight").click()
    screen.page.keyboard.type("200")
    screen.press("Enter")
    expect(screen.page.get_by_text("This number does not fit here.")).to_be_visible()
    assert not Event.objects.exists()


def test_choices_made_offline_are_kept_and_sent_later(screen: Screen) -> None:
    screen.page.context.set_offline(True)
    screen.press("0", "m", "i", "a")
    screen.state("Offline, 4 kept here")
    expect(screen.page.locator("#u2 .answers")).to_contain_text("Mayor")
    assert not Event.objects.exists()
    screen.page.context.set_offline(False)
    screen.saved()
    assert answer(screen, 2) == [MAYOR]


def test_choices_survive_a_closed_tab(screen: Screen) -> None:
    context = screen.page.context
    context.route("**/save/", lambda route: route.abort())
    screen.press("0", "m", "i", "a")
    screen.page.close()
    context.unroute("**/save/")
    screen.page = context.new_page()
    screen.open(2)
    screen.saved()
    assert answer(screen, 1) == []
    assert answer(screen, 2) == [MAYOR]


def test_a_lost_answer_is_asked_for_again_and_counts_once(screen: Screen) -> None:
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(str(route.request.post_data))
        route.fetch()
        return route.abort()

    screen.page.route("**/save/", lose_first)
    screen.press("0")
    screen.saved()
    assert len(lost) == 1
    assert Event.objects.count() == 1


def test_an_expired_session_keeps_the_answers(screen: Screen, sign_in: SignIn) -> None:
    context = screen.page.context
    context.clear_cookies(name="sessionid")
    screen.press("0")
    screen.state("Signed out, 1 kept here")
    expect(screen.page.get_by_text("Your session has ended.")).to_be_visible()
    other = context.new_page()
    sign_in(other, screen.study.members[0].user.username)
    other.close()
    screen.saved()
    assert answer(screen, 1) == []


@pytest.mark.parametrize(("key", "held", "events"), [("1", [], 2), ("2", [MAYOR], 1)])
def test_of_two_answers_one_is_chosen(screen: Screen, key: str, held: object, events: int) -> None:
    unit = Unit.objects.get(text_version=screen.assignment.text_version, index=1)
    make.label(screen.assignment, unit, "attribution", [MAYOR])
    screen.press("0", "ArrowLeft")
    expect(screen.page.get_by_role("heading", name="Attribution was answered twice")).to_be_visible()
    screen.state("1 to settle")
    screen.press(key)
    screen.saved()
    assert answer(screen, 1) == held
    assert Event.objects.count() == events


def test_a_refused_answer_is_put_back(screen: Screen) -> None:
    def spoil(route: Route) -> None:
        body = re.sub(r"value=[^&]*", "value=%22nobody%22", str(route.request.post_data))
        route.continue_(post_data=body)

    screen.page.route("**/save/", spoil)
    screen.press("0")
    expect(screen.page.locator("#messages")).to_contain_text("has to be a list")
    expect(screen.page.locator("#u1 .answers")).to_be_empty()
    screen.state("Saved")


def test_one_key_is_one_request_and_no_other_host_is_asked(screen: Screen) -> None:
    requests: list[str] = []
    screen.page.on("request", lambda request: requests.append(request.url))
    screen.open()
    screen.saved()
    loaded = len(requests)
    screen.press("0")
    screen.saved()
    expect(screen.page.locator("#progress")).to_have_text("1 of 5 sentences")
    assert requests[loaded:] == [screen.address + "save/"]
    assert all(url.startswith((screen.live, "about:", "data:")) for url in requests)


def test_the_page_runs_under_the_content_security_policy(screen: Screen) -> None:
    complaints: list[str] = []
    screen.page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    screen.open().press("0", "m", "i", "a", "Space", "n", "Escape", "?")
    screen.saved()
    assert complaints == []


def test_a_phone_does_it_all_by_touch(browser: Browser, screen: Screen) -> None:
    phone = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    phone.add_cookies(screen.page.context.cookies())
    screen.page = phone.new_page()
    screen.open(2)
    for label in ("Mayor", "Indirect", "Accusing"):
        screen.page.locator(".choice:visible", has_text=label).tap()
    screen.here(3)
    screen.page.locator("#u2 .no").tap()
    screen.page.get_by_role("button", name="Mark words").tap()
    text = screen.page.locator("#u2 .text")
    text.tap(position={"x": 10, "y": 18})
    text.tap(position={"x": 50, "y": 18})
    expect(screen.page.locator(".picked")).to_have_text("The mayor")
    screen.page.locator(".choice:visible", has_text="Praise").tap()
    screen.saved()
    phone.close()
    assert answer(screen, 2) == [MAYOR]
    assert [span["quote"] for span in answer(screen, 2, "framing")] == ["The mayor"]


def test_axe_finds_nothing(screen: Screen) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for keys in ((), ("Space",), ("Escape", "?"), ("Escape", "Tab")):
        screen.press(*keys)
        found = Axe().run(screen.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, json.dumps(found.response["violations"], indent=1)[:3000]
