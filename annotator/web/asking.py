"""The questions of the coding screen: what the panel shows of a codebook, and how an answer is put into words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from annotator.core.codebook import (
    CANNOT_TELL,
    Codebook,
    Json,
    Value,
    Variable,
    assign_keys,
    condition_as_json,
    effective_keys,
    items_of,
)

# The rules on the page, each once, however many questions offer its value.
Rules = dict[tuple[Value, str], int]
HUES = 8
CLOSED = ("single", "multi", "ordinal")
MARGIN_LENGTH = 3


@dataclass(frozen=True)
class Option:
    """One value as it is offered: its key on the keyboard, its hue, and the number of its rule on the page."""

    value: Value
    key: str
    colour: str
    alone: bool
    rule: int


@dataclass(frozen=True)
class Question:
    """One step of the panel. An attribution is asked in three: `part` is source, manner or stance, else empty."""

    variable: Variable
    part: str
    group: str
    label: str
    wording: str
    options: Sequence[Option]
    retired: str = ""
    """Names by key, as JSON, of values that are no longer offered: answers of before may have them."""

    @property
    def id(self) -> str:
        return f"{self.variable.key}-{self.part}" if self.part else self.variable.key

    @property
    def marks(self) -> bool:
        """Whether words are marked here, with the pen."""
        return self.variable.kind == "span" or self.part == "roles"

    @property
    def may_not_tell(self) -> bool:
        """Whether "cannot tell" is an answer here."""
        return self.variable.cannot_tell and self.part != "roles"

    @property
    def required(self) -> bool:
        return self.variable.required and self.part != "roles"

    @property
    def several(self) -> bool:
        return self.variable.kind == "multi"

    @property
    def condition(self) -> str:
        """`visible_if` as JSON, empty where the question is always asked."""
        found = condition_as_json(self.variable)
        return json.dumps(found) if found else ""

    @property
    def default(self) -> str:
        return self.variable.default if isinstance(self.variable.default, str) else ""

    @property
    def limits(self) -> Mapping[str, str]:
        """What the browser needs to know of the variable's rules, as attributes."""
        variable = self.variable
        rules = {
            "limited": variable.limited_to or "",
            "most": variable.max_choices or "",
            "overlap": variable.span.overlap if variable.kind == "span" else "",
            "snap": variable.span.snap if variable.kind == "span" else "",
            "joins": variable.relations[0].source if variable.relations else "",
        }
        return {key: str(value) for key, value in rules.items() if value}


@dataclass(frozen=True)
class Asking:
    """The panel of a codebook: required questions first, then the others, and the rules that options refer to."""

    required: Sequence[Question]
    optional: Sequence[Question]
    rules: Sequence[tuple[Value, str]]
    margin: Sequence[str]


@dataclass(frozen=True)
class Margin:
    """The answers of a unit in the margin of the reading column."""

    headline: str = ""
    detail: str = ""
    colour: str = ""


def asking(book: Codebook) -> Asking:
    rules: Rules = {}
    groups = {group.key: group.label for group in book.groups}
    asked = [variable for variable in book.variables if not variable.retired]
    questions = [question for v in asked for question in _steps(v, groups.get(v.group, book.title), rules)]
    return Asking(
        required=[question for question in questions if question.required],
        # The pen's questions side by side: Tab changes between them.
        optional=sorted((q for q in questions if not q.required), key=lambda q: (not q.marks, q.part)),
        rules=list(rules),
        margin=margin_variables(book),
    )


def _steps(variable: Variable, group: str, rules: Rules) -> list[Question]:
    if variable.kind != "attribution":
        return [_question(variable, "", group, variable.label, variable.question, variable.values, rules)]
    steps: list[tuple[str, str, str, Sequence[Value]]] = [
        ("source", _("Source"), variable.question, variable.sources),
        ("manner", _("Manner"), _("How do the words come in?"), variable.manners),
        ("stance", _("Stance of the cue"), _("What do the reporting words imply?"), variable.stances),
        ("roles", _("Attribution words"), _("Which words are source, cue and content?"), roles()),
    ]
    return [
        _question(variable, part, group, label, wording, values, rules)
        for part, label, wording, values in steps
        if values
    ]


def roles() -> tuple[Value, ...]:
    """The parts of an attribution that words can be marked as, in the form of values."""
    return (
        Value("source", _("Source"), "s", definition=_("Who says it: the smallest complete phrase, a pronoun too.")),
        Value("cue", _("Cue"), "c", definition=_("The word that tells of the saying: accused, according to.")),
        Value("content", _("Content"), "x", definition=_("What is said, without its outer quotation marks.")),
        Value(
            "all", _("All three, around the cue"), "a", definition=_("Put the pen on the cue: the rest is proposed.")
        ),
    )


def _question(
    variable: Variable, part: str, group: str, label: str, wording: str, values: Sequence[Value], rules: Rules
) -> Question:
    keys = effective_keys(variable) if part in ("", "source") else assign_keys(values)
    options = []
    for value in values:
        if not value.retired:
            key = keys.get(value.key, "")
            rule = rules.setdefault((value, key), len(rules))
            options.append(Option(value, key, colour(variable, value), value.key in variable.exclusive, rule))
    retired = {value.key: value.label for value in values if value.retired}
    gone = json.dumps(retired, ensure_ascii=False) if retired else ""
    return Question(variable, part, group, label, wording, options, gone)


def colour(variable: Variable, value: Value) -> str:
    """The class of a value's hue: the one given, else by its place, where hues tell values apart at all."""
    if value.colour is not None:
        return f"c{value.colour}"
    if variable.kind not in ("multi", "span", "attribution") or value not in variable.choices:
        return ""
    if value.key in variable.exclusive:
        return "c0"
    hued = [other for other in variable.choices if other.key not in variable.exclusive]
    return f"c{hued.index(value) % HUES + 1}"


def margin_variables(book: Codebook) -> list[str]:
    """Whose answers stand in the margin: the attribution's, else those of the first required set and what follows."""
    asked = [v for v in book.variables if v.scope == "sentence" and not v.retired]
    whole = [v.key for v in asked if v.kind == "attribution"][:1]
    if whole:
        return whole
    closed = [v for v in asked if v.kind in CLOSED and v.required] or [v for v in asked if v.kind in CLOSED]
    first = next((number for number, v in enumerate(closed) if v.kind == "multi"), 0)
    return [v.key for v in closed[first : first + MARGIN_LENGTH]]


def margin(book: Codebook, scope: str, answers: Mapping[str, Json]) -> Margin:
    keys = margin_variables(book)
    if scope == "article":
        keys = [v.key for v in book.variables if v.scope == "article" and v.kind in CLOSED][:MARGIN_LENGTH]
    given = [(book.variable(key), answers[key]) for key in keys if answers.get(key) is not None]
    if not given:
        return Margin()
    variable, answer = given[0]
    if variable.kind == "attribution":
        return _attribution_margin(variable, answer)
    chosen = _values(variable, answer)
    others = [words(other, value) for other, value in given[1:]]
    return Margin(words(variable, answer), ", ".join(others), colour(variable, chosen[0]) if chosen else "")


def _attribution_margin(variable: Variable, answer: Json) -> Margin:
    if answer == CANNOT_TELL:
        return Margin(words(variable, answer))
    items = items_of(answer)
    if not items:
        return Margin(_("Narrator"), _("no attribution"), "c0")
    sources = list(dict.fromkeys(_label(variable.sources, item.get("source")) for item in items))
    first = items[0]
    detail = [_label(variable.manners, first.get("manner")), _label(variable.stances, first.get("stance"))]
    hue = next((colour(variable, v) for v in variable.sources if v.key == first.get("source")), "")
    return Margin(", ".join(sources), ", ".join(filter(None, detail)).lower(), hue)


def words(variable: Variable, answer: Json) -> str:
    """An answer in words, in one line."""
    if answer is None:
        return _("no answer")
    if answer == CANNOT_TELL:
        return _("cannot tell")
    if answer == []:
        return _("Narrator") if variable.kind == "attribution" else _("none")
    if variable.kind == "attribution":
        return "; ".join(_item_words(variable, item) for item in items_of(answer))
    if variable.kind == "span":
        marks = [(str(item.get("quote")), _label(variable.values, item.get("value"))) for item in items_of(answer)]
        return "; ".join(f"“{quote}” {label}" for quote, label in marks)
    if variable.kind in CLOSED:
        return ", ".join(value.label for value in _values(variable, answer)) or str(answer)
    return f"{answer} {variable.unit}".strip()


def _item_words(variable: Variable, item: Mapping[str, Json]) -> str:
    parts = [
        _label(variable.sources, item.get("source")),
        _label(variable.manners, item.get("manner")),
        _label(variable.stances, item.get("stance")),
    ]
    spans = item.get("spans")
    if isinstance(spans, list) and spans:
        parts.append(_("%(count)d parts marked") % {"count": len(spans)})
    return ", ".join(part for part in parts if part)


def _values(variable: Variable, answer: Json) -> list[Value]:
    keys = answer if isinstance(answer, list) else [answer]
    return [value for value in variable.values if value.key in keys]


def _label(values: Sequence[Value], key: Json) -> str:
    if key == CANNOT_TELL:
        return _("cannot tell")
    return next((value.label for value in values if value.key == key), "")
