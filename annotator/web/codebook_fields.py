"""The fields of the codebook editor: which there are for what, and how a sent text becomes a value of the document."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotator.core.codebook import Json
from annotator.core.codebook.editing import ATTRIBUTES, LISTS
from annotator.core.codebook.fields import MAX_KEY

Control = Literal["line", "area", "words", "check", "number", "lines", "choice", "picks", "hue", "key"]
Text = str | Promise
Options = Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class Field:
    """One field of an entry: its name in the document, what it is called, and how it is filled in.

    `default` is what a document says that doesn't have the field. A field that is `fixed` stays once it was published.
    """

    name: str
    label: Promise
    control: Control = "line"
    options: Options = ()
    fixed: bool = False
    redraws: bool = False
    default: Json = None

    def shown(self, entry: Mapping[str, Json]) -> str:
        """What the form shows of an entry."""
        value = entry.get(self.name)
        return typed(self.default if value is None else value)

    def read(self, entry: Mapping[str, Json], sent: Sequence[str]) -> Json:
        """The value of what was sent, None to leave the field out: what is as it was shown stays as it was written.

        What is no number stays as typed, to be told of.
        """
        old, text = entry.get(self.name), sent[-1].replace("\r\n", "\n")
        if self.control == "picks":
            return _picked(old, sent)
        if text == self.shown(entry):
            return old
        if self.control == "check":
            return None if bool(text) == bool(self.default) else bool(text)
        return _READERS.get(self.control, _text)(text)


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
LEVEL_NAMES = {
    "nominal": _("names (nominal)"),
    "ordinal": _("ranks (ordinal)"),
    "interval": _("distances (interval)"),
    "ratio": _("amounts (ratio)"),
    "masi": _("sets (MASI)"),
    "jaccard": _("sets (Jaccard)"),
}
OVERLAP_NAMES = [
    ("any", _("in any way")),
    ("across_labels_and_nested", _("with another value, or one inside the other")),
    ("across_labels", _("with another value only")),
    ("none", _("never")),
]
SNAP_NAMES = [("token", _("whole words")), ("character", _("single characters"))]
QUOTED = [
    ("", _("not proposed")),
    ("direct", _("as whole clauses")),
    ("partial", _("in part")),
    ("scare", _("in scare quotes")),
]
ATTRIBUTE_NAMES = [*KIND_NAMES[:3], ("bool", _("yes or no"))]

BOOK = [
    Field("title", _("Title")),
    Field("language", _("Language of the codebook")),
    Field("general_rules", _("General rules, one a line"), "lines"),
]
QUESTION = [
    Field("label", _("Name")),
    Field("key", _("Key in exports"), fixed=True),
    Field("type", _("Answered by"), "choice", KIND_NAMES, fixed=True, redraws=True),
    Field("scope", _("Asked of"), "choice", SCOPE_NAMES, fixed=True, redraws=True, default="sentence"),
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
SPAN = [
    Field("overlap", _("Marks may overlap"), "choice", OVERLAP_NAMES, default="any"),
    Field("snap", _("Marks take"), "choice", SNAP_NAMES, default="token"),
    Field("discontinuous", _("A mark may have several parts"), "check", default=True),
]
VALUE = [
    Field("label", _("Name")),
    Field("shortcut", _("Key to press"), "key"),
    Field("colour", _("Colour"), "hue", HUES),
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
MANNER = [Field("quotation", _("Proposed for words that are quoted"), "choice", QUOTED)]
ATTRIBUTE = [
    Field("label", _("Name")),
    Field("key", _("Key in exports"), fixed=True),
    Field("type", _("Answered by"), "choice", ATTRIBUTE_NAMES, fixed=True, redraws=True, default="single"),
]
OF_ATTRIBUTE = [VALUE[0], VALUE[1], VALUE[3]]
GROUP = [Field("label", _("Name of the group"))]


def fields_of_question(kind: Json) -> list[Field]:
    return [*QUESTION, *OF_KIND.get(str(kind), ())]


def lists_of_question(entry: Mapping[str, Json]) -> Sequence[str]:
    """The lists of a question that the editor shows; those taken from another question are edited there."""
    if entry.get("type") == "attribution":
        return LISTS[1:]
    own = () if entry.get("values_from") else LISTS[:1]
    if entry.get("type") == "span":
        return (*own, ATTRIBUTES)
    return own if entry.get("type") in ("single", "multi", "ordinal") else ()


def fields_of_entry(kind: Json, name: str) -> list[Field]:
    """Of a value, an actor, or a question on spans, in the list of this name of a question of this kind."""
    if name == ATTRIBUTES:
        return ATTRIBUTE
    own = CODE if kind == "ordinal" else {"sources": ACTOR, "manners": MANNER}.get(name, [])
    return [*VALUE, *own]


def lists_of_entry(entry: Mapping[str, Json], name: str) -> Sequence[str]:
    return LISTS[:1] if name == ATTRIBUTES and entry.get("type") != "bool" else ()


def sent_fields(
    fields: Sequence[Field], entry: Mapping[str, Json], sent: QueryDict, prefix: str = ""
) -> dict[str, Json]:
    """The fields that were sent, read. What a form didn't have is not in it, so that it stays as it was."""
    return {
        field.name: field.read(entry, sent.getlist(prefix + field.name))
        for field in fields
        if prefix + field.name in sent
    }


def typed(value: Json) -> str:
    """A value of the document as a field shows it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(str(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def number(sent: str) -> Json:
    """A number if it is one, else what was typed, None for nothing."""
    text = sent.strip()
    try:
        found = float(text)
        if not text.isascii() or not math.isfinite(found):
            return text or None
        return int(found) if found.is_integer() and abs(found) < 2**53 else found
    except ValueError:
        return text or None


def _picked(old: Json, sent: Sequence[str]) -> Json:
    before: list[Json] = old if isinstance(old, list) else [] if old is None else [old]
    chosen = [text for text in sent if text]
    if {typed(item) for item in before} == set(chosen):
        return old
    kept = [item for item in before if typed(item) in chosen]
    added: list[Json] = [text for text in chosen if text not in kept]
    return [*kept, *added] or None


def _text(sent: str) -> Json:
    return sent.strip() or None


def _lines(sent: str) -> Json:
    lines: list[Json] = [line.strip() for line in sent.splitlines() if line.strip()]
    return lines or None


_READERS: Mapping[str, Callable[[str], Json]] = {
    "number": number,
    "lines": _lines,
    "choice": lambda sent: sent[:MAX_KEY] or None,
    "hue": lambda sent: int(sent) if sent in set("012345678") else sent or None,
}
