"""Numbers out of forms and addresses, where anything may stand."""

from collections.abc import Iterable


def number(text: str) -> int | None:
    """A number that a row may have; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def numbers(texts: Iterable[str]) -> list[int]:
    return [found for text in texts if (found := number(text)) is not None]
