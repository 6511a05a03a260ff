"""What somebody has to say of a table before its answers can be counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from annotator.core.coded_tables import Level, parse_level
from annotator.core.errors import InvalidError

LAYOUTS = ("wide", "long")
SKIPPED = ""
ROLES: Mapping[str, tuple[str, ...]] = {
    "wide": (SKIPPED, "unit", "article", "text", "annotator"),
    "long": (SKIPPED, "unit", "article", "text", "annotator", "variable", "value", "occasion"),
}
"""What a column may be. `wide`: a row a unit, a column an annotator; `long`: a row an answer. A text counts for nothing
until a project is made of the table."""

SINGLE_ROLES = frozenset({"unit", "article", "text", "variable", "occasion"})
MISSING_MARKS = ("NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", ".")
"""Cells that count as missing unless somebody says otherwise; an empty one always does, but where it is a set."""


@dataclass(frozen=True)
class Reading:
    """How a table is read. `roles` has an entry a column.

    `per_question`: so many columns of annotators in a row belong to one question (wide only); 0 means all of them.
    `levels` holds those that somebody chose; the others are guessed from the answers. `merges`: the groups of values
    of a variable that its figures count as one.
    """

    layout: str
    header: bool
    roles: tuple[str, ...]
    missing: tuple[str, ...] = MISSING_MARKS
    per_question: int = 0
    levels: Mapping[str, Level] = field(default_factory=dict)
    merges: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    def column(self, role: str) -> int | None:
        """The one column with this role."""
        return next((place for place, own in enumerate(self.roles) if own == role), None)

    def columns(self, role: str) -> list[int]:
        return [place for place, own in enumerate(self.roles) if own == role]

    def fault(self) -> str:
        """Why no answers can be read like this; empty where they can."""
        for role in SINGLE_ROLES:
            if len(self.columns(role)) > 1:
                return f"two columns are said to be the {role}; choose one"
        return _wide_fault(self) if self.layout == "wide" else _long_fault(self)


def _wide_fault(reading: Reading) -> str:
    columns = len(reading.columns("annotator"))
    if columns < 2:
        return "a table with a column an annotator needs two such columns or more"
    if reading.per_question and (reading.per_question < 2 or columns % reading.per_question):
        return (
            f"{columns} columns of annotators can't be parted into questions of {reading.per_question};"
            " give a number from 2 up that divides them"
        )
    return ""


def _long_fault(reading: Reading) -> str:
    for role in ("unit", "annotator", "value"):
        if not reading.columns(role):
            return f"no column is said to be the {role}"
    if len(reading.columns("annotator")) > 1:
        return "two columns are said to be the annotator; choose one"
    if reading.columns("variable") and len(reading.columns("value")) > 1:
        return "a table with a column of variables has one column of values"
    return ""


def parse_levels(said: Iterable[str], names: Sequence[str]) -> dict[str, Level]:
    """Read levels as LEVEL (of all variables) and VARIABLE=LEVEL (of one); the latter counts more.

    >>> parse_levels(["nominal", "tone=ordinal:low,high"], ["tone", "side"])["tone"].order
    ('low', 'high')
    """
    texts = list(said)
    levels: dict[str, Level] = {}
    for text in texts:
        if "=" not in text:
            levels |= dict.fromkeys(names, parse_level(f"all={text}")[1])
    for variable, level in (parse_level(text) for text in texts if "=" in text):
        if variable not in names:
            raise InvalidError(f"The table has no variable {variable!r}; it has {', '.join(names[:20])}.")
        levels[variable] = level
    return levels
