"""An answer held against gold, in the words of a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from annotator.core.codebook import Value, used_in
from annotator.models import AccessEntry
from annotator.queries.gold import Judged
from annotator.services import access_log
from annotator.web.asking import words
from projects.models import Membership

MOST_RULES = 2


@dataclass(frozen=True)
class Line:
    """One answer of an annotator's; `rules` are those of the values that were missed, or taken for gold."""

    sentence: int
    question: str
    met: bool
    given: str
    gold: str
    beside: str
    explanation: str
    rules: Sequence[Value]


def lines(judged: Iterable[Judged]) -> list[Line]:
    return [line(one) for one in judged]


def tell_access(member: Membership, judged: Iterable[Judged]) -> None:
    """Gold is somebody's answer in another round: who was told it is written into the log of that round."""
    rounds = {one.gold.came_from for one in judged}
    access_log.note(member=member, rounds=rounds, what=AccessEntry.What.ANSWERS)


def line(judged: Judged) -> Line:
    gold = judged.gold
    return Line(
        sentence=gold.index,
        question=gold.variable.label,
        met=judged.met,
        given=words(gold.variable, judged.given),
        gold=words(gold.variable, gold.value),
        beside=", ".join(_part_names()[part] for part in judged.beside),
        explanation=gold.explanation,
        rules=() if judged.met else _rules(judged),
    )


def _rules(judged: Judged) -> list[Value]:
    """Of the values in one of the two answers alone; those of gold first."""
    variable = judged.gold.variable
    gold = [used.key for used in used_in(variable.kind, judged.gold.value)]
    given = [used.key for used in used_in(variable.kind, judged.given)]
    missed = [key for key in gold if key not in given] or [key for key in given if key not in gold] or gold
    return [value for value in variable.choices if value.key in missed][:MOST_RULES]


def _part_names() -> dict[str, str]:
    return {"manner": _("Manner"), "stance": _("Stance of the cue")}
