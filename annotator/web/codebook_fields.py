"""The fields of the codebook editor: which there are for what, and how a sent text becomes a value of the document."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotator.core.codebook import Json
from annotator.core.codebook.editing import LISTS

Control = Literal["line", "area", "words", "check", "number", "lines", "choice"]


@dataclass(frozen=True)
class Field:
    """One field of an entry: its name in the document, what it is called, and how it is filled in."""

    name: str
    label: Promise
    control: Control = "line"
    options: Sequence[tuple[str, Promise]] = ()
    fixed: bool = False
    redraws: bool = False

    def read(self, sent: str) -> Json:
        """The value of what was sent, None to leave the field out. What is no number stays as typed, to be told of."""
        return _READERS.get(self.control, _text)(sent)


KIND_NAMES = [
    ("single", _("one value")),
    ("multi", _("several values")),
    ("ordinal", _("a scale")),
    ("number", _("a number")),
    ("text", _("a text")),
    ("span", _("marked words")),
    ("attribution", _("attribution: source, manner, stance")),
]
SCOPE_NAMES = [("sentence", _("each sentence")), ("article", _("each article"))]
HUES = [("", _("by its place")), ("0", _("grey")), ("1", _("teal")), ("2", _("orange")), ("3", _("violet"))]
HUES += [("4", _("ochre")), ("5", _("plum")), ("6", _("blue")), ("7", _("green")), ("8", _("stone"))]

BOOK = [
    Field("title", _("Title")),
    Field("language", _("Language of the codebook")),
    Field("general_rules", _("General rules, one a line"), "lines"),
]
QUESTION = [
    Field("label", _("Name")),
    Field("key", _("Key in exports"), fixed=True),
    Field("type", _("Answered by"), "choice", KIND_NAMES, fixed=True, redraws=True),
    Field("scope", _("Asked of"), "choice", SCOPE_NAMES, fixed=True, redraws=True),
    Field("question", _("Question to annotators"), "area"),
    Field("required", _("An answer is required"), "check"),
    Field("definition", _("Definition"), "area"),
    Field("coding_rule", _("Coding rule"), "area"),
    Field("positive", _("Example"), "words"),
    Field("negative", _("Counter-example"), "words"),
    Field("edge_rule", _("Edge rule"), "area"),
]
OF_KIND: Mapping[str, Sequence[Field]] = {
    "number": [
        Field("min", _("Smallest"), "number"),
        Field("max", _("Largest"), "number"),
        Field("unit", _("Unit")),
        Field("integer", _("Whole numbers only"), "check"),
    ],
    "text": [Field("max_length", _("Most characters"), "number")],
    "attribution": [Field("nested", _("A source may stand inside a source"), "check")],
}
VALUE = [
    Field("label", _("Name")),
    Field("shortcut", _("Key to press")),
    Field("colour", _("Colour"), "choice", HUES),
    Field("definition", _("Definition"), "area"),
    Field("use_when", _("Use when"), "area"),
    Field("not_when", _("Don’t use when"), "area"),
    Field("positive", _("Example"), "words"),
    Field("negative", _("Counter-example"), "words"),
    Field("edge_rule", _("Edge rule"), "area"),
]
CODE = [Field("code", _("Number on the scale"), "number")]
ACTOR = [
    Field("aliases", _("Other names, one a line"), "lines"),
    Field("side", _("Side")),
    Field("actor_type", _("Type of actor")),
]
GROUP = [Field("label", _("Name of the group"))]


def fields_of_question(kind: Json) -> list[Field]:
    return [*QUESTION, *OF_KIND.get(str(kind), ())]


def lists_of_question(entry: Mapping[str, Json]) -> Sequence[str]:
    """The lists of a question that the editor shows; those taken from another question are edited there."""
    if entry.get("type") == "attribution":
        return LISTS[1:]
    closed = entry.get("type") in ("single", "multi", "ordinal", "span")
    return LISTS[:1] if closed and not entry.get("values_from") else ()


def fields_of_value(kind: Json, name: str) -> list[Field]:
    return [*VALUE, *(CODE if kind == "ordinal" else []), *(ACTOR if name == "sources" else [])]


def sent_fields(fields: Sequence[Field], sent: QueryDict, prefix: str = "") -> dict[str, Json]:
    """The fields that were sent, read. What a form didn't have is not in it, so that it stays as it was."""
    return dict(_sent(fields, sent, prefix))


def _sent(fields: Sequence[Field], sent: QueryDict, prefix: str) -> Iterator[tuple[str, Json]]:
    for field in fields:
        if prefix + field.name in sent:
            yield field.name, field.read(sent.getlist(prefix + field.name)[-1])


def _text(sent: str) -> Json:
    return sent.replace("\r\n", "\n").strip() or None


def _number(sent: str) -> Json:
    text = sent.strip()
    try:
        number = float(text)
        if not text.isascii() or not math.isfinite(number):
            return text or None
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    except ValueError:
        return text or None


def _lines(sent: str) -> Json:
    lines: list[Json] = [line.strip() for line in sent.splitlines() if line.strip()]
    return lines or None


def _choice(sent: str) -> Json:
    """A colour is a number in the document; kinds and scopes are words."""
    return int(sent) if sent in set("012345678") else sent[:40] or None


_READERS: Mapping[str, Callable[[str], Json]] = {
    "number": _number,
    "lines": _lines,
    "check": lambda sent: True if sent else None,
    "choice": _choice,
}
