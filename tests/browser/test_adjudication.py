"""The bench of an adjudicator, from the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from annotator.models import Decision, DecisionEvent
from tests import make
from tests.browser.conftest import SignIn
from tests.browser.test_accessibility import faults

pytestmark = pytest.mark.django_db(transaction=True)

ARABIC = "اتهم العمدة النظام بالتأخير.\n\nقال السكان إن العبارة كلفتهم الكثير.\n\nوصلت الشاحنات متأخرة.\n"


def answers() -> list[object]:
    return list(Decision.objects.order_by("pk").values_list("value", flat=True))


def test_a_queue_is_walked_by_key_and_nothing_counts_as_saved_before_it_is(
    page: Page, live: str, sign_in: SignIn
) -> None:
    study = make.study(2, texts=[ARABIC])
    for number, value in enumerate(("for", "against")):
        for unit in study.units():
            make.label(study.assignment(number), unit, "stance", value)
    first = study.units()[0]
    marks = [{"start": first.start, "end": first.start + 4, "value": "praise"}]
    make.label(study.assignment(0), first, "framing", marks)
    sign_in(page, study.lead.user.username)
    page.goto(f"{live}/p/{study.slug}/adjudication/?question=stance&order=text")
    heading = page.get_by_role("navigation", name="Disagreements").get_by_role("heading", level=1)
    expect(heading).to_have_text("3 to settle")
    page.keyboard.press("n")  # neutral, by its key
    expect(heading).to_have_text("2 to settle")
    assert answers() == ["neutral"]
    # The line is dead, then comes back: said, kept, and sent again as one event.
    page.route("**/decide/", lambda route: route.abort())
    page.keyboard.press("Shift+A")
    expect(page.get_by_text("Not saved")).to_be_visible()
    assert answers() == ["neutral"]
    page.unroute("**/decide/")
    accepted = page.locator("[data-letter=A]").get_attribute("value")
    page.keyboard.press("Shift+A")
    expect(heading).to_have_text("One to settle")
    assert f'"{answers()[1]}"' == accepted
    page.keyboard.press("Backspace")
    expect(heading).to_have_text("2 to settle")
    page.keyboard.press(",")
    expect(page.get_by_label("Why, in a line")).to_be_focused()
    page.keyboard.type("هل هذا رأي؟")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(heading).to_have_text("One to settle")
    assert DecisionEvent.objects.latest("pk").reason == "هل هذا رأي؟"
    page.keyboard.press(".")
    page.keyboard.type("Because.")
    page.keyboard.press("Enter")  # nothing is chosen: the first button of the form accepts nobody's answer
    expect(page.get_by_role("alert")).to_contain_text("Choose an answer")
    expect(page.get_by_label("Why, in a line")).to_have_value("Because.")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.get_by_role("heading", name="All settled here")).to_be_visible()
    page.goto(f"{live}/p/{study.slug}/adjudication/?question=framing&at={first.pk}-framing")
    mark = page.get_by_role("checkbox", name="Praise")
    page.keyboard.press("?")
    page.get_by_label("Letters and digits answer").uncheck()
    page.keyboard.press("1")
    expect(mark).not_to_be_checked()
    page.get_by_label("Letters and digits answer").check()
    page.keyboard.press("1")
    expect(mark).to_be_checked()
    found = faults(page, "bench")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").get_by_text("Decided: “")).to_be_visible()
    page.goto(f"{live}/p/{study.slug}/adjudication/round/?round={study.round.pk}")
    assert not [*found, *faults(page, "round")]
