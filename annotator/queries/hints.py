"""Hints: where terms of the project's lexicons, and aliases of sources, stand in the sentences of an article.

A hint is nobody's answer. Only rounds that have hints switched on show any, and the pen proposes from the same list.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from annotator.core.codebook import Codebook
from annotator.core.lexicons import Aim, Term, aim
from annotator.core.terms import Hit, Terms
from annotator.queries.coding import CodingUnit
from annotator.queries.hint_log import dismissed
from projects.models import Assignment
from projects.queries import lexicons

ALIASES = "sources"
"""What stands in place of a lexicon's key for the aliases of sources; its number is that of the codebook."""


class Hint(NamedTuple):
    """A term in a unit, offsets in code points from the unit's start.

    `kind` is alias, cue or framing; `value` the source, the stance of the cue (may be empty) or the value of the span;
    `lexicon` the place in `Hints.lexicons`; `manner` what a cue implies of how the words come in.
    """

    start: int
    end: int
    kind: str
    value: str
    lexicon: int
    manner: str = ""


class Origin(NamedTuple):
    """Where hints come from: lexicon, its number, and the variable that they speak to."""

    key: str
    number: int
    variable: str


@dataclass(frozen=True)
class Hints:
    """The hints of an assignment: origins, and hints by unit id."""

    lexicons: Sequence[Origin] = ()
    of: Mapping[int, Sequence[Hint]] = field(default_factory=dict)


class _Source(NamedTuple):
    """A list of terms and where its hits go."""

    origin: Origin
    terms: Terms[Term]
    aim: Aim


def hints(assignment: Assignment, book: Codebook, units: Iterable[CodingUnit]) -> Hints:
    """The hints of each unit that is asked about, without those dismissed; none in a round without or closed."""
    if not assignment.round.hints or assignment.round.closed_at:
        return Hints()
    sources = list(_sources(assignment, book))
    origins = [_alias_origin(assignment, book), *(source.origin for source in sources)]
    aliases = lexicons.aliases(assignment.round.codebook_version_id)
    asked = [unit for unit in units if unit.codable and unit.index]
    unwanted = dismissed(assignment)

    def wanted(unit: CodingUnit, hint: Hint) -> bool:
        return (unit.id, unit.start + hint.start, unit.start + hint.end, origins[hint.lexicon].key) not in unwanted

    found = {unit.id: _in_text(unit.text, aliases, sources) for unit in asked}
    kept = {unit.id: [hint for hint in found[unit.id] if wanted(unit, hint)] for unit in asked}
    return Hints(origins, {unit: listed for unit, listed in kept.items() if listed})


def _in_text(text: str, aliases: Terms[tuple[str, str]], sources: Sequence[_Source]) -> list[Hint]:
    """All hints in order. A word inside a name is no cue: "State Television" states nothing."""
    names = list(_aliases(aliases, text))
    terms = [
        hint
        for hint in _terms(sources, text)
        if hint.kind != "cue" or not any(name.start <= hint.start and hint.end <= name.end for name in names)
    ]
    return sorted([*names, *terms])


def _sources(assignment: Assignment, book: Codebook) -> Iterator[_Source]:
    for row, parsed in lexicons.in_use(assignment.member.project_id):
        if aimed := aim(parsed, book):
            yield _Source(Origin(row.key, row.number, aimed.variable.key), lexicons.terms(row.pk), aimed)


def _alias_origin(assignment: Assignment, book: Codebook) -> Origin:
    variable = next((v.key for v in book.variables if v.kind == "attribution" and not v.retired), "")
    return Origin(ALIASES, assignment.round.codebook_version.number, variable)


def _aliases(aliases: Terms[tuple[str, str]], text: str) -> Iterator[Hint]:
    for start, end, (_, source) in aliases.find(text):
        yield Hint(start, end, "alias", source, 0)


def _terms(sources: Sequence[_Source], text: str) -> Iterator[Hint]:
    for number, source in enumerate(sources, 1):
        for hit in source.terms.find(text):
            if hint := _hint(hit, source.aim, number):
                yield hint


def _hint(hit: Hit[Term], aimed: Aim, number: int) -> Hint | None:
    term, value = hit.what, aimed.values.get(hit.what.group, "")
    if aimed.variable.kind == "span" and not aimed.variable.relations:
        return Hint(hit.start, hit.end, "framing", value, number) if value else None
    manner = term.manner if any(term.manner == known.key for known in aimed.variable.manners) else ""
    return Hint(hit.start, hit.end, "cue", value, number, manner)
