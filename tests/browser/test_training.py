"""Training at the keyboard: told after each answer, then the result; and what a lead sees of it."""

import pytest
from playwright.sync_api import Page, expect

from annotator.models import Decision, GoldAnswer
from annotator.services.gold import gold_from_decisions
from projects.models import Round
from tests import make
from tests.browser.coding import Screen
from tests.browser.conftest import SignIn
from tests.browser.test_accessibility import faults

pytestmark = pytest.mark.django_db(transaction=True)
ARABIC = "الجسر\n\nقال المجلس إن الهدنة انتهت. غادر الجيش المدينة.\n"
VOICE = make.closed("voice", council="c", army="a", nobody="n")


def test_a_training_from_the_first_key_to_the_result(page: Page, live: str, sign_in: SignIn) -> None:
    study = make.study(1, [ARABIC], purpose="training", document=make.CODEBOOK | {"variables": [VOICE]})
    for unit, value in zip(study.units(), ("nobody", "council", "army"), strict=True):
        Decision.objects.create(round=study.round, unit=unit, variable="voice", value=value, version=1)
    gold_from_decisions(lead=study.lead, round=study.round)
    GoldAnswer.objects.update(explanation="لأنه قال ذلك")
    Round.objects.update(feedback=True, pass_mark=0.9)
    annotator = study.members[0].user
    assert annotator is not None
    sign_in(page, annotator.username)
    screen = Screen(page, live, study, study.assignment()).open()
    told = page.locator("#told")
    expect(told).to_be_empty()
    screen.press("n")
    expect(told).to_have_text("1 Voice: right.")
    screen.press("n")
    expect(told).to_contain_text("2 Voice: you gave nobody, right is council.")
    expect(told).to_contain_text("لأنه قال ذلك")
    expect(told).to_have_attribute("role", "status")
    found = faults(page, "what is told")
    page.set_viewport_size({"width": 1280, "height": 800})
    screen.press("a")
    expect(told).to_have_text("3 Voice: right.")
    screen.saved()
    screen.press("Enter")
    page.get_by_role("heading", name="“Round 1” is not passed yet").wait_for()
    expect(page.locator(".lede")).to_contain_text("2 of 3 answers (66.7 %) were right at first. 90 % are needed.")
    found += faults(page, "result")
    page.context.clear_cookies()
    assert study.lead.user is not None
    sign_in(page, study.lead.user.username)
    for path in ("gold/", f"gold/{study.articles[0].pk}/", f"rounds/{study.round.pk}/training/", "rounds/new/"):
        page.goto(f"{live}/p/{study.slug}/{path}")
        found += faults(page, path)
    assert not found, "\n".join(found)
