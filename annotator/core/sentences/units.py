"""Units, and the proof that a list of them covers a text."""

from collections.abc import Sequence
from dataclasses import dataclass

KINDS = (
    *("sentence", "headline", "dek", "subhead", "byline", "date", "caption", "credit"),
    *("promo", "pullquote", "list_item", "correction", "boilerplate"),
)
"""The kinds that a stretch of a text can have; `article`, the whole, is no stretch and not made here."""

RUNNING = frozenset({"sentence", "list_item"})
"""The kinds of line that may hold several units; all other lines are one unit whatever they hold."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of a text: `text` is the slice from `start` to `end`, in code points, end exclusive.

    `why` says which rule gave the kind, and why boundaries were drawn or refused inside and at the end.
    """

    start: int
    end: int
    kind: str
    text: str
    why: tuple[str, ...] = ()


class ProofError(ValueError):
    """Units that do not cover their text; the message names the unit or the offset."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What `prove` found to hold: so many units cover so many non-space characters, each exactly once."""

    units: int
    covered: int


def prove(text: str, units: Sequence[Unit]) -> Proof:
    """Prove that `units` are in order, disjoint, trimmed, and cover every non-space character of `text`.

    "Space" is what `str.isspace` says. Raises `ProofError` at the first unit that breaks this.

    >>> prove("No. ", [Unit(0, 3, "sentence", "No.")])
    Proof(units=1, covered=3)
    """
    covered = position = 0
    for number, unit in enumerate(units, 1):
        _prove_unit(text, unit, number)
        if unit.start < position:
            raise ProofError(f"unit {number} begins at {unit.start}, inside the unit before it")
        _prove_gap(text, position, unit.start)
        covered += sum(map(len, unit.text.split()))
        position = unit.end
    _prove_gap(text, position, len(text))
    return Proof(len(units), covered)


def _prove_unit(text: str, unit: Unit, number: int) -> None:
    if not 0 <= unit.start < unit.end <= len(text):
        raise ProofError(f"unit {number} runs from {unit.start} to {unit.end} in a text of {len(text)} characters")
    if unit.text != text[unit.start : unit.end]:
        raise ProofError(f"unit {number} is not the text from {unit.start} to {unit.end}")
    if unit.text[0].isspace() or unit.text[-1].isspace():
        raise ProofError(f"unit {number} begins or ends with white space")


def _prove_gap(text: str, start: int, end: int) -> None:
    gap = text[start:end]
    if gap and not gap.isspace():
        raise ProofError(f"text between {start} and {end} is in no unit")
