"""One answer against its variable: the canonical JSON value to store, or AnswerError saying what would fit."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from annotator.core.codebook.model import CANNOT_TELL, AnswerError, Json, Kind, Value, Variable
from annotator.core.codebook.span_answers import Unit, check_attributions, check_spans
from annotator.core.codebook.wording import key_list, shown
from annotator.core.text import is_storable

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_LARGEST = 10**15


@dataclass(frozen=True, slots=True)
class _Asked:
    variable: Variable
    unit: Unit
    chosen: Collection[str] | None


def check_answer(
    variable: Variable, answer: object, *, text: str, start: int, end: int, chosen: Collection[str] | None = None
) -> Json:
    """The answer as it is stored: sets and spans in codebook and text order, numbers as numbers, quotes filled in.

    `text` is the whole text version, `start` and `end` the unit's extent in it (code points); they matter for spans
    only. `chosen`, where given, are the values to which `values_limited_to_chosen_in` limits this answer. Taking an
    answer back (None) is no answer and is refused here.

    >>> count = Variable("quoted", "People quoted", "number", "sentence", "ratio", integer=True)
    >>> check_answer(count, "2", text="", start=0, end=0)
    2
    """
    if answer == CANNOT_TELL and variable.cannot_tell:
        return CANNOT_TELL
    if answer is None:
        raise AnswerError("There is no answer; to take one back, use undo.")
    return _CHECKS[variable.kind](_Asked(variable, Unit(text, start, end), chosen), answer)


def _check_one(asked: _Asked, answer: object) -> Json:
    return _known_key(asked, answer)


def _check_many(asked: _Asked, answer: object) -> Json:
    variable = asked.variable
    if not isinstance(answer, list):
        raise AnswerError(f"{variable.label}: the answer has to be a list of values, [] for none; got {shown(answer)}.")
    if len(answer) > len(variable.values):
        raise AnswerError(f"{variable.label}: the list has more entries than there are values.")
    keys = [_known_key(asked, item) for item in answer]
    if len(set(keys)) < len(keys):
        raise AnswerError(f"{variable.label}: a value is chosen twice.")
    alone = [key for key in keys if key in variable.exclusive]
    if alone and len(keys) > 1:
        raise AnswerError(f"{variable.label}: {shown(alone[0])} stands alone; take the other values away, or this one.")
    if variable.max_choices is not None and len(keys) > variable.max_choices:
        raise AnswerError(f"{variable.label}: {len(keys)} values are chosen; {variable.max_choices} at most.")
    return [value.key for value in variable.values if value.key in keys]


def _known_key(asked: _Asked, answer: object) -> str:
    offered = _offered(asked)
    if isinstance(answer, str) and any(value.key == answer for value in offered):
        return answer
    raise AnswerError(f"{asked.variable.label}: {shown(answer)} is not offered; choose from {key_list(offered)}.")


def _offered(asked: _Asked) -> Sequence[Value]:
    limited = asked.variable.limited_to is not None and asked.chosen is not None
    return [
        value
        for value in asked.variable.values
        if not value.retired and not (limited and value.key not in (asked.chosen or ()))
    ]


def _check_number(asked: _Asked, answer: object) -> Json:
    variable = asked.variable
    number = _as_number(variable, answer)
    if variable.integer and not isinstance(number, int):
        raise AnswerError(f"{variable.label}: {shown(answer)} is not a whole number.")
    if variable.min is not None and number < variable.min:
        raise AnswerError(f"{variable.label}: {shown(answer)} is too small; {variable.min} at least.")
    if variable.max is not None and number > variable.max:
        raise AnswerError(f"{variable.label}: {shown(answer)} is too large; {variable.max} at most.")
    return number


def _as_number(variable: Variable, answer: object) -> int | float:
    number: int | float
    if isinstance(answer, str) and len(answer) <= 40 and _NUMBER.fullmatch(answer.strip()):
        number = float(answer)
    elif isinstance(answer, int | float) and not isinstance(answer, bool):
        number = answer
    else:
        raise AnswerError(f"{variable.label}: {shown(answer)} is not a number; write it with digits, like 12.5.")
    if isinstance(number, float) and not math.isfinite(number):
        raise AnswerError(f"{variable.label}: {shown(answer)} is not a finite number.")
    if abs(number) > _LARGEST:
        raise AnswerError(f"{variable.label}: the number is too large; 15 digits at most.")
    return int(number) if number == int(number) else number


def _check_text(asked: _Asked, answer: object) -> Json:
    variable = asked.variable
    if not isinstance(answer, str):
        raise AnswerError(f"{variable.label}: the answer has to be text; got {shown(answer)}.")
    if not is_storable(answer):
        raise AnswerError(f"{variable.label}: the text holds a NUL character or half a character; type it again.")
    cleaned = answer.replace("\r\n", "\n").replace("\r", "\n")
    if not cleaned.strip():
        raise AnswerError(f"{variable.label}: the text is empty; to take an answer back, use undo.")
    if len(cleaned) > variable.max_length:
        raise AnswerError(f"{variable.label}: the text has {len(cleaned)} characters; {variable.max_length} at most.")
    return cleaned


def _check_span(asked: _Asked, answer: object) -> Json:
    return check_spans(asked.variable, answer, asked.unit)


def _check_attribution(asked: _Asked, answer: object) -> Json:
    return check_attributions(asked.variable, answer, asked.unit)


_CHECKS: dict[Kind, Callable[[_Asked, object], Json]] = {
    "single": _check_one,
    "ordinal": _check_one,
    "multi": _check_many,
    "number": _check_number,
    "text": _check_text,
    "span": _check_span,
    "attribution": _check_attribution,
}
