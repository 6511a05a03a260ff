"""The language of an article that nobody named: a guess from its text, reported as one, and none where it is unsure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Protocol

from projects.readers.base import Document

Guess = Callable[[Sequence[str]], list[str]]
"""Names the language of each sample, with an empty text where it is unsure."""

_SAMPLE = 1000
"""Characters that the guess is made on; more takes long and changes nothing."""
_FEWEST_LETTERS = 60
_SUREST = 0.9
# Those that newspapers are written in. Among its 142 the model has dialects that take the certainty from their
# neighbours (Moroccan from Arabic, Nigerian pidgin from English).
_NEWSPAPER_LANGUAGES = (
    "af am ar az be bg bn ca cs cy da de el en es et eu fa fi fr ga gl gu ha he hi hr hu hy id is it ja ka kk km ko ku "
    "ky lt lv mk ml mn mr ms my ne nl no pa pl ps pt ro ru si sk sl so sq sr sv sw ta te tg th tl tr uk ur uz vi zh"
)
_NOT_LETTERS = re.compile(r"[\W\d_]+")


class _Identifier(Protocol):
    def set_languages(self, langs: list[str]) -> None: ...
    def classify(self, text: str) -> tuple[str, float]: ...


def with_languages(documents: Sequence[Document], guess: Guess) -> list[Document]:
    """Add the likely language to documents without one; a short or mixed text gets none."""
    samples = [_sample(document) for document in documents]
    guessed = iter(guess(asked) if (asked := [sample for sample in samples if sample]) else [])
    found = [next(guessed) if sample else "" for sample in samples]
    return [_named(document, code) if code else document for document, code in zip(documents, found, strict=True)]


def likely_languages(samples: Sequence[str]) -> list[str]:
    """Return the ISO 639-1 code of the language that each sample is likely to be in; takes 75 MB for the model."""
    return [_likely(*_identifier().classify(sample)) for sample in samples]


def _sample(document: Document) -> str:
    """Return what a guess can be made on: nothing where the language is named already, or the text is too short."""
    sample = "" if document.metadata.get("language") else document.text[:_SAMPLE]
    return sample if len(_NOT_LETTERS.sub("", sample)) >= _FEWEST_LETTERS else ""


def _named(document: Document, code: str) -> Document:
    return replace(document, metadata={**document.metadata, "language": code}, language_detected=True)


def _likely(code: str, probability: float) -> str:
    return code if probability >= _SUREST else ""


@cache
def _identifier() -> _Identifier:
    # Here, not above: whoever only asks which documents lack a language needs no model.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_NEWSPAPER_LANGUAGES.split())
    return identifier
