"""What the codebook editor's page is made of: a form, its fields, its lists with their entries, its condition."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from annotator.core.codebook.simple_conditions import LISTED, Row
from annotator.web.codebook_fields import Field, Options, Text


@dataclass(frozen=True)
class Input:
    """One field as it stands on the page."""

    id: str
    field: Field
    value: str
    problems: Sequence[str]
    fixed: bool = False

    @property
    def options(self) -> Sequence[tuple[str, Text, bool]]:
        """Those of the field, whether each is chosen, and what stands in the document if it is none of them."""
        chosen = self.value.split("\n") if self.field.control == "picks" else [self.value]
        known = [key for key, _label in self.field.options]
        others = [(key, key or "–") for key in chosen if key not in known and (key or self.field.control != "picks")]
        return [(key, label, key in chosen) for key, label in (*self.field.options, *others)]

    @property
    def says(self) -> str:
        """What is said here in words, empty where an empty field says the same."""
        if self.value == self.field.shown({}):
            return ""
        if self.field.control == "check":
            return _("yes") if self.value else _("no")
        chosen = [str(label) for _key, label, chosen in self.options if chosen]
        return ", ".join(chosen) or self.value


@dataclass(frozen=True)
class Entry:
    """A value, an actor, a group: one line that opens."""

    id: str
    label: str
    key: str
    sign: str
    colour: str
    told: str
    retired: bool
    published: bool
    inputs: Sequence[Input]
    problems: Sequence[str]
    first: bool
    last: bool
    lists: Sequence["Listed"] = ()
    became: Sequence[str] = ()
    targets: Options = ()


@dataclass(frozen=True)
class Listed:
    """A list of entries, with the empty row at its end."""

    name: str
    label: Text
    new: Text
    entries: Sequence[Entry]
    problems: Sequence[str]


@dataclass(frozen=True)
class Test:
    """One row of "ask only if": what may be tested, how, and the answers or the number that it is tested for."""

    id: str
    row: Row
    variables: Options = ()
    tests: Options = ()
    operands: Sequence[tuple[str, Text, bool]] = ()
    numbers: str | None = None
    counts: bool = False

    @property
    def lists(self) -> bool:
        return self.row.test in LISTED

    @property
    def counted(self) -> bool:
        return self.counts and self.row.test == "count_at_least"

    @property
    def compares(self) -> bool:
        return self.row.test in ("at_least", "at_most")


@dataclass(frozen=True)
class Asked:
    """The condition of a question: rows, or where it nests deeper its JSON to read."""

    need: str
    tests: Sequence[Test]
    deep: str
    problems: Sequence[str]


@dataclass(frozen=True)
class Form:
    """What is edited: a question, or where `at` is None the codebook itself."""

    at: int | None
    label: str
    inputs: Sequence[Input]
    lists: Sequence[Listed]
    problems: Sequence[str]
    more: Sequence[Input] = ()
    key: str = ""
    retired: bool = False
    published: bool = False
    first: bool = True
    last: bool = True
    groups: Options = ()
    group: str = ""
    taken_from: str = ""
    asked: Asked | None = None

    @property
    def wrong_in_more(self) -> bool:
        return any(each.problems for each in self.more)


@dataclass(frozen=True)
class Link:
    at: int
    label: str
    kind: str
    retired: bool
    wrong: bool
