"""What this machine lacks, so that some tests can't run here. Told at the end of every run, never passed over."""

import shutil
from importlib.util import find_spec

from tests import postgres
from tests.shared import SHARED

SSO = "signing in by another service, for django-allauth is not installed here (pip install -r requirements-sso.txt)"


def chromium() -> str | None:
    """The system's Chromium, or None. The one without a window of its own takes a quarter of the processor's time."""
    named = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    macos = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    return next((path for name in (*named, macos) if (path := shutil.which(name))), None)


def lines() -> list[str]:
    """One line for each group of tests that is not run, with the reason and the remedy."""
    found = []
    if chromium() is None:
        found.append("tests/browser, for there is no Chromium here (Debian: apt-get install chromium)")
    if postgres.program("initdb") is None:
        found.append("the tests on PostgreSQL, for it is not installed here (Debian: apt-get install postgresql)")
    if shutil.which("Rscript") is None:
        missing = "the R script of report bundles, and the example in R of docs/api.md"
        found.append(f"{missing}, for there is no R here (Debian: apt-get install r-base-core)")
    if find_spec("allauth") is None:
        found.append(SSO)
    if not SHARED.is_dir():
        found.append(f"the tests on reference data, for there is no folder {SHARED.name} beside this checkout")
    return found


if __name__ == "__main__":
    for line in lines():
        print(f"NOT RUN: {line}")  # noqa: T201
