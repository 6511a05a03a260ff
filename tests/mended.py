"""Mending in tests: a labelled study, edits by unit number, and everything that a mending must hold to."""

import random
from collections.abc import Iterable, Sequence

from annotator.core.codebook import Json
from annotator.core.mending import Edit, Merge, Move, Offer, Retype, Split
from annotator.models import Label
from annotator.queries.boundaries import units_of
from annotator.services.boundaries import Mended, mend_boundaries, undo_mending
from annotator.services.counting import units_done
from projects.models import Assignment, TextVersion, Unit
from projects.queries.codebooks import codebook
from projects.queries.texts import newest_text
from tests import make

TEXT = """Bridge reopens after the flood

The mayor blamed the regime for the delay. Engineers checked every pillar. Nobody was hurt at 4 p.m. on Monday.

Residents said the ferry had cost them dearly. Two shops closed. The army sent lorries, and the lorries came late.

Why did it take a year? The ministry gave no answer. A second bridge is planned for the spring.
"""
State = dict[tuple[int, int, str], tuple[Json, bool]]
"""Value and `to_confirm` by assignment, number of the unit and variable, of labels that say anything."""


def mend(study: make.Study, *edits: Edit, article: int = 0) -> Mended:
    found = study.articles[article]
    return mend_boundaries(member=study.lead, article=found, base=newest_text(found).number, edits=edits)


def undo(study: make.Study, article: int = 0) -> Mended:
    found = study.articles[article]
    return undo_mending(member=study.lead, article=found, base=newest_text(found).number)


def version(study: make.Study) -> TextVersion:
    return newest_text(study.articles[0])


def unit(study: make.Study, number: int) -> Unit:
    """A unit of the newest text version."""
    return Unit.objects.select_related("text_version").get(text_version=version(study), index=number)


def words(study: make.Study) -> list[str]:
    text = version(study)
    return [text.text[unit.start : unit.end] for unit in units_of(text)[1:]]


def shape(text: TextVersion) -> list[tuple[int, int, str, bool, bool]]:
    return [(unit.start, unit.end, unit.kind, unit.codable, unit.new_line) for unit in units_of(text)]


def state(text: TextVersion) -> State:
    """The labels on a text version."""
    rows = Label.objects.filter(unit__text_version=text).values_list(
        "assignment_id", "unit__index", "variable", "value", "to_confirm"
    )
    return {(owner, index, key): (value, wait) for owner, index, key, value, wait in rows if value is not None or wait}


def said(study: make.Study, number: int, variable: str, member: int = 0) -> tuple[Json, bool] | None:
    """Value and `to_confirm` of one label on the newest text version."""
    return state(version(study)).get((study.assignment(member).pk, number, variable))


def counted(assignment: Assignment) -> int:
    """The units done, counted afresh."""
    book = codebook(assignment.round.codebook_version_id)
    return units_done(book, Label.objects.filter(assignment=assignment))[assignment.pk]


def label_at_random(assignment: Assignment, units: Iterable[Unit], chance: random.Random) -> None:
    """Answers of every kind of variable, with spans anywhere in their units."""
    text = assignment.text_version.text
    for unit in units:
        answers: dict[str, Json] = {
            "stance": chance.choice(["for", "against"]),
            "side": chance.choice([["town"], ["town", "army"], []]),
            "framing": _spans(unit, text, chance, "value", ["naming_state", "praise"]),
            "attribution": _speakers(unit, text, chance),
        }
        for variable, value in answers.items():
            if chance.random() < 0.7:
                label = Label.objects.filter(assignment=assignment, unit=unit, variable=variable).first()
                make.label(assignment, unit, variable, value, label.version if label else 0)


def _spans(unit: Unit, text: str, chance: random.Random, field: str, values: Sequence[str]) -> list[Json]:
    spans: dict[tuple[int, int], Json] = {}
    for _ in range(chance.randrange(3)):
        start = chance.randrange(unit.start, unit.end)
        end = chance.randrange(start + 1, min(unit.end, start + 12) + 1)
        spans[start, end] = {"start": start, "end": end, "quote": text[start:end], field: chance.choice(values)}
    return list(spans.values())


def _speakers(unit: Unit, text: str, chance: random.Random) -> list[Json]:
    return [
        {
            "source": chance.choice(["mayor", "army"]),
            "manner": "direct",
            "stance": "neutral",
            "spans": _spans(unit, text, chance, "role", ["source", "cue", "content"]),
        }
        for _ in range(chance.randrange(3))
    ]


def edit_at_random(units: Sequence[Unit], text: str, chance: random.Random) -> Edit:
    """An edit that may turn out impossible once those before it are made."""
    unit, offset = chance.choice(units), chance.randrange(len(text))
    kinds: list[Edit] = [
        Split(offset),
        Merge(unit.start),
        Move(unit.start, chance.randrange(max(0, unit.start - 30), min(len(text), unit.end))),
        Retype(unit.start, chance.choice(["sentence", "subhead", "promo", "caption"])),
        Offer(unit.start, chance.random() < 0.5),
    ]
    return chance.choices(kinds, weights=[4, 4, 3, 1, 1])[0]
