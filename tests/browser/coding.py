"""One annotator at the keyboard of the coding screen."""

from typing import Self

from playwright.sync_api import Browser, BrowserContext, Page, expect

from annotator.models import Label
from projects.models import Assignment, Unit
from tests import make
from tests.site import Desk, Site

MAYOR = {"source": "mayor", "manner": "indirect", "stance": "accusing", "spans": []}


class Keyboard:
    """The coding screen of one article, at an address."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def open(self, sentence: int | None = None) -> Self:
        self.page.goto("about:blank")
        self.page.goto(self.address + (f"#u{sentence}" if sentence is not None else ""))
        expect(self.page.locator(".unit.here")).to_be_visible()
        return self

    def press(self, *keys: str) -> Self:
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def here(self, sentence: int) -> None:
        expect(self.page.locator(".unit.here")).to_have_id(f"u{sentence}")

    def question(self, wording: str) -> None:
        expect(self.page.locator("fieldset.question:visible legend")).to_contain_text(wording)

    def state(self, words: str) -> None:
        expect(self.page.locator("#save")).to_have_text(words)

    def saved(self) -> None:
        self.state("Saved")

    @property
    def arrows(self) -> tuple[str, str]:
        """The keys on and back, in the direction of the article."""
        rtl = self.page.locator(".units").get_attribute("dir") == "rtl"
        return ("ArrowLeft", "ArrowRight") if rtl else ("ArrowRight", "ArrowLeft")


class Screen(Keyboard):
    """One annotator before one article of a study in the database of the test."""

    def __init__(self, page: Page, live: str, study: make.Study, assignment: Assignment) -> None:
        super().__init__(page, f"{live}/p/{study.slug}/code/{assignment.pk}/")
        self.live, self.study, self.assignment = live, study, assignment


def signed_in(browser: Browser, site: Site, desk: Desk) -> BrowserContext:
    """A browser in which the annotator of a desk is signed in on a real site."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.add_cookies([{"name": "sessionid", "value": desk.session, "url": site.address}])
    return context


def enter(page: Page, address: str, username: str) -> None:
    """Sign in by the form as a user of tests/make.py."""
    page.goto(f"{address}/accounts/login/")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(make.PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def weighed(page: Page, address: str) -> list[int]:
    """The bytes of each request of the coding screen, as they went over the wire."""
    wire = page.context.new_cdp_session(page)
    weights: list[int] = []
    wire.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    wire.send("Network.enable")
    Keyboard(page, address).open().saved()
    page.wait_for_load_state("networkidle")
    return weights


def answer(screen: Screen, sentence: int, variable: str = "attribution") -> object:
    unit = Unit.objects.get(text_version=screen.assignment.text_version, index=sentence)
    return Label.objects.get(unit=unit, variable=variable).value
