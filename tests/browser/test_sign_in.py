"""Signing in, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.browser.conftest import SignIn


@pytest.mark.django_db(transaction=True)
def test_an_annotator_signs_in_and_finds_his_project(page: Page, live: str, sign_in: SignIn) -> None:
    study = make.study(annotators=1)
    account = study.members[0].user
    assert account is not None
    sign_in(page, account.username)
    expect(page.get_by_text(study.project.title).first).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_a_wrong_password_is_told_on_the_same_page(page: Page, live: str) -> None:
    make.user("rita")
    page.goto(live)
    page.locator("input[name=username]").fill("rita")
    page.locator("input[name=password]").fill("not this one")
    page.locator("input[name=password]").press("Enter")
    expect(page.locator("input[name=password]")).to_be_visible()
    expect(page).to_have_url(f"{live}/accounts/login/?next=/")
