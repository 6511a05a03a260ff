"""What the coding screen weighs over the wire: a real site, nothing cached, every byte counted."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.coding import signed_in, weighed
from tests.shared import SHARED, needs_shared
from tests.site import ROOT, site

MOST_BYTES, MOST_REQUESTS = 80_000, 10
CODEBOOK = "codebook_conflict_news.json"
CASES = [
    pytest.param(ROOT / "fixtures" / CODEBOOK, ROOT / "seeds" / "harbour_courier.txt", id="demo"),
    pytest.param(
        SHARED / "reference" / "science" / CODEBOOK,
        next((SHARED / "seeds").glob("*.txt"), SHARED),
        id="seed article, model codebook",
        marks=needs_shared,
    ),
]


@pytest.mark.parametrize(("codebook", "article"), CASES)
def test_the_screen_stays_within_its_budget(browser: Browser, tmp_path: Path, codebook: Path, article: Path) -> None:
    with site(tmp_path) as running:
        (desk,) = running.fill_articles(codebook, article, hints=True)
        running.start("--no-worker")
        context = signed_in(browser, running, desk)
        weights = weighed(context.new_page(), running.address + desk.path)
        context.close()
    assert len(weights) <= MOST_REQUESTS
    assert 20_000 < sum(weights) <= MOST_BYTES
