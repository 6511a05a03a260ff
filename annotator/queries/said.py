"""Stored labels as answers: their state under the conditions of the codebook, and the one spelling of each.

Most answers are one of a few values, and so are the answers on which conditions hang. What has been worked out for one
is kept for the next: a large dataset is read in a third of the time.
"""

import json
from collections.abc import MutableMapping, Sequence, Set
from datetime import datetime
from typing import NamedTuple, TypeVar

from annotator.core.codebook import Json, State, Variable, asked, state_of
from annotator.core.codebook.model import Scope
from annotator.core.coded_tables import cell_of
from annotator.core.dataset import canonical, value_cell
from annotator.queries.editions import Edition
from annotator.queries.ratings import deciding
from projects.queries.codebooks import codebook
from projects.queries.progress import scope_of

Answered = tuple[Variable, "Answer", int, datetime | None]
"""An answer to a question, with version and time of its label; 0 and None where there never was one."""
Stored = dict[str, tuple[str | None, int, datetime]]
"""Of each variable the answer as JSON, None where it was taken back or waits to be confirmed; version and time."""
Key = TypeVar("Key")
Worked = TypeVar("Worked")
MOST_KEPT = 10_000
LONGEST_KEPT = 500


class Answer(NamedTuple):
    """`value` and `cell`, its text in tables, are None where there is none to show."""

    state: State
    value: Json = None
    cell: str | None = None


UNANSWERED, NOT_ASKED = Answer("unanswered"), Answer("not_asked")


class Reader:
    """Reads the labels of one round, of all questions or some of them."""

    def __init__(self, edition: Edition, variables: Sequence[str] = ()) -> None:
        self.edition = edition
        self.book = codebook(edition.version.pk)
        wanted = [variable for variable in self.book.variables if not variables or variable.key in variables]
        self._questions = {
            scope: [variable for variable in wanted if variable.scope == scope] for scope in ("sentence", "article")
        }
        self._deciding = sorted(deciding(self.book))
        self._nothing_said: dict[Scope, list[Answered]] = {}
        self._answers: dict[tuple[str, str, bool], Answer] = {}
        self._asked: dict[tuple[str | None, ...], Set[str]] = {}

    def asks_of(self, number: int) -> bool:
        """Whether there is a question on the unit of this number."""
        return bool(self._questions[scope_of(number)])

    def stored(self, shares: Sequence[int], units: Sequence[int]) -> dict[tuple[int, int], Stored]:
        """By assignment and unit."""
        found: dict[tuple[int, int], Stored] = {}
        labels = self.edition.labels(shares, units, as_text=True)
        for share, unit, variable, value, version, updated_at, to_confirm in labels:
            # What a mended boundary or a split value left to confirm is nobody's answer until he does.
            said = None if to_confirm else value
            found.setdefault((share, unit), {})[variable] = said, version, updated_at  # type: ignore[assignment]
        return found

    def answers(self, index: int, labels: Stored, *, is_item: bool) -> Sequence[Answered]:
        """The answers to the questions of a unit's scope."""
        scope = scope_of(index)
        if not labels and scope in self._nothing_said:
            return self._nothing_said[scope]
        found: list[Answered] = []
        asked = self._asked_of(scope, labels)
        for variable in self._questions[scope]:
            key = variable.key
            label = labels.get(key)
            if label is None:
                found.append((variable, UNANSWERED if key in asked else NOT_ASKED, 0, None))
            else:
                said, version, updated_at = label
                answer = self.answer(variable, said, is_item=is_item) if key in asked else NOT_ASKED
                found.append((variable, answer, version, updated_at))
        if not labels:
            self._nothing_said[scope] = found
        return found

    def _asked_of(self, scope: Scope, labels: Stored) -> Set[str]:
        said = {key: labels[key][0] for key in self._deciding if key in labels}
        told = (scope, *map(said.get, self._deciding))
        found = self._asked.get(told)
        if found is None:
            answers = {key: json.loads(value) for key, value in said.items() if value is not None}
            found = self._asked[told] = {variable.key for variable in asked(self.book, scope, answers)}
            _shorten(self._asked)
        return found

    def answer(self, variable: Variable, said: str | None, *, is_item: bool) -> Answer:
        """What is stored as an answer to a question that is asked."""
        if said is None:
            return UNANSWERED
        told = variable.key, said, is_item
        found = self._answers.get(told)
        if found is None:
            found = _read(variable, json.loads(said), is_item)
            if len(said) <= LONGEST_KEPT:
                self._answers[told] = found
                _shorten(self._answers)
        return found


def _read(variable: Variable, said: Json, is_item: bool) -> Answer:
    state = state_of(said)
    if state not in ("answered", "none"):
        return Answer(state)
    value = canonical(variable, said)
    return Answer(state, value, cell_of(variable, value) if is_item else value_cell(value))


def _shorten(kept: MutableMapping[Key, Worked]) -> None:
    if len(kept) > MOST_KEPT:
        kept.clear()
