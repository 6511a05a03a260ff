"""Decisions carried from the units of one text version to those of the next, as labels are.

The old ones stay on the old units. On a unit that stayed as it was a decision stands; on others it waits to be
confirmed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from annotator.core.carrying import Held
from annotator.core.codebook import Json
from annotator.models import Decision, DecisionEvent, Label
from annotator.queries.adjudication import made_by, with_labels_now
from annotator.queries.boundaries import Step
from annotator.queries.editions import variables_of
from projects.models import Round, TextVersion, Unit

from .carrying import of_ancestors

BATCH = 500
OnUnits = dict[int, dict[str, Held]]
Place = tuple[int, str]
"""The id of a unit and the key of a question."""


@dataclass(frozen=True)
class _Made:
    """A decision of before, the event that made it what it is, and the one by which somebody chose it."""

    decision: Decision
    event: DecisionEvent
    chosen: DecisionEvent

    @property
    def is_fresh(self) -> bool:
        """Whether its labels are those that it rests on."""
        return bool(self.decision.labels_seen == getattr(self.decision, "labels_now", None))

    @property
    def said_by(self) -> DecisionEvent:
        """Whose it is, and why; where it is under discussion, who put it up for that."""
        return self.event if self.decision.discussed else self.chosen

    @property
    def held(self) -> Held:
        return Held(self.decision.value, self.decision.to_confirm, self.decision.version)


def carry_decisions(step: Step, rounds: Iterable[Round], wanted: TextVersion | None) -> None:
    """Those of these rounds, whose labels were carried already. `wanted` is the version that an undo brings back.

    They stay those of who decided, with his reason.
    """
    for round in rounds:
        made = _made(round, step.before)
        if made:
            earlier = {} if wanted is None else _by_index(_made(round, wanted))
            _store(step, round, list(_heirs(step, round, made, earlier)))


def _made(round: Round, version: TextVersion) -> dict[Place, _Made]:
    decisions = Decision.objects.filter(round=round, unit__text_version=version).select_related("unit")
    found = {decision.pk: decision for decision in with_labels_now(decisions)}
    made = made_by(list(found)).items()
    return {(found[pk].unit_id, found[pk].variable): _Made(found[pk], last, chosen) for pk, (chosen, last) in made}


def _by_index(made: Mapping[Place, _Made]) -> dict[Place, _Made]:
    return {(one.decision.unit.index, one.decision.variable): one for one in made.values()}


@dataclass(frozen=True)
class _Heir:
    """A decision to be, and those that it comes of."""

    unit: Unit
    variable: str
    held: Held
    of: Sequence[_Made]


def _heirs(step: Step, round: Round, made: Mapping[Place, _Made], earlier: Mapping[Place, _Made]) -> Iterator[_Heir]:
    held: OnUnits = {}
    for (unit_id, key), one in made.items():
        held.setdefault(unit_id, {})[key] = one.held
    kinds = {key: variable.kind for key, variable in variables_of(round).items()}
    for unit in step.new:
        old = [step.old[link.old].pk for link in step.ancestors.get(unit.index, ())]
        for key in sorted({key for unit_id in old for key in held.get(unit_id, ())}):
            of = [made[unit_id, key] for unit_id in old if (unit_id, key) in made]
            before = earlier.get((unit.index, key))
            if before is not None and all(one.event.act == DecisionEvent.Act.CARRIED for one in of):
                yield _Heir(unit, key, before.held, [before])
            elif (found := of_ancestors(step, kinds[key], unit, key, held)) is not None:
                yield _Heir(unit, key, found, of)


def _store(step: Step, round: Round, heirs: Sequence[_Heir]) -> None:
    labels = Label.objects.filter(round=round, unit__text_version=step.after, assignment__text_version=step.after)
    said: dict[Place, dict[int, tuple[Json, int]]] = {}
    for unit, key, share, value, version in labels.values_list(
        "unit_id", "variable", "assignment_id", "value", "version"
    ):
        said.setdefault((unit, key), {})[share] = value, version
    made = [(heir, *_basis(heir, said.get((heir.unit.pk, heir.variable), {}))) for heir in heirs]
    decisions = Decision.objects.bulk_create([_decision(round, heir, seen) for heir, seen, _ in made], batch_size=BATCH)
    DecisionEvent.objects.bulk_create(
        [
            DecisionEvent(
                uuid=uuid4(),
                decision=decision,
                member_id=heir.of[0].said_by.member_id,
                value=decision.value,
                reason=heir.of[0].said_by.reason,
                sequence=decision.version,
                act=DecisionEvent.Act.CARRIED,
                basis={"labels_seen": decision.labels_seen, "answers": answers},
                to_confirm=decision.to_confirm,
            )
            for decision, (heir, _seen, answers) in zip(decisions, made, strict=True)
        ],
        batch_size=BATCH,
    )


def _basis(heir: _Heir, said: Mapping[int, tuple[Json, int]]) -> tuple[int, list[Json]]:
    """`labels_seen` and the answers as they read on the new unit; none where they had changed before already."""
    one = heir.of[0]
    fresh = len(heir.of) == 1 and one.is_fresh and one.event.basis is not None
    answers = one.event.basis["answers"] if fresh and one.event.basis else []
    now: list[Json] = [[share, said[share][0] if share in said else value] for share, value in answers]
    return sum(version for _, version in said.values()) if fresh else 0, now


def _decision(round: Round, heir: _Heir, labels_seen: int) -> Decision:
    return Decision(
        round=round,
        unit=heir.unit,
        variable=heir.variable,
        value=heir.held.value,
        version=heir.held.version,
        to_confirm=heir.held.to_confirm,
        discussed=any(one.decision.discussed for one in heir.of),
        labels_seen=labels_seen,
    )
