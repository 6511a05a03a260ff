"""The language of an article that nobody named: a guess from its text, reported as one, and none where it is unsure."""

import re
from dataclasses import replace
from functools import cache
from typing import Protocol

from projects.readers.base import Document

_SAMPLE = 3000
"""Characters that the guess is made on; more takes long and changes nothing."""
_FEWEST_LETTERS = 60
_SUREST = 0.95
_NOT_LETTERS = re.compile(r"[\W\d_]+")


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


def with_language(document: Document) -> Document:
    """Add the likely language to a document without one; a short or mixed text gets none."""
    if document.metadata.get("language"):
        return document
    found = detected(document.text)
    if not found:
        return document
    return replace(document, metadata={**document.metadata, "language": found}, language_detected=True)


def detected(text: str) -> str:
    """Return the ISO 639-1 code of the language that a text is likely to be in, else an empty text."""
    sample = text[:_SAMPLE]
    if len(_NOT_LETTERS.sub("", sample)) < _FEWEST_LETTERS:
        return ""
    code, probability = _identifier().classify(sample)
    return code if probability >= _SUREST else ""


@cache
def _identifier() -> _Identifier:
    # Here, not above: the model takes 20 MB, which a worker that never imports an article should not pay.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier
