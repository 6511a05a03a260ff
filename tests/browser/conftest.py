"""A real Chromium before a real server.

`live` is Django's server in this process, on the database of the test: builders of tests/make.py fill it, and each
request has a thread and a connection of its own. What gunicorn, hashed static files and compression do is tested on
`tests.site.Site`, which is `manage.py serve` itself.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests import absent, make
from tests.browser.coding import Screen, enter

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SignIn = Callable[[Page, str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True, scope="session")
def _database_beside_an_event_loop() -> Iterator[None]:
    """Playwright runs an event loop in this thread, where Django would refuse its database. Nothing here awaits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = absent.chromium()
    if path is None:
        pytest.skip("NOT RUN: there is no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that remembers nothing. An error in a script of ours fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", reduced_motion="reduce")
    opened, errors = context.new_page(), list[str]()
    opened.set_default_timeout(10_000)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert not errors, errors


@pytest.fixture
def live(live_server: LiveServer) -> str:
    """The address of the running site, without a slash at its end."""
    return live_server.url


@pytest.fixture
def sign_in(live: str) -> SignIn:
    """Sign in as a user of tests/make.py: `sign_in(page, username)`."""
    return lambda page, username: enter(page, live, username)


@pytest.fixture
def screen(page: Page, live: str, sign_in: SignIn) -> Screen:
    study = make.study(1)
    sign_in(page, study.members[0].user.username)
    return Screen(page, live, study, study.assignment()).open()
