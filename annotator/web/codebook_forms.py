"""The codebook editor's page: the list of questions, the form of one of them, and what is wrong with each field."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from annotator.core.codebook import Json, Problem
from annotator.core.codebook.editing import (
    ATTRIBUTES,
    LISTS,
    Document,
    Identity,
    Place,
    entries,
    entry_at,
    identity,
    moved_to,
)
from annotator.web.codebook_conditions import drawn_condition
from annotator.web.codebook_fields import (
    BOOK,
    GROUP,
    OF_ATTRIBUTE,
    SPAN,
    Field,
    Options,
    fields_of_entry,
    fields_of_question,
    lists_of_entry,
    lists_of_question,
)
from annotator.web.codebook_more import RELATION, first_relation, joined, more_of_question, rules_of_spans
from annotator.web.codebook_parts import Entry, Form, Input, Link, Listed


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
        groups = self._listed((), "groups", GROUP)
        inputs = self._inputs((), "", BOOK)
        return Form(None, _("The whole codebook"), inputs, [groups], self._rest(""))

    def question(self, at: int) -> Form:
        place: Place = ("variables", at)
        entry = entry_at(self.document, place)
        published = identity(self.document, place) in self.published
        inputs = self._inputs(place, "", fields_of_question(entry.get("type")), fixed=published)
        more = self._more(place, entry)
        lists = [
            self._listed(place, name, fields_of_entry(entry.get("type"), name)) for name in lists_of_question(entry)
        ]
        asked = drawn_condition(self.document, entry, self._told(_path((*place, "visible_if"))))
        return Form(
            at,
            str(entry.get("label") or entry.get("key") or _("without a name")),
            inputs,
            lists,
            self._rest(f"variables[{at}]"),
            more=more,
            key=str(entry.get("key") or ""),
            retired=bool(entry.get("retired")),
            published=published,
            first=moved_to(self.document, place, -1) == place,
            last=moved_to(self.document, place, 1) == place,
            groups=self._groups(),
            group=str(entry.get("group") or ""),
            taken_from=str(entry.get("values_from") or ""),
            asked=asked,
        )

    def rest(self) -> list[Problem]:
        """The problems of other questions, and those of the whole."""
        return [problem for problem in self.problems if problem not in self.told]

    def _groups(self) -> Options:
        return [("", _("none"))] + [
            (str(g.get("key")), str(g.get("label"))) for g in entries(self.document, ("groups",))
        ]

    def _more(self, place: Place, entry: Document) -> list[Input]:
        found = self._inputs(place, "", more_of_question(self.document, entry))
        if entry.get("type") != "span":
            return found
        relation, first = (*place, "relations", 0), first_relation(entry)
        return [
            *found,
            *self._inputs((*place, "span"), "span.", SPAN, of=rules_of_spans(entry)),
            *self._inputs(relation, RELATION, joined(self.document, entry), of=first),
        ]

    def _inputs(
        self,
        place: Place,
        prefix: str,
        fields: Sequence[Field],
        *,
        fixed: bool = False,
        of: Mapping[str, Json] | None = None,
    ) -> list[Input]:
        entry = entry_at(self.document, place) if of is None else of
        return [
            Input(
                id=prefix + each.name,
                field=each,
                value=each.shown(entry),
                problems=self._told(_path((*place, each.name))),
                fixed=fixed and each.fixed,
            )
            for each in fields
        ]

    def _listed(self, place: Place, name: str, fields: Sequence[Field], within: str = "") -> Listed:
        known, count = within + name, len(entries(self.document, (*place, name)))
        made = [self._entry((*place, name, number), f"{known}.{number}", fields, count) for number in range(count)]
        return Listed(known, *_words(name), made, self._told(_path((*place, name)), exactly=True))

    def _entry(self, place: Place, name: str, fields: Sequence[Field], count: int) -> Entry:
        entry, number = entry_at(self.document, place), int(place[-1])
        colour, published = entry.get("colour"), identity(self.document, place) in self.published
        inputs = self._inputs(place, f"{name}.", fields, fixed=published)
        lists = [
            self._listed(place, inner, OF_ATTRIBUTE, f"{name}.") for inner in lists_of_entry(entry, str(place[-2]))
        ]
        return Entry(
            id=name,
            label=str(entry.get("label") or entry.get("key") or ""),
            key=str(entry.get("key") or ""),
            sign=str(entry.get("shortcut") or "")[:1],
            colour=f"c{colour}" if isinstance(colour, int) and 0 <= colour <= 8 else "",
            told=str(entry.get("definition") or entry.get("use_when") or ""),
            retired=bool(entry.get("retired")),
            published=published,
            inputs=inputs,
            problems=[*_problems(inputs, lists), *self._told(_path(place))],
            first=number == 0,
            last=number == count - 1,
            lists=lists,
            became=self._became(place),
            targets=self._targets(place),
        )

    def _became(self, place: Place) -> list[str]:
        """What a value was merged or split into, by name."""
        keys, names = entry_at(self.document, place).get("became"), dict(_names(entries(self.document, place[:-1])))
        return [names.get(str(key), str(key)) for key in keys] if isinstance(keys, list) else []

    def _targets(self, place: Place) -> Options:
        """The values beside this one that it may be merged into."""
        own = entry_at(self.document, place)
        beside = entries(self.document, place[:-1]) if place[-2] in LISTS else []
        return _names([entry for entry in beside if entry is not own and not entry.get("retired")])

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


def _names(listed: Sequence[Document]) -> list[tuple[str, str]]:
    return [(str(entry.get("key")), str(entry.get("label") or entry.get("key"))) for entry in listed]


def _problems(inputs: Sequence[Input], lists: Sequence[Listed]) -> Iterator[str]:
    for each in inputs:
        yield from each.problems
    for listed in lists:
        yield from listed.problems
        for entry in listed.entries:
            yield from entry.problems


def _words(name: str) -> tuple[str, str]:
    """What a list and its empty row are called."""
    return {
        "groups": (_("Groups"), _("New group")),
        "values": (_("Values"), _("New value")),
        "sources": (_("Sources"), _("New source")),
        "manners": (_("Manners"), _("New manner")),
        "stances": (_("Stances of the cue"), _("New stance")),
        ATTRIBUTES: (_("Asked of each mark"), _("New question on marks")),
    }[name]


def _inside(problem: Problem, path: str) -> bool:
    return problem.where == path or problem.where.startswith((f"{path}.", f"{path}["))


def _path(place: Place) -> str:
    """A place as problems write it: variables[3].values[1].key."""
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return path.removeprefix(".")
