"""What the coding screen weighs over the wire: a real site, nothing cached, every byte counted."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.shared import SHARED, needs_shared
from tests.site import ROOT, site

MOST_BYTES, MOST_REQUESTS = 80_000, 10
FILL = """
import json, sys
import django
django.setup()
from pathlib import Path
from projects.readers import read
from projects.services.articles import import_articles
from projects.services.codebooks import import_codebook
from projects.services.rounds import open_round
from tests import fill, make
codebook, article = (Path(name) for name in sys.argv[1:])
fill.settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
lead = make.project()
import_codebook(member=lead, data=codebook.read_bytes())
articles = import_articles(member=lead, documents=read(article.name, article.read_bytes()), codable=["all"])
made = open_round(lead=lead, name="Round 1", purpose="pilot", articles=articles, members=[lead])
print(json.dumps({"slug": lead.project.slug, **fill.writer(made.assignments.get())}))
"""
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
        assert running.manage("migrate", "-v0").returncode == 0
        filled = running.run("-c", FILL, str(codebook), str(article))
        assert filled.returncode == 0, filled.stderr
        made = json.loads(filled.stdout)
        running.start("--no-worker")
        address = f"http://127.0.0.1:{running.port}"
        context = browser.new_context()
        context.add_cookies([{"name": "sessionid", "value": made["session"], "url": address}])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        weights: list[int] = []
        wire.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
        wire.send("Network.enable")
        page.goto(f"{address}/p/{made['slug']}/code/{made['assignment']}/")
        expect(page.locator(".unit.here")).to_be_visible()
        expect(page.locator("#save")).to_have_text("Saved")
        page.wait_for_load_state("networkidle")
        context.close()
    assert len(weights) <= MOST_REQUESTS
    assert 20_000 < sum(weights) <= MOST_BYTES
