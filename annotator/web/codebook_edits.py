"""A sent form of the codebook editor becomes edits of the document, and says where the page goes on."""

import json
from collections.abc import Mapping, Sequence

from django.http import QueryDict

from annotator.core.codebook import Json
from annotator.core.codebook.editing import (
    LISTS,
    Document,
    EditError,
    Identity,
    Place,
    add_entry,
    bring_back,
    entries,
    entry_at,
    move_entry,
    moved_to,
    remove_entry,
    set_fields,
)
from annotator.core.codebook.simple_conditions import TESTS, Row, Rows, as_condition, as_rows
from annotator.web.codebook_fields import (
    BOOK,
    GROUP,
    Field,
    fields_of_question,
    fields_of_value,
    lists_of_question,
    sent_fields,
)

MOST_TESTS = 50
_BY = {"up": -1, "down": 1}


class SentForm:
    """The fields of one question, or of the codebook itself, and perhaps an act: up, down, remove, back.

    After `apply`, `at` is the question to show and `focus` the element to go on with.
    """

    def __init__(self, sent: QueryDict) -> None:
        self.sent = sent
        self.at = small_number(sent.get("at", ""))
        self.focus = sent.get("focus", "")

    def apply(self, document: Document, published: frozenset[Identity]) -> Document:
        place: Place = () if self.at is None else ("variables", self.at)
        edited = self._book(document) if self.at is None else self._question(document, place, published)
        edited = self._added(edited, place)
        return self._act(edited, place, published)

    def _book(self, document: Document) -> Document:
        edited = self._entries(document, ("groups",), GROUP)
        return set_fields(edited, (), sent_fields(BOOK, self.sent))

    def _question(self, document: Document, place: Place, published: frozenset[Identity]) -> Document:
        entry, edited = entry_at(document, place), document
        for name in lists_of_question(entry):
            edited = self._entries(edited, (*place, name), fields_of_value(entry.get("type"), name))
        fields = sent_fields(fields_of_question(entry.get("type")), self.sent)
        if "group" in self.sent:
            fields["group"] = str(self.sent["group"]) or None
        if "if.need" in self.sent:
            fields["visible_if"] = _sent_condition(document, entry, self.sent)
        return set_fields(edited, place, fields, published)

    def _entries(self, document: Document, place: Place, fields: Sequence[Field]) -> Document:
        for number in range(len(entries(document, place))):
            sent = sent_fields(fields, self.sent, f"{place[-1]}.{number}.")
            document = set_fields(document, (*place, number), sent)
        return document

    def _added(self, document: Document, place: Place) -> Document:
        """What was typed into the empty row at the end of a list."""
        lists = ("groups",) if self.at is None else lists_of_question(entry_at(document, place))
        for name in lists:
            label = self.sent.get(f"{name}.new", "").strip()
            if label:
                document, self.focus = add_entry(document, (*place, name), label), f"{name}.new"
        label = self.sent.get("variables.new", "").strip()
        if not label:
            return document
        beside = entry_at(document, place).get("group") if place else None
        group = {"group": beside} if beside else {}
        document = add_entry(document, ("variables",), label, type="single", scope="sentence", **group)
        self.at, self.focus = len(entries(document, ("variables",))) - 1, "label"
        return document

    def _act(self, document: Document, place: Place, published: frozenset[Identity]) -> Document:
        act, *where = self.sent.get("act", "").split() or [""]
        if not act:
            return document
        target = (*place, where[0], _index(where[1])) if len(where) == 2 and where[0] in (*LISTS, "groups") else place
        if not target or act not in {*_BY, "remove", "back"}:
            raise EditError("There is no such act.")
        if act in _BY:
            return self._moved(document, target, act)
        edited = bring_back(document, target) if act == "back" else remove_entry(document, target, published)
        gone = target == place and len(entries(edited, ("variables",))) < len(entries(document, ("variables",)))
        self.at = None if gone else self.at
        self.focus = "" if target == place else f"{target[-2]}.new"
        return edited

    def _moved(self, document: Document, target: Place, act: str) -> Document:
        landed, moved = moved_to(document, target, _BY[act]), move_entry(document, target, _BY[act])
        # The button of a direction that ends here can't keep the focus.
        if moved_to(moved, landed, _BY[act]) == landed:
            act = "down" if act == "up" else "up"
        if target[:-1] == ("variables",):
            self.at, self.focus = int(landed[-1]), f"act-{act}"
        else:
            self.focus = f"{landed[-2]}.{landed[-1]}.{act}"
        return moved


def small_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def operands_on_offer(document: Document, variable: str, given: Sequence[Json] = ()) -> Mapping[str, Json]:
    """What a test on this variable may name, by the text that a form sends for it; None is "not answered"."""
    found = next((v for v in entries(document, ("variables",)) if v.get("key") == variable), {})
    values = found.get("sources" if found.get("type") == "attribution" else "values")
    keys = [entry.get("key") for entry in values if isinstance(entry, dict)] if isinstance(values, list) else []
    return {json.dumps(operand): operand for operand in (*keys, *given, None)}


def _index(text: str) -> int:
    number = small_number(text)
    if number is None:
        raise EditError("There is no such entry in the codebook.")
    return number


def _sent_condition(document: Document, entry: Document, sent: QueryDict) -> Json:
    before = entry.get("visible_if")
    shown = as_rows(before)
    if shown is None:
        return before
    tests = []
    for number in range(MOST_TESTS):
        variable = sent.get(f"if.{number}.variable", "")
        old = shown.tests[number] if number < len(shown.tests) else None
        if variable:
            tests.append(_sent_test(document, variable, old, sent, f"if.{number}."))
    return as_condition(Rows("any" if sent["if.need"] == "any" else "all", tuple(tests)), before)


def _sent_test(document: Document, variable: str, old: Row | None, sent: QueryDict, prefix: str) -> Row:
    if old is None or old.variable != variable:
        offered = operands_on_offer(document, variable)
        return Row(variable) if len(offered) > 1 else Row(variable, "count_at_least")
    test = sent.get(prefix + "test", old.test)
    if test == "count_at_least":
        count = sent.get(prefix + "count", "1").strip()
        return Row(variable, test, (), small_number(count) if small_number(count) is not None else count or 1)
    chosen, offered = set(sent.getlist(prefix + "operand")), operands_on_offer(document, variable, old.operands)
    if old.test == "count_at_least":
        chosen = set()
    kept = [operand for operand in old.operands if json.dumps(operand) in chosen]
    added = [operand for text, operand in offered.items() if text in chosen and operand not in kept]
    return Row(variable, test if test in TESTS else "any_of", (*kept, *added))
