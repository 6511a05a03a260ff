"""A dataset as one ZIP that can be published as it is.

It is a Frictionless data package (`datapackage.json`), a Croissant dataset (`croissant.json`) and a folder of Hugging
Face (`README.md`, Parquet) at once: the three describe the same files.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from annotator.core.dataset_bundle import BundleFacts, BundleTable
from annotator.formats.dataset_bundle.card import card
from annotator.formats.dataset_bundle.citation import citation
from annotator.formats.dataset_bundle.croissant import croissant
from annotator.formats.dataset_bundle.frictionless import datapackage
from annotator.formats.dataset_bundle.manifest import manifest
from annotator.formats.dataset_bundle.tables import file_of
from annotator.formats.zipped import zip_pieces

PIECE = 1 << 20
MANIFEST = "manifest.json"


def write_descriptions(folder: Path, facts: BundleFacts, tables: Sequence[BundleTable]) -> None:
    """Beside the files that are there, write those that tell of them; the manifest, which lists all, last."""
    (folder / "README.md").write_text(card(facts, tables), encoding="utf-8", newline="\n")
    if facts.publishing.creators:
        (folder / "CITATION.cff").write_text(citation(facts), encoding="utf-8", newline="\n")
    _write_json(folder / "datapackage.json", datapackage(facts, tables))
    _write_json(folder / "croissant.json", croissant(facts, tables))
    files = [file_of(folder, path) for path in paths(folder)]
    _write_json(folder / MANIFEST, manifest(facts, tables, files))


def zipped(folder: Path) -> Iterator[bytes]:
    return zip_pieces(((path, _pieces(folder / path)) for path in paths(folder)), large=True)


def paths(folder: Path) -> list[str]:
    """Of all files, those at the top first."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(found, key=lambda path: (path.count("/"), path))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
