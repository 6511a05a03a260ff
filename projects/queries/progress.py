"""When a unit counts, and when it is done: one rule for counters, screens and imports."""

from collections.abc import Collection, Mapping
from typing import Literal

from annotator.core.codebook import Codebook, Json, asked, is_done


def scope_of(index: int) -> Literal["sentence", "article"]:
    return "article" if index == 0 else "sentence"


def counts(book: Codebook, index: int) -> bool:
    """Sentences always count; the whole article only where the codebook requires an answer on it."""
    return index > 0 or any(v.required for v in book.variables if v.scope == "article")


def done(book: Codebook, index: int, answers: Mapping[str, Json], waiting: Collection[str] = ()) -> bool:
    """Every required question that is asked has an answer; where none is required, any answer will do.

    `waiting` are the keys of the questions that wait to be confirmed: as long as one of them is asked, it isn't done.
    """
    scope = scope_of(index)
    if not (counts(book, index) and answers and is_done(book, scope, answers)):
        return False
    return not waiting or all(variable.key not in waiting for variable in asked(book, scope, answers))
