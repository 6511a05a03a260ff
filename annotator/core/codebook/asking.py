"""What is asked of a unit, given its answers so far, and whether it is done. Conditions are evaluated on reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from annotator.core.codebook.model import CANNOT_TELL, Codebook, Combination, Comparison, Condition, Scope, Variable

Answers = Mapping[str, object]
State = Literal["answered", "none", "cannot_tell", "unanswered", "not_asked"]


def is_asked(codebook: Codebook, variable: Variable, answers: Answers) -> bool:
    """Whether the condition of this variable holds.

    `answers` maps variable keys to stored answers of one unit; an absent key and None both mean unanswered. A test
    on a variable that is itself not asked doesn't hold, whatever answer is still stored for it.
    """
    return variable.key in _asked_keys(codebook, answers)


def asked(codebook: Codebook, scope: Scope, answers: Answers) -> list[Variable]:
    """The variables to ask of a unit of this scope, in the order of the codebook."""
    keys = _asked_keys(codebook, answers)
    return [variable for variable in codebook.variables if variable.scope == scope and variable.key in keys]


def is_done(codebook: Codebook, scope: Scope, answers: Answers) -> bool:
    """Whether each required variable that is asked has its whole answer.

    An attribution is whole when each source has its manner and stance, where the codebook has any. Without required
    variables a unit is done from the start.
    """
    questions = asked(codebook, scope, answers)
    return all(is_whole(variable, answers.get(variable.key)) for variable in questions if variable.required)


def state(codebook: Codebook, variable: Variable, answers: Answers) -> State:
    """The state that exports give: `none` is the answer [], which is not the same as no answer."""
    return state_of(answers.get(variable.key)) if is_asked(codebook, variable, answers) else "not_asked"


def state_of(answer: object) -> State:
    """The state of a variable that is asked."""
    if answer is None:
        return "unanswered"
    if answer == CANNOT_TELL:
        return "cannot_tell"
    return "none" if answer == [] else "answered"


def _asked_keys(codebook: Codebook, answers: Answers) -> set[str]:
    keys: set[str] = set()
    for key in codebook.order:
        variable = codebook.variable(key)
        if not variable.retired and (variable.visible_if is None or _holds(variable.visible_if, keys, answers)):
            keys.add(key)
    return keys


def _holds(condition: Condition, asked_keys: set[str], answers: Answers) -> bool:
    if isinstance(condition, Combination):
        combine = all if condition.need == "all" else any
        return combine(_holds(part, asked_keys, answers) for part in condition.conditions)
    return condition.variable in asked_keys and passes(condition, answers.get(condition.variable))


def passes(test: Comparison, answer: object) -> bool:
    """Whether an answer passes every part of a test. One that can't be told passes as no answer does."""
    answer = None if answer == CANNOT_TELL else answer
    found = _parts(answer)
    compared = found if found or answer is not None else [None]
    if test.any_of is not None and not any(part in test.any_of for part in compared):
        return False
    if test.not_in is not None and any(part in test.not_in for part in compared):
        return False
    if test.count_at_least is not None and len(found) < test.count_at_least:
        return False
    return (test.at_least is None and test.at_most is None) or any(_lies_between(test, part) for part in found)


def _lies_between(test: Comparison, part: object) -> bool:
    if isinstance(part, bool) or not isinstance(part, int | float):
        return False
    return (test.at_least is None or part >= test.at_least) and (test.at_most is None or part <= test.at_most)


def _parts(answer: object) -> list[object]:
    """The values that an answer names: one, those of a set, the labels of spans, or the sources of attributions."""
    if answer is None:
        return []
    if not isinstance(answer, list):
        return [answer]
    return [item.get("value", item.get("source")) if isinstance(item, dict) else item for item in answer]


def is_whole(variable: Variable, answer: object) -> bool:
    """Whether an answer lacks nothing: of an attribution, no manner or stance that the codebook has."""
    if answer is None:
        return False
    if variable.kind != "attribution" or not isinstance(answer, list):
        return True
    needed = [part for part, values in (("manner", variable.manners), ("stance", variable.stances)) if values]
    return all(item.get(part) is not None for item in answer if isinstance(item, dict) for part in needed)
