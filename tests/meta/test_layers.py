"""Who may import whom: the walls of the house, as the architecture draws them."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMON = {"core", "models", "permissions"}
# What a layer may import of ours, beside itself. Models are there for their types: multi-table reads are in queries.
MAY_IMPORT: dict[str, set[str]] = {
    "core": set(),
    "formats": {"core"},
    "readers": {"core"},
    "models": {"core"},
    "permissions": {"core", "models"},
    "queries": {"core", "models"},
    "services": {*COMMON, "queries", "formats", "readers"},
    "web": {*COMMON, "queries", "services"},
    "api": {*COMMON, "queries", "services"},
    "tasks": {*COMMON, "queries", "services"},
    "management": {*COMMON, "queries", "services"},
}
# The architecture lets services alone import readers and formats. A page or command reads an upload before it hands its
# articles to a service, for an unreadable file is answered with a choice of encodings, which is no refusal of a
# service; and both name the formats there are.
ALSO = {(outer, inner) for outer in ("web", "management") for inner in ("readers", "formats")}
# `services.jobs` enqueues the task, which imports that service when it runs.
ALSO |= {("services", "tasks")}
PURE = {*sys.stdlib_module_names, "numpy", "annotator"}
# Extras that the site does without, imported where they are needed.
OPTIONAL = {"annotator.core.agreement.gamma": {"scipy"}}
OUR_CORE = "annotator.core"


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("annotator", "projects"):
        for path in sorted((ROOT / top).rglob("*.py")):
            if "migrations" not in path.parts:
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def imports(module: str, path: Path) -> Iterator[str]:
    """The full names of the modules that a module imports, those inside functions too."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
            origin = ".".join(part for part in (base, node.module) if part)
            yield from (f"{origin}.{name.name}" for name in node.names)


def layer(module: str) -> str:
    """The layer of one of our modules; empty for the wiring of the site (settings, urls, middleware, server)."""
    parts = module.split(".")
    return parts[1] if parts[0] in {"annotator", "projects"} and len(parts) > 1 and parts[1] in MAY_IMPORT else ""


ALL = [(module, path, list(imports(module, path))) for module, path in modules()]


def breaches_of_layers() -> Iterator[str]:
    for module, _, imported in ALL:
        own = layer(module)
        for name in imported:
            other = layer(name)
            if own and other and other not in {own, *MAY_IMPORT[own]} and (own, other) not in ALSO:
                yield f"{module} ({own}) imports {name} ({other})"


def test_each_layer_imports_only_those_below_it() -> None:
    assert list(breaches_of_layers()) == []


def test_projects_knows_nothing_of_annotator_but_its_core() -> None:
    found = [
        f"{module} imports {name}"
        for module, _, imported in ALL
        for name in imported
        if module.startswith("projects") and name.startswith("annotator") and not name.startswith(OUR_CORE)
    ]
    assert found == []


def test_the_core_needs_nothing_but_the_standard_library_and_numpy() -> None:
    found = [
        f"{module} imports {name}"
        for module, _, imported in ALL
        for name in imported
        if module.startswith(OUR_CORE)
        and name.split(".")[0] not in OPTIONAL.get(module, set())
        and (name.split(".")[0] not in PURE or (name.startswith("annotator") and not name.startswith(OUR_CORE)))
    ]
    assert found == []


@pytest.mark.parametrize("below", ["formats", "readers"])
def test_formats_and_readers_know_no_database(below: str) -> None:
    found = [
        f"{module} imports {name}"
        for module, _, imported in ALL
        for name in imported
        if layer(module) == below and name.split(".")[0] in {"django", "rest_framework"}
    ]
    assert found == []


def test_the_walk_sees_every_layer_and_relative_imports() -> None:
    """If the walk went blind, all tests above would pass."""
    seen = {layer(name) for _, _, imported in ALL for name in imported}
    assert {"core", "models", "queries", "services", "permissions", "readers"} <= seen
    path = ROOT / "projects" / "services" / "articles.py"
    assert "projects.services.transaction.write" in list(imports("projects.services.articles", path))
