"""When a unit counts, and when it is done: one rule for counters, screens and imports."""

from collections.abc import Mapping
from typing import Literal

from annotator.core.codebook import Codebook, Json, is_done


def scope_of(index: int) -> Literal["sentence", "article"]:
    return "article" if index == 0 else "sentence"


def counts(book: Codebook, index: int) -> bool:
    """Sentences always count; the whole article only where the codebook requires an answer on it."""
    return index > 0 or any(v.required for v in book.variables if v.scope == "article")


def done(book: Codebook, index: int, answers: Mapping[str, Json]) -> bool:
    """Every required question that is asked has an answer; where none is required, any answer will do."""
    return counts(book, index) and bool(answers) and is_done(book, scope_of(index), answers)
