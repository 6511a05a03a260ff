"""One case on the adjudicator's bench: the unit in its context, and what annotators said of it, behind letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from annotator.core.codebook import Json, Variable
from annotator.models import Decision, DecisionEvent, Note
from annotator.queries.shown_units import Line, letter
from annotator.queries.unit_answers import OnUnit, basis_of
from projects.models import Article, Round, Unit

AROUND = 2
"""So many sentences before and after are shown."""


@dataclass(frozen=True)
class Voice:
    """What one annotator said. `notes` are what he wrote to the lead, `unsure` that he flagged the unit."""

    letter: str
    value: Json
    state: str
    notes: Sequence[str]
    unsure: bool


@dataclass(frozen=True)
class Past:
    """A change of the decision, with the answers that it rested on, under the letters of now."""

    event: DecisionEvent
    answers: Sequence[tuple[str, Json]]


@dataclass(frozen=True)
class Case:
    round: Round
    unit: Unit
    variable: Variable
    article: Article
    before: Sequence[Line]
    text: str
    after: Sequence[Line]
    voices: Sequence[Voice]
    decision: Decision | None
    history: Sequence[Past]
    changed: bool

    @property
    def base(self) -> int:
        """The version that the next decision builds on."""
        return self.decision.version if self.decision else 0

    @property
    def last(self) -> DecisionEvent | None:
        return self.history[-1].event if self.history else None


def case_of(round: Round, unit: Unit, variable: Variable) -> Case:
    version = unit.text_version
    basis = basis_of(round, unit, variable.key)
    letters = letters_of(round, unit, basis.answers)
    decision = Decision.objects.filter(round=round, unit=unit, variable=variable.key).first()
    before, after = _around(unit)
    history = _history(decision, letters) if decision else []
    return Case(
        round=round,
        unit=unit,
        variable=variable,
        article=version.article,
        before=before,
        text=version.text[unit.start : unit.end] if unit.index else "",
        after=after,
        voices=_voices(round, unit, basis.answers, letters),
        decision=decision,
        history=history,
        changed=decision is not None and decision.value is not None and _changed(decision, history, basis.given),
    )


def letters_of(round: Round, unit: Unit, answers: Sequence[OnUnit]) -> dict[int, str]:
    """A letter for each share, the same for a unit whoever looks; another for the same annotator on the next one."""

    def drawn(answer: OnUnit) -> str:
        return salted_hmac("adjudication", f"{round.pk} {unit.pk} {answer.share}").hexdigest()

    return {answer.share: letter(place) for place, answer in enumerate(sorted(answers, key=drawn))}


def _voices(round: Round, unit: Unit, answers: Sequence[OnUnit], letters: Mapping[int, str]) -> list[Voice]:
    notes: dict[int, list[str]] = {}
    unsure = set()
    left = Note.objects.filter(round=round, unit=unit, parent=None, to_annotators=False).order_by("pk")
    for member, text, flag, settled in left.values_list("member_id", "text", "flag", "settled_at"):
        if not flag:
            notes.setdefault(member, []).append(text)
        elif settled is None:
            unsure.add(member)
    voices = [
        Voice(letters[one.share], one.value, one.state, notes.get(one.member, ()), one.member in unsure)
        for one in answers
    ]
    return sorted(voices, key=lambda voice: (len(voice.letter), voice.letter))


def _around(unit: Unit) -> tuple[list[Line], list[Line]]:
    if not unit.index:
        return [], []
    near = Unit.objects.filter(
        text_version=unit.text_version_id, index__range=(max(1, unit.index - AROUND), unit.index + AROUND)
    )
    rows = near.order_by("index").values_list("index", "start", "end")
    lines = [Line(index, unit.text_version.text[start:end]) for index, start, end in rows]
    return [line for line in lines if line.index < unit.index], [line for line in lines if line.index > unit.index]


def _history(decision: Decision, letters: Mapping[int, str]) -> list[Past]:
    events = decision.events.select_related("member").order_by("sequence")
    return [Past(event, _said(event, letters)) for event in events]


def _said(event: DecisionEvent, letters: Mapping[int, str]) -> list[tuple[str, Json]]:
    return sorted((letters.get(share, "–"), value) for share, value in _basis(event).items())


def _basis(event: DecisionEvent) -> dict[int, Json]:
    """The answers, by share, that an event rested on."""
    return dict(event.basis["answers"]) if event.basis else {}


def _changed(decision: Decision, history: Sequence[Past], now: Mapping[int, Json]) -> bool:
    """Whether the answers are others than those that the decision rests on, whatever happened to the labels between."""
    made = [past.event for past in history if past.event.act != DecisionEvent.Act.DISCUSS]
    return decision.to_confirm or not made or _basis(made[-1]) != now
