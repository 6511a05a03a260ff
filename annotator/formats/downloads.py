"""The files that a report can be taken away as."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotator.formats.bundle import Basis, bundle
from annotator.formats.methods import methods
from annotator.formats.reports import REPORT_FORMATS

BUNDLE = "bundle"
"""The one that holds single ratings."""


@dataclass(frozen=True)
class File:
    content: str | bytes
    content_type: str
    ending: str


NAMES = (*REPORT_FORMATS, "methods", BUNDLE)


def report_file(name: str, report: Mapping[str, Any], basis: Basis) -> File:
    """`name` is one of NAMES."""
    if name == BUNDLE:
        return File(bundle(report, basis), "application/zip", "zip")
    if name == "methods":
        return File(methods(report), "text/plain; charset=utf-8", "txt")
    chosen = REPORT_FORMATS[name]
    return File(chosen.write(report), f"{chosen.content_type}; charset=utf-8", chosen.ending)
