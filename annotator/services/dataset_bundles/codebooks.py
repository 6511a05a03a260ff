"""The codebook versions of a bundle: the document as it was hashed, and a page to read it by."""

import json
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from annotator.core.codebook import Codebook
from annotator.core.codebook.document import canonical_bytes
from projects.models import CodebookVersion, Round
from projects.queries.codebooks import codebook

STYLE = Path(__file__).parent / "codebook.css"


def write_codebooks(folder: Path, rounds: Sequence[Round]) -> list[int]:
    """Each version that a round uses; their numbers."""
    versions = {round.codebook_version.number: round.codebook_version for round in rounds}
    (folder / "codebook").mkdir()
    for number, version in sorted(versions.items()):
        document = folder / "codebook" / f"codebook-{number}.json"
        document.write_bytes(canonical_bytes(version.document))
        document.with_suffix(".html").write_text(_page(version), encoding="utf-8", newline="\n")
    return sorted(versions)


def _page(version: CodebookVersion) -> str:
    book = codebook(version.pk)
    context = {
        "book": book,
        "version": version,
        "direction": "rtl" if _base(book) in settings.LANGUAGES_BIDI else "ltr",
        "style": mark_safe(f"<style>\n{STYLE.read_text()}</style>"),
        "variables": [(variable, _condition(version, variable.key)) for variable in book.variables],
    }
    return render_to_string("export/codebook.html", context)


def _base(book: Codebook) -> str:
    return book.language.partition("-")[0].lower()


def _condition(version: CodebookVersion, key: str) -> str:
    """On which answers a question is asked, as the document says it; empty where always."""
    found = next((one.get("visible_if") for one in version.document["variables"] if one.get("key") == key), None)
    return json.dumps(found, ensure_ascii=False, sort_keys=True) if found else ""
