"""The codebook editor's page: the list of questions, the form of one of them, and what is wrong with each field."""

import json
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from annotator.core.codebook import Json, Problem
from annotator.core.codebook.editing import Document, Identity, Place, entries, entry_at, identity, moved_to
from annotator.core.codebook.simple_conditions import Row, as_rows
from annotator.web.codebook_edits import operands_on_offer
from annotator.web.codebook_fields import (
    BOOK,
    GROUP,
    Field,
    fields_of_question,
    fields_of_value,
    lists_of_question,
)

Text = str | Promise
Options = Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class Input:
    """One field as it stands on the page."""

    id: str
    field: Field
    value: str
    problems: Sequence[str]
    fixed: bool = False

    @property
    def options(self) -> Options:
        """Those of the field, and what stands in the document if it is none of them."""
        known = any(self.value == key for key, _label in self.field.options)
        return self.field.options if known else [*self.field.options, (self.value, self.value or "–")]


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


@dataclass(frozen=True)
class Listed:
    """A list of entries, with the empty row at its end."""

    name: str
    label: str
    new: str
    entries: Sequence[Entry]
    problems: Sequence[str]


@dataclass(frozen=True)
class Test:
    """One row of "ask only if"."""

    id: str
    row: Row
    variables: Options
    operands: Sequence[tuple[str, Text, bool]]
    closed: bool


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
    key: str = ""
    retired: bool = False
    published: bool = False
    first: bool = True
    last: bool = True
    groups: Options = ()
    group: str = ""
    taken_from: str = ""
    asked: Asked | None = None


@dataclass(frozen=True)
class Link:
    at: int
    label: str
    kind: str
    retired: bool
    wrong: bool


@dataclass
class Drawing:
    """Draws forms of one document with its problems; each problem is told once, at the field it is about if there is
    one."""

    document: Document
    problems: Sequence[Problem]
    published: Container[Identity]
    told: set[Problem] = field(default_factory=set)

    def links(self) -> Iterator[tuple[str, list[Link]]]:
        """The questions by group, those without a group or with an unknown one last."""
        names = {str(g.get("key")): str(g.get("label") or g.get("key")) for g in entries(self.document, ("groups",))}
        found: dict[str, list[Link]] = {key: [] for key in names}
        for number, entry in enumerate(entries(self.document, ("variables",))):
            group = str(entry.get("group") or "")
            found.setdefault(group if group in names else "", []).append(self._link(number, entry))
        return ((names.get(key, ""), links) for key, links in found.items() if links)

    def _link(self, number: int, entry: Document) -> Link:
        wrong = any(_inside(problem, f"variables[{number}]") for problem in self.problems)
        label = str(entry.get("label") or entry.get("key") or _("without a name"))
        return Link(number, label, str(entry.get("type") or ""), bool(entry.get("retired")), wrong)

    def book(self) -> Form:
        groups = self._listed((), "groups", (_("Groups"), _("New group")), GROUP)
        inputs = self._inputs((), "", BOOK)
        return Form(None, _("The whole codebook"), inputs, [groups], self._rest(""))

    def question(self, at: int) -> Form:
        place: Place = ("variables", at)
        entry = entry_at(self.document, place)
        kind = entry.get("type")
        published = identity(self.document, place) in self.published
        inputs = self._inputs(place, "", fields_of_question(kind), fixed=published)
        words = {
            "values": (_("Values"), _("New value")),
            "sources": (_("Sources"), _("New source")),
            "manners": (_("Manners"), _("New manner")),
            "stances": (_("Stances of the cue"), _("New stance")),
        }
        lists = [
            self._listed(place, name, words[name], fields_of_value(kind, name)) for name in lists_of_question(entry)
        ]
        groups = [("", _("none"))] + [
            (str(g.get("key")), str(g.get("label"))) for g in entries(self.document, ("groups",))
        ]
        asked = self._asked(place, entry)
        return Form(
            at,
            str(entry.get("label") or entry.get("key") or _("without a name")),
            inputs,
            lists,
            self._rest(f"variables[{at}]"),
            key=str(entry.get("key") or ""),
            retired=bool(entry.get("retired")),
            published=published,
            first=moved_to(self.document, place, -1) == place,
            last=moved_to(self.document, place, 1) == place,
            groups=groups,
            group=str(entry.get("group") or ""),
            taken_from=str(entry.get("values_from") or ""),
            asked=asked,
        )

    def rest(self) -> list[Problem]:
        """The problems of other questions, and those of the whole."""
        return [problem for problem in self.problems if problem not in self.told]

    def _inputs(self, place: Place, prefix: str, fields: Sequence[Field], *, fixed: bool = False) -> list[Input]:
        entry = entry_at(self.document, place)
        return [
            Input(
                id=prefix + each.name,
                field=each,
                value=_typed(entry.get(each.name)),
                problems=self._told(_path((*place, each.name))),
                fixed=fixed and each.fixed,
            )
            for each in fields
        ]

    def _listed(self, place: Place, name: str, words: tuple[str, str], fields: Sequence[Field]) -> Listed:
        held = entries(self.document, (*place, name))
        made = [self._entry((*place, name, number), fields, len(held)) for number in range(len(held))]
        return Listed(name, *words, made, self._told(_path((*place, name)), exactly=True))

    def _entry(self, place: Place, fields: Sequence[Field], count: int) -> Entry:
        entry, number = entry_at(self.document, place), int(place[-1])
        name = f"{place[-2]}.{number}"
        colour = entry.get("colour")
        inputs = self._inputs(place, f"{name}.", fields)
        return Entry(
            id=name,
            label=str(entry.get("label") or entry.get("key") or ""),
            key=str(entry.get("key") or ""),
            sign=str(entry.get("shortcut") or "")[:1],
            colour=f"c{colour}" if isinstance(colour, int) and 0 <= colour <= 8 else "",
            told=str(entry.get("definition") or entry.get("use_when") or ""),
            retired=bool(entry.get("retired")),
            published=identity(self.document, place) in self.published,
            inputs=inputs,
            problems=[*(text for each in inputs for text in each.problems), *self._told(_path(place))],
            first=number == 0,
            last=number == count - 1,
        )

    def _asked(self, place: Place, entry: Document) -> Asked:
        condition = entry.get("visible_if")
        rows, wrong = as_rows(condition), self._told(_path((*place, "visible_if")))
        if rows is None:
            return Asked("all", [], json.dumps(condition, ensure_ascii=False, indent=1), wrong)
        others = self._others(entry)
        tests = [self._test(f"if.{number}", row, others) for number, row in enumerate(rows.tests)]
        empty = Test(f"if.{len(tests)}", Row(""), others, (), closed=False)
        return Asked(rows.need, [*tests, empty], "", wrong)

    def _others(self, entry: Document) -> list[tuple[str, Text]]:
        """The questions that a condition may name: others of the same scope, still asked."""
        return [
            (str(other.get("key")), str(other.get("label") or other.get("key")))
            for other in entries(self.document, ("variables",))
            if other.get("key") != entry.get("key")
            and (other.get("scope") or "sentence") == (entry.get("scope") or "sentence")
            and not other.get("retired")
        ]

    def _test(self, name: str, row: Row, others: list[tuple[str, Text]]) -> Test:
        known = any(key == row.variable for key, _label in others)
        variables = others if known else [*others, (row.variable, row.variable)]
        offered = operands_on_offer(self.document, row.variable, row.operands)
        labels = {json.dumps(key): label for key, label in self._labels_of(row.variable).items()}
        labels["null"] = _("no answer")
        operands = [(text, labels.get(text, text), operand in row.operands) for text, operand in offered.items()]
        return Test(name, row, variables, operands, closed=len(offered) > 1)

    def _labels_of(self, variable: str) -> dict[str, str]:
        for number, entry in enumerate(entries(self.document, ("variables",))):
            if entry.get("key") == variable:
                name = "sources" if entry.get("type") == "attribution" else "values"
                listed = entries(self.document, ("variables", number, name))
                return {str(value.get("key")): str(value.get("label") or value.get("key")) for value in listed}
        return {}

    def _told(self, path: str, *, exactly: bool = False) -> list[str]:
        """The problems of this place that were not told yet."""
        found = [
            problem
            for problem in self.problems
            if problem not in self.told and (problem.where == path if exactly else _inside(problem, path))
        ]
        self.told.update(found)
        return [problem.message for problem in found]

    def _rest(self, path: str) -> list[str]:
        """What is wrong in this question and has no field here."""
        return self._told(path) if path else []


def _inside(problem: Problem, path: str) -> bool:
    return problem.where == path or problem.where.startswith((f"{path}.", f"{path}["))


def _path(place: Place) -> str:
    """A place as problems write it: variables[3].values[1].key."""
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return path.removeprefix(".")


def _typed(value: Json) -> str:
    """A value of the document as a field shows it."""
    if value is None or value is False:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(str(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
