"""What a codebook consists of, once its document has been checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Kind = Literal["single", "multi", "ordinal", "number", "text", "span", "attribution"]
Scope = Literal["sentence", "article"]
Level = Literal["nominal", "ordinal", "interval", "ratio", "masi", "jaccard", "text", "span"]
# How a manner quotes: a clause of the source's, some of its words, one or two words held at a distance.
Quotation = Literal["", "direct", "partial", "scare"]
Overlap = Literal["none", "across_labels", "across_labels_and_nested", "any"]

KINDS: tuple[Kind, ...] = ("single", "multi", "ordinal", "number", "text", "span", "attribution")
CHOICE_KINDS: tuple[Kind, ...] = ("single", "multi", "ordinal", "span")
SCOPES: tuple[Scope, ...] = ("sentence", "article")
OVERLAPS: tuple[Overlap, ...] = ("none", "across_labels", "across_labels_and_nested", "any")
QUOTATIONS: tuple[Quotation, ...] = ("", "direct", "partial", "scare")
ROLES = ("source", "cue", "content")
# The answer of any variable, and of an attribution's manner or stance, that it can't be told: no value, yet answered.
CANNOT_TELL: Json = {"cannot_tell": True}


class Problem(NamedTuple):
    """One fault of a document: `where` is a path such as `variables[3].values[1].key`, empty for the whole."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class CodebookError(ValueError):
    """The document can't be a codebook; `problems` lists everything there is to mend."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class AnswerError(ValueError):
    """The answer doesn't fit its variable; the message says why and what would fit."""


@dataclass(frozen=True, slots=True)
class Value:
    """One possible answer of a closed variable; also a source, manner or stance of an attribution."""

    key: str
    label: str
    shortcut: str = ""
    code: int | float | None = None
    colour: int | None = None
    definition: str = ""
    use_when: str = ""
    not_when: str = ""
    positive: str = ""
    negative: str = ""
    edge_rule: str = ""
    aliases: tuple[str, ...] = ()
    side: str = ""
    actor_type: str = ""
    quotation: Quotation = ""
    retired: bool = False
    # Of a retired value: the one that it was merged into, or those that it was split into.
    became: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One test on another variable of the same unit; None in a list stands for "not answered".

    `at_least` and `at_most` compare the answer to a number variable, ends included.
    """

    variable: str
    any_of: tuple[str | int | float | None, ...] | None = None
    not_in: tuple[str | int | float | None, ...] | None = None
    count_at_least: int | None = None
    at_least: int | float | None = None
    at_most: int | float | None = None


@dataclass(frozen=True, slots=True)
class Combination:
    """`all` or `any` of several conditions."""

    need: Literal["all", "any"]
    conditions: tuple[Condition, ...]


Condition: TypeAlias = Comparison | Combination


@dataclass(frozen=True, slots=True)
class SpanRules:
    """How spans of one variable may lie to each other, and to what the pen snaps on the screen."""

    overlap: Overlap = "any"
    snap: str = "token"
    discontinuous: bool = True


@dataclass(frozen=True, slots=True)
class SpanAttribute:
    """A further closed question on each span. A retired one is not asked any more; what was answered to it stays."""

    key: str
    label: str
    kind: Literal["single", "multi", "ordinal", "bool"]
    values: tuple[Value, ...] = ()
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """Spans of the labels `targets` are joined to one of `source` by an equal `relation` text."""

    key: str
    source: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """One question. `values` holds the values taken over from another variable too."""

    key: str
    label: str
    kind: Kind
    scope: Scope
    measurement: Level
    required: bool = False
    group: str = ""
    question: str = ""
    definition: str = ""
    rule: str = ""
    positive: str = ""
    negative: str = ""
    edge_rule: str = ""
    values: tuple[Value, ...] = ()
    exclusive: tuple[str, ...] = ()
    max_choices: int | None = None
    limited_to: str | None = None
    default: Json = None
    visible_if: Condition | None = None
    span: SpanRules = SpanRules()
    span_attributes: tuple[SpanAttribute, ...] = ()
    relations: tuple[Relation, ...] = ()
    sources: tuple[Value, ...] = ()
    manners: tuple[Value, ...] = ()
    stances: tuple[Value, ...] = ()
    nested: bool = False
    min: int | float | None = None
    max: int | float | None = None
    integer: bool = False
    unit: str = ""
    max_length: int = 10_000
    cannot_tell: bool = True
    retired: bool = False

    @property
    def choices(self) -> tuple[Value, ...]:
        """The values that a condition on this variable speaks of: its own, or an attribution's sources."""
        return self.sources if self.kind == "attribution" else self.values

    def value(self, key: str) -> Value:
        """The value (or source) with this key; KeyError if there is none."""
        for value in self.choices:
            if value.key == key:
                return value
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Group:
    """A heading under which variables stand on the screen."""

    key: str
    label: str


@dataclass(frozen=True)
class Codebook:
    """A checked document. `order` names the variables so that each stands after those its condition needs."""

    key: str
    title: str
    language: str
    version: str
    variables: tuple[Variable, ...]
    groups: tuple[Group, ...] = ()
    general_rules: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    ignored: tuple[Problem, ...] = ()
    _by_key: Mapping[str, Variable] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {variable.key: variable for variable in self.variables})

    def variable(self, key: str) -> Variable:
        """The variable with this key; KeyError if there is none."""
        return self._by_key[key]

    def find(self, key: str) -> Variable | None:
        """The variable with this key, if there is one."""
        return self._by_key.get(key)
