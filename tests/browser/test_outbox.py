"""What the browser keeps until the server has it: refused, misunderstood, answered twice, and half typed."""

from collections.abc import Callable
from typing import Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from annotator.models import Event, Label
from projects.models import Assignment, Unit
from tests import make
from tests.browser.coding import MAYOR, Screen, answer
from tests.browser.test_accessibility import faults

pytestmark = [pytest.mark.django_db(transaction=True)]
SignIn = Callable[[Page, str], None]
SAVES = "**/save/"
LATE = 250
RELEASED, STARTED = Assignment.State.RELEASED, Assignment.State.STARTED
RESIDENTS = MAYOR | {"source": "residents"}
SECOND = "Second\n\nThe road was closed. Nobody said why.\n"


def keep_back(screen: Screen, *keys: str) -> None:
    """Press keys while nothing gets through, and leave the page."""
    context = screen.page.context
    context.route(SAVES, lambda route: route.abort())
    screen.press(*keys)
    expect(screen.page.locator("#save")).to_contain_text("kept here")
    screen.page.goto("about:blank")
    # A page that goes tries once more, and a busy browser tells of it late.
    screen.page.wait_for_timeout(LATE)
    context.unroute(SAVES)


def said_elsewhere(screen: Screen, value: object, sentence: int = 1) -> None:
    unit = Unit.objects.get(text_version=screen.assignment.text_version, index=sentence)
    make.label(screen.assignment, unit, "attribution", value)


@pytest.fixture
def two_articles(page: Page, live: str, sign_in: SignIn) -> tuple[Screen, Screen]:
    """The same annotator's screens of two articles, in one tab."""
    study = make.study(1, [make.TEXT, SECOND])
    sign_in(page, study.members[0].user.username)
    shares = Assignment.objects.filter(member=study.members[0]).order_by("pk")
    first, second = (Screen(page, live, study, share) for share in shares)
    return first.open(), second


@pytest.fixture
def refused(two_articles: tuple[Screen, Screen]) -> Screen:
    """The second article, after an answer to the first was refused because that was taken back."""
    first, second = two_articles
    keep_back(first, "0")
    Assignment.objects.filter(pk=first.assignment.pk).update(state=RELEASED)
    second.open().state("1 not taken")
    return second


def kept(screen: Screen) -> Locator:
    return screen.page.locator("#kept details")


def close_round(screen: Screen, *, closed: bool = True) -> None:
    screen.study.round.closed_at = timezone.now() if closed else None
    screen.study.round.save()


def test_a_refused_answer_holds_up_no_other(refused: Screen) -> None:
    refused.press("0").here(2)
    expect(refused.page.locator("#progress")).to_have_text("1 of 3 sentences")
    assert answer(refused, 1) == []
    refused.state("1 not taken")


def test_a_refused_answer_is_shown_with_its_reason_also_after_a_reload(refused: Screen) -> None:
    for _ in range(2):
        expect(kept(refused).locator("summary")).to_contain_text("This article is no longer yours to label.")
        refused.page.get_by_role("link", name="Show").click()
        expect(kept(refused).locator("li")).to_contain_text("Article 1 of 2 · 1 Attribution: Narrator")
        refused.open()


def test_a_refused_answer_is_sent_again_by_hand(refused: Screen) -> None:
    Assignment.objects.filter(state=RELEASED).update(state=STARTED)
    refused.page.get_by_role("link", name="Show").click()
    refused.page.get_by_role("button", name="Try again").click()
    refused.saved()
    expect(kept(refused)).to_have_count(0)
    assert Label.objects.get().value == []


def test_a_refused_answer_is_dropped_by_hand_only(refused: Screen) -> None:
    refused.page.get_by_role("link", name="Show").click()
    refused.page.get_by_role("button", name="Drop").click()
    refused.saved()
    refused.open().saved()
    expect(kept(refused)).to_have_count(0)
    assert not Event.objects.exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_answers_are_kept_and_compared(
    two_articles: tuple[Screen, Screen], scheme: Literal["light", "dark"]
) -> None:
    first, second = two_articles
    first.page.emulate_media(color_scheme=scheme)
    keep_back(first, "0")
    said_elsewhere(first, [MAYOR])
    first.open(1).state("1 to settle")
    assert not faults(first.page, "conflict")
    Assignment.objects.filter(pk=first.assignment.pk).update(state=RELEASED)
    first.press("1").state("1 not taken")
    assert not faults(first.page, "not taken")
    second.open().page.get_by_role("link", name="Show").click()
    assert not faults(second.page, "not taken elsewhere")


def test_a_round_that_closes_puts_back_what_it_did_not_take(screen: Screen) -> None:
    close_round(screen)
    screen.page.context.set_offline(True)
    screen.press("0", "m", "i", "a")
    screen.page.context.set_offline(False)
    screen.state("4 not taken")
    expect(screen.page.locator("#u1 .answers")).to_be_empty()
    expect(kept(screen).locator("summary")).to_contain_text("4 kept here, not taken: This round is closed.")
    close_round(screen, closed=False)
    screen.open().saved()
    assert (answer(screen, 1), answer(screen, 2)) == ([], [MAYOR])


def test_a_new_answer_takes_the_refused_one_before_it_along(screen: Screen) -> None:
    close_round(screen)
    screen.press("0").state("1 not taken")
    close_round(screen, closed=False)
    screen.press("ArrowLeft", "m")
    screen.saved()
    assert [event.base_version for event in Event.objects.order_by("pk")] == [0, 1]
    assert answer(screen, 1) == [MAYOR | {"manner": None, "stance": None}]


def test_somebody_elses_session_is_no_refusal(page: Page, live: str, sign_in: SignIn) -> None:
    study = make.study(2)
    sign_in(page, study.members[0].user.username)
    screen = Screen(page, live, study, study.assignment()).open()
    other = page.context.new_page()
    page.context.clear_cookies()
    sign_in(other, study.members[1].user.username)
    screen.press("0")
    screen.state("Signed out, 1 kept here")
    page.context.clear_cookies()
    sign_in(other, study.members[0].user.username)
    screen.saved()
    assert answer(screen, 1) == []


@pytest.mark.parametrize("status", [200, 400, 404, 409, 422, 500])
def test_a_page_that_is_not_ours_saves_nothing_and_drops_nothing(screen: Screen, status: int) -> None:
    foreign: list[str] = []

    def portal(route: Route) -> None:
        foreign.append(route.request.url)
        route.fulfill(status=status, content_type="text/html", body="<h1>Welcome to the harbour café</h1>")

    screen.page.route(SAVES, portal)
    screen.press("0")
    screen.state("1 waiting")
    screen.page.wait_for_function("() => !document.querySelector('#settle').childElementCount")
    assert foreign
    screen.page.unroute(SAVES)
    screen.saved()
    assert answer(screen, 1) == []


def test_an_answer_that_the_server_fails_at_lets_the_others_pass(screen: Screen) -> None:
    def fail(route: Route) -> None:
        if "value=%5B%5D" in str(route.request.post_data):
            return route.fulfill(status=500, body="<h1>Server Error (500)</h1>")
        return route.continue_()

    screen.page.route(SAVES, fail)
    screen.press("0", "m")
    screen.state("1 waiting")
    expect(screen.page.locator("#u2 .answers[data-event]")).to_be_attached(timeout=15_000)
    assert answer(screen, 2) == [MAYOR | {"manner": None, "stance": None}]


def test_the_same_answer_twice_needs_no_question(screen: Screen) -> None:
    said_elsewhere(screen, [])
    screen.press("0").here(2)
    screen.saved()
    expect(screen.page.locator("#settle section")).to_have_count(0)
    screen.press("ArrowLeft", "m")
    screen.saved()
    assert [event.base_version for event in Event.objects.order_by("pk")] == [0, 1]


def test_of_several_answers_waiting_the_last_is_called_mine(screen: Screen) -> None:
    keep_back(screen, "0", "ArrowLeft", "m", "i", "a")
    said_elsewhere(screen, [RESIDENTS])
    screen.open(1).state("1 to settle")
    expect(screen.page.locator('[data-keep="mine"] bdi')).to_have_text("Mayor, Indirect, Accusing")
    expect(screen.page.locator('[data-keep="other"] bdi')).to_contain_text("Residents")
    screen.press("1")
    screen.saved()
    assert answer(screen, 1) == [MAYOR]


def test_a_conflict_says_what_stays_in_the_history(screen: Screen) -> None:
    said_elsewhere(screen, [MAYOR])
    screen.press("0", "ArrowLeft")
    expect(screen.page.locator("#settle")).to_contain_text("Yours goes there only if you keep it.")


def test_a_conflict_in_another_article_leads_there(two_articles: tuple[Screen, Screen]) -> None:
    first, second = two_articles
    keep_back(first, "0")
    said_elsewhere(first, [MAYOR])
    second.open().state("1 to settle")
    second.page.get_by_role("link", name="Show").click()
    second.page.wait_for_url(f"{first.address}#u1")
    expect(first.page.get_by_role("heading", name="Attribution was answered twice")).to_be_visible()
    first.press("1").saved()
    assert answer(first, 1) == []


def test_what_follows_an_answer_that_was_wrong_is_counted_anew_for_good(screen: Screen) -> None:
    context = screen.page.context
    context.route(SAVES, lambda route: route.abort())
    screen.press("0", "ArrowLeft", "m").state("Offline, 2 kept here")
    seen: list[str] = []

    def spoil_first(route: Route) -> None:
        seen.append(str(route.request.post_data))
        if len(seen) > 1:
            return route.abort()
        return route.continue_(post_data=seen[0].replace("value=%5B%5D", "value=%22nobody%22"))

    context.unroute(SAVES)
    context.route(SAVES, spoil_first)
    expect(screen.page.locator("#messages")).to_contain_text("has to be a list")
    screen.state("Offline, 1 kept here")
    screen.page.goto("about:blank")
    context.unroute(SAVES)
    screen.open(1).saved()
    assert Event.objects.get().base_version == 0


def test_a_text_is_saved_while_it_is_typed(screen: Screen) -> None:
    screen.page.locator(".asked", has_text="Remark").click()
    screen.page.locator("textarea:visible").focus()
    with screen.page.expect_response(SAVES):
        screen.page.keyboard.type("half a no")
    screen.saved()
    assert answer(screen, 1, "remark") == "half a no"
    screen.page.keyboard.type("te")
    screen.press("Control+Enter")
    screen.saved()
    assert answer(screen, 1, "remark") == "half a note"


def test_letters_that_were_switched_off_stay_off(screen: Screen) -> None:
    screen.press("?")
    screen.page.get_by_label("Letters and digits answer").uncheck()
    screen.open().press("0").here(1)
    screen.press("?")
    screen.page.get_by_label("Letters and digits answer").check()
    screen.open().press("0").here(2)
    screen.saved()
