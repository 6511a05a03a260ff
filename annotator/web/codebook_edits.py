"""A sent form of the codebook editor becomes edits of the document, and says where the page goes on."""

import re
from collections.abc import Sequence

from django.http import QueryDict

from annotator.core.codebook.editing import (
    LISTS,
    Document,
    EditError,
    Identity,
    Place,
    add_entry,
    entries,
    entry_at,
    move_entry,
    moved_index,
    moved_to,
    put_entry,
    remove_entry,
    set_fields,
)
from annotator.core.codebook.replacing import merge_entry, split_entry, take_back
from annotator.web.codebook_conditions import sent_condition
from annotator.web.codebook_fields import (
    BOOK,
    GROUP,
    OF_ATTRIBUTE,
    Field,
    fields_of_entry,
    fields_of_question,
    lists_of_entry,
    lists_of_question,
    sent_fields,
)
from annotator.web.codebook_more import sent_more

_LIST = re.compile(r"(?:groups|values|sources|manners|stances|span_attributes(?:\.[0-9]{1,4}\.values)?)")
_BY = {"up": -1, "down": 1}


class SentForm:
    """The fields of one question, or of the codebook itself, and perhaps an act.

    Acts are up, down, move (a row that was dragged), remove, back, and of values merge and split.

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
        edited = self._entries(document, (), "groups", GROUP, frozenset())
        return set_fields(edited, (), sent_fields(BOOK, document, self.sent))

    def _question(self, document: Document, place: Place, published: frozenset[Identity]) -> Document:
        entry, edited = entry_at(document, place), document
        for name in lists_of_question(entry):
            edited = self._entries(edited, place, name, fields_of_entry(entry.get("type"), name), published)
        fields = sent_fields(fields_of_question(entry.get("type")), entry, self.sent)
        fields |= sent_more(document, entry, self.sent)
        if "group" in self.sent:
            fields["group"] = str(self.sent["group"]) or None
        if "if.need" in self.sent:
            fields["visible_if"] = sent_condition(document, entry, self.sent)
        return set_fields(edited, place, fields, published)

    def _entries(
        self,
        document: Document,
        place: Place,
        name: str,
        fields: Sequence[Field],
        published: frozenset[Identity],
        within: str = "",
    ) -> Document:
        for number, entry in enumerate(entries(document, (*place, name))):
            known, here = f"{within}{name}.{number}.", (*place, name, number)
            for inner in lists_of_entry(entry, name):
                document = self._entries(document, here, inner, OF_ATTRIBUTE, published, known)
            document = set_fields(document, here, sent_fields(fields, entry, self.sent, known), published)
        return document

    def _added(self, document: Document, place: Place) -> Document:
        """What was typed into the empty row at the end of a list."""
        known = ("groups",) if self.at is None else lists_of_question(entry_at(document, place))
        for name in [key.removesuffix(".new") for key in self.sent if key.endswith(".new")]:
            label = self.sent.get(f"{name}.new", "").strip()
            if label and _LIST.fullmatch(name) and name.split(".")[0] in known:
                document, self.focus = add_entry(document, _list_place(place, name), label), f"{name}.new"
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
        if act == "move":
            return self._put(document, place, where)
        listed = len(where) == 2 and _LIST.fullmatch(where[0])
        target = (*_list_place(place, where[0]), _index(where[1])) if listed else place
        if not target or act not in {*_BY, "remove", "back", "merge", "split"}:
            raise EditError("There is no such act.")
        if act in _BY:
            return self._moved(document, target, act, where[0] if listed else "")
        edited = self._replaced(document, target, act, published)
        gone = target == place and len(entries(edited, ("variables",))) < len(entries(document, ("variables",)))
        self.at = None if gone else self.at
        self.focus = "" if target == place else f"{where[0]}.new"
        if act == "split":
            self.focus = f"{where[0]}.{int(target[-1]) + 1}-line"
        return edited

    def _replaced(self, document: Document, target: Place, act: str, published: frozenset[Identity]) -> Document:
        """Taken out, offered again, merged or split."""
        if act == "back":
            return take_back(document, target, published)
        if act == "remove" or target[-2] not in LISTS:
            return remove_entry(document, target, published)
        sent = ".".join(map(str, target[2:]))
        if act == "merge":
            return merge_entry(document, target, self.sent.get(f"{sent}.into", ""), published)
        return split_entry(document, target, self.sent.getlist(f"{sent}.half"))

    def _moved(self, document: Document, target: Place, act: str, name: str) -> Document:
        landed, moved = moved_to(document, target, _BY[act]), move_entry(document, target, _BY[act])
        # The button of a direction that ends here can't keep the focus.
        if moved_to(moved, landed, _BY[act]) == landed:
            act = "down" if act == "up" else "up"
        if target[:-1] == ("variables",):
            self.at, self.focus = int(landed[-1]), f"act-{act}"
        else:
            self.focus = f"{name}.{landed[-1]}.{act}"
        return moved

    def _put(self, document: Document, place: Place, where: Sequence[str]) -> Document:
        """A row that was dragged: move values 3 before 0."""
        if len(where) != 4 or where[2] not in ("before", "after"):
            raise EditError("There is no such act.")
        name, here, there = where[0], _index(where[1]), _index(where[3])
        questions = name == "variables"
        if not questions and not _LIST.fullmatch(name):
            raise EditError("There is no such act.")
        target: Place = (name, here) if questions else (*_list_place(place, name), here)
        if questions and self.at is not None:
            self.at = moved_index(self.at, here, there, after=where[2] == "after")
        return put_entry(document, target, there, after=where[2] == "after")


def small_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _list_place(place: Place, name: str) -> Place:
    """The place of a list by its name on the page: span_attributes.0.values."""
    return (*place, *(int(step) if step.isdigit() else step for step in name.split(".")))


def _index(text: str) -> int:
    number = small_number(text)
    if number is None:
        raise EditError("There is no such entry in the codebook.")
    return number
