"""The form of a case: what can be decided, by which key, and who said what of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotator.core.codebook import Json, SpanAttribute, Used, Value, Variable, effective_keys, lists_of, used_in
from annotator.core.errors import InvalidError
from annotator.models import DecisionEvent
from annotator.queries.cases import Case, Past, Voice
from annotator.web.asking import colour, roles, words
from annotator.web.marked import has_marks, marked
from projects.web.numbers import number

CHOSEN = ("single", "ordinal")
PIECES = ("span", "attribution")
MOST_KEYS = 9
STATES = {
    "unanswered": gettext_lazy("not answered yet"),
    "not_asked": gettext_lazy("was not asked"),
    "cannot_tell": gettext_lazy("cannot tell"),
    "to_confirm": gettext_lazy("waits to be confirmed"),
}


@dataclass(frozen=True)
class Said:
    """A voice in words. `accepted` is its answer as JSON, empty where there is none; `text` the sentence as marked."""

    voice: Voice
    words: str
    hue: str
    accepted: str
    text: SafeString | None


@dataclass(frozen=True)
class Choice:
    """A value, or of marks and attributions one item that somebody gave; `by` are the letters of those who did."""

    sent: str
    label: str
    key: str
    hue: str
    by: str
    is_chosen: bool


@dataclass(frozen=True)
class Change:
    """A line of the history, with the answers of then in words."""

    event: DecisionEvent
    act: str
    words: str
    answers: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class CaseForm:
    case: Case
    voices: Sequence[Said]
    choices: Sequence[Choice]
    at_stake: Sequence[tuple[Value, str]]
    history: Sequence[Change]

    @property
    def in_pieces(self) -> bool:
        return self.case.variable.kind in PIECES

    @property
    def several(self) -> bool:
        return self.case.variable.kind in ("multi", *PIECES)

    @property
    def none(self) -> str:
        """What the answer is called that nothing applies; empty where it is none."""
        kind = self.case.variable.kind
        names = {"multi": _("None of these"), "span": _("Nothing to mark"), "attribution": _("Nobody, the narrator")}
        return names.get(kind, "")

    @property
    def taken(self) -> Sequence[str]:
        """The keys that values of this question have: where one of them is needed for something else, they win."""
        return [choice.key for choice in self.choices if choice.key]

    @property
    def decided(self) -> str:
        decision = self.case.decision
        return told(self.case.variable, decision.value) if decision and decision.value is not None else ""


def case_form(case: Case) -> CaseForm:
    variable = case.variable
    keys = effective_keys(variable)
    stands = case.decision.value if case.decision else None
    choices = _pieces(case, stands) if variable.kind in PIECES else _values(case, keys, stands)
    voices = [_said(case, voice, keys) for voice in case.voices]
    return CaseForm(case, voices, choices, _at_stake(case, keys), [_change(variable, past) for past in case.history])


def _change(variable: Variable, past: Past) -> Change:
    event = past.event
    act = DecisionEvent.Act(event.act or DecisionEvent.Act.DECIDE).label
    answers = [(letter, told(variable, value)) for letter, value in past.answers]
    return Change(event, str(act), told(variable, event.value) if event.value is not None else "", answers)


def _said(case: Case, voice: Voice, keys: Mapping[str, str]) -> Said:
    variable, value = case.variable, voice.value
    text = None
    if case.unit.index and has_marks(variable, value):
        text = marked(case.text, case.unit.start, variable, value, keys)
    # What is marked in the words need not be said beside them.
    short = text is not None and variable.kind == "attribution"
    shown = str(STATES.get(voice.state, "")) if value is None else (words if short else told)(variable, value)
    return Said(voice, shown, _hue(variable, value), "" if value is None else sent(value), text)


def _hue(variable: Variable, value: Json) -> str:
    named = _named(value)
    return next((colour(variable, one) for one in variable.choices if one.key in named), "") if named else "c0"


def _values(case: Case, keys: Mapping[str, str], stands: Json) -> list[Choice]:
    """The values on offer, and retired ones that somebody had chosen."""
    found = []
    for value in case.variable.values:
        by = [voice.letter for voice in case.voices if value.key in _named(voice.value)]
        if by or not value.retired:
            hue, is_chosen = colour(case.variable, value), value.key in _named(stands)
            found.append(Choice(sent(value.key), value.label, keys.get(value.key, ""), hue, " ".join(by), is_chosen))
    return found


def _pieces(case: Case, stands: Json) -> list[Choice]:
    """Each mark or attribution that anybody gave, once; those that most gave come first."""
    every = {sent(item): item for value in (*(voice.value for voice in case.voices), stands) for item in _items(value)}
    by = {text: [voice.letter for voice in case.voices if item in _items(voice.value)] for text, item in every.items()}
    order = sorted(every, key=lambda text: -len(by[text]))
    found = []
    for place, text in enumerate(order, start=1):
        item = every[text]
        key = str(place) if place <= MOST_KEYS else ""
        hue, is_chosen = _hue(case.variable, [item]), item in _items(stands)
        found.append(Choice(text, told(case.variable, [item]), key, hue, " ".join(by[text]), is_chosen))
    return found


def _at_stake(case: Case, keys: Mapping[str, str]) -> list[tuple[Value, str]]:
    """The values that somebody gave, or that were decided, with their keys where they have any here."""
    variable = case.variable
    answers = [voice.value for voice in case.voices] + ([case.decision.value] if case.decision else [])
    named = {used for answer in answers for used in used_in(variable.kind, answer)}
    keyed = keys if variable.kind not in PIECES else {}
    lists = [(name, of) for name, of in lists_of(variable).items() if not name.startswith("attributes.")]
    return [(value, keyed.get(value.key, "")) for name, of in lists for value in of if Used(name, value.key) in named]


def told(variable: Variable, value: Json) -> str:
    """An answer in words; marks with what else was answered to them, attributions with their marks."""
    if variable.kind not in PIECES or not _items(value):
        return words(variable, value)
    return "; ".join(_piece(variable, item) for item in _items(value) if isinstance(item, dict))


def _piece(variable: Variable, item: dict[str, Json]) -> str:
    if variable.kind == "span":
        given = item.get("attributes")
        labels = {attribute.key: attribute for attribute in variable.span_attributes}
        more = [_attribute(labels[key], chosen) for key, chosen in given.items()] if isinstance(given, dict) else []
        return words(variable, [item]) + (f" ({', '.join(more)})" if more else "")
    names = {value.key: value.label.lower() for value in roles()}
    spans = [span for span in _items(item.get("spans")) if isinstance(span, dict)]
    marks = [f"{names.get(str(span.get('role')), '')} “{span.get('quote')}”" for span in spans]
    return ": ".join(filter(None, [words(variable, [item | {"spans": []}]), ", ".join(marks)]))


def _attribute(attribute: SpanAttribute, chosen: Json) -> str:
    labels = {value.key: value.label for value in attribute.values}
    return f"{attribute.label} {', '.join(labels.get(str(key), str(key)) for key in _items(chosen) or [chosen])}"


def _named(value: Json) -> list[Json]:
    """The keys of values that an answer names: one, those of a set, of marks, or the sources of attributions."""
    found = value if isinstance(value, list) else [value]
    return [item.get("value", item.get("source")) if isinstance(item, dict) else item for item in found]


def _items(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def sent(value: Json) -> str:
    """An answer as a field of the form; equal answers are the same text whatever database they came from."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def value_sent(case: Case, form: QueryDict) -> Json:
    """The answer that a form gives; raises InvalidError where there is none."""
    variable = case.variable
    accepted = form.get("accept")
    if accepted:
        return _read(accepted)
    if variable.kind in CHOSEN:
        return _read(form.get("value") or "null") or _nothing()
    if variable.kind in ("number", "text"):
        return form.get("value", "").strip() or _nothing()
    added = _added(case, form) if variable.kind in PIECES else []
    return [*(_read(str(text)) for text in form.getlist("value")), *added] or _nothing()


def _added(case: Case, form: QueryDict) -> list[Json]:
    """A mark or an attribution that nobody gave, where the fields for it are filled in."""
    if case.variable.kind == "attribution":
        parts = {part: form.get(part) or None for part in ("source", "manner", "stance")}
        return [{**parts, "spans": []}] if parts["source"] else []
    words = form.get("words", "").strip()
    if not words:
        return []
    start = case.text.find(words, number(form.get("from", "")) or 0)
    start = case.text.find(words) if start < 0 else start
    if start < 0:
        raise InvalidError(_("These words don’t stand in the sentence just so: %(words)s") % {"words": words[:100]})
    begin = case.unit.start + start
    return [{"start": begin, "end": begin + len(words), "value": form.get("as", "")}]


def _read(text: str) -> Json:
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidError("This answer can't be read. Load the page again.") from error
    return value


def _nothing() -> Json:
    raise InvalidError("Choose an answer, or accept one of theirs.")
