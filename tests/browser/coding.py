"""One annotator at the keyboard of the coding screen."""

from playwright.sync_api import Page, expect

from annotator.models import Label
from projects.models import Assignment, Unit
from tests import make

MAYOR = {"source": "mayor", "manner": "indirect", "stance": "accusing", "spans": []}


class Screen:
    """One annotator before one article."""

    def __init__(self, page: Page, live: str, study: make.Study, assignment: Assignment) -> None:
        self.page, self.live, self.study, self.assignment = page, live, study, assignment

    @property
    def address(self) -> str:
        return f"{self.live}/p/{self.study.slug}/code/{self.assignment.pk}/"

    def open(self, sentence: int | None = None) -> "Screen":
        self.page.goto("about:blank")
        self.page.goto(self.address + (f"#u{sentence}" if sentence is not None else ""))
        expect(self.page.locator(".unit.here")).to_be_visible()
        return self

    def press(self, *keys: str) -> "Screen":
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


def answer(screen: Screen, sentence: int, variable: str = "attribution") -> object:
    unit = Unit.objects.get(text_version=screen.assignment.text_version, index=sentence)
    return Label.objects.get(unit=unit, variable=variable).value
