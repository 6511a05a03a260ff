"""Gold answers carried to the units that stayed as they were; on others a lead makes them again."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from annotator.core.carrying import Held
from annotator.core.codebook import Json
from annotator.models import GoldAnswer
from annotator.queries.boundaries import Step
from projects.models import Assignment, TextVersion, Unit
from projects.queries.codebooks import codebook

from .carrying import of_ancestors

BATCH = 500
OfUnits = dict[int, dict[str, GoldAnswer]]


def carry_gold(step: Step, wanted: TextVersion | None) -> None:
    """After the shares were moved. `wanted` is the version that an undo brings back, with what was gold on it.

    Where shares stay on the text of before, its gold stays in force for them; else it is retired.
    """
    before, earlier = _gold_on(step.before), {} if wanted is None else _gold_on(wanted)
    by_index = {gold.unit.index: own for own in earlier.values() for gold in own.values()}
    now, made = timezone.now(), []
    carried = set()
    for unit in step.new:
        heirs = {old.variable: (old, value) for old, value in _heirs(step, unit, before)}
        carried |= {old.pk for old, _ in heirs.values()}
        brought = {key: (old, old.value) for key, old in by_index.get(unit.index, {}).items()}
        made += [_copy(old, unit, value, now) for old, value in (brought | heirs).values()]
    GoldAnswer.objects.bulk_create(made, batch_size=BATCH)
    stays = Assignment.objects.filter(text_version=step.before).exclude(state=Assignment.State.RELEASED)
    if not stays.exists():
        GoldAnswer.objects.filter(pk__in=carried).update(retired_at=now)


def _gold_on(version: TextVersion) -> OfUnits:
    found: OfUnits = {}
    for gold in GoldAnswer.objects.filter(retired_at=None, unit__text_version=version).select_related("unit"):
        found.setdefault(gold.unit_id, {})[gold.variable] = gold
    return found


def _heirs(step: Step, unit: Unit, gold: OfUnits) -> Iterator[tuple[GoldAnswer, Json]]:
    """What is gold on the new unit, as it reads there: nothing that an annotator would have to confirm."""
    old = [step.old[link.old].pk for link in step.ancestors.get(unit.index, ())]
    held = {pk: {key: Held(one.value) for key, one in gold.get(pk, {}).items()} for pk in old}
    for own in (gold.get(pk, {}) for pk in old):
        for key, one in own.items():
            kind = codebook(one.codebook_version_id).variable(key).kind
            came = of_ancestors(step, kind, unit, key, held)
            if came is not None and came.value is not None and not came.to_confirm:
                yield one, came.value


def _copy(old: GoldAnswer, unit: Unit, value: Json, now: datetime) -> GoldAnswer:
    return GoldAnswer(
        unit=unit,
        variable=old.variable,
        value=value,
        explanation=old.explanation,
        codebook_version_id=old.codebook_version_id,
        decision_id=old.decision_id,
        assignment_id=old.assignment_id,
        member_id=old.member_id,
        created_at=now,
    )
