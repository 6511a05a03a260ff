"""What the site installs: little, and the same everywhere."""

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from annotator import VERSION

ROOT = Path(__file__).resolve().parents[2]
MOST_PACKAGES = 60


def listed(path: str) -> list[str]:
    lines = [re.sub(r"\s*#.*", "", line) for line in (ROOT / path).read_text().splitlines()]
    return [line for line in lines if line and not line.startswith("-r ")]


def test_the_site_needs_few_packages() -> None:
    assert 0 < len(listed("requirements.txt")) <= MOST_PACKAGES


def test_every_package_is_pinned_to_one_version() -> None:
    everything = [line for path in ("", "tests/") for line in listed(f"{path}requirements.txt")]
    everything += listed("requirements-sso.txt")
    assert [line for line in everything if not re.fullmatch(r"[\w.-]+(\[\w+\])?==[\w.]+", line)] == []


def test_what_the_packages_need_is_pinned_too() -> None:
    """Otherwise two machines would run two sites."""
    wanted = [Requirement(line) for line in listed("requirements.txt")]
    pinned = {canonicalize_name(requirement.name) for requirement in wanted}
    missing = {
        f"{requirement.name} needs {needed.name}"
        for requirement in wanted
        for needed in map(Requirement, requires(requirement.name) or [])
        if canonicalize_name(needed.name) not in pinned and is_needed(needed, requirement.extras)
    }
    assert missing == set()


def is_needed(needed: Requirement, extras: set[str]) -> bool:
    return needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in (extras or {""}))


def test_reports_name_the_version_of_the_project() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION
