"""The units of a round that can be compared: those that all annotators of an article saw in the same extent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from annotator.queries.boundaries import same_extent
from projects.models import Unit


@dataclass(frozen=True, slots=True)
class RatedUnit:
    """A unit of the round, with the external id of its article."""

    id: int
    index: int
    start: int
    end: int
    text_version: int
    article: str


@dataclass(frozen=True)
class Alike:
    """The units that all annotators of their article saw in the same extent, each mapped to the one that stands for it.

    `left_out` holds the others.
    """

    units: Sequence[RatedUnit]
    compared: Mapping[int, RatedUnit]
    left_out: Sequence[RatedUnit]

    @property
    def standing_for(self) -> list[RatedUnit]:
        """Each unit once, whichever text versions it is in."""
        return list(dict.fromkeys(self.compared.values()))

    @property
    def moved(self) -> dict[int, int]:
        """How far on the unit begins that stands for another, where that is not the same place."""
        by = {unit.id: self.compared[unit.id].start - unit.start for unit in self.units}
        return {unit: step for unit, step in by.items() if step}


def alike_units(texts: Collection[int], kinds: Collection[str] = ()) -> Alike:
    """Those of these text versions; of these kinds only, where any are named."""
    units = _units(texts, kinds)
    versions: dict[str, set[int]] = {}
    for unit in units:
        versions.setdefault(unit.article, set()).add(unit.text_version)
    several = {text for found in versions.values() if len(found) > 1 for text in found}
    first = same_extent(several) if several else {}
    seen: dict[int, list[RatedUnit]] = {}
    for unit in units:
        seen.setdefault(first.get(unit.id, unit.id), []).append(unit)
    by_all = [found for found in seen.values() if len(found) == len(versions[found[0].article])]
    compared = {unit.id: found[0] for found in by_all for unit in found}
    left_out = [found[0] for found in seen.values() if found[0].id not in compared]
    return Alike([unit for unit in units if unit.id in compared], compared, left_out)


def _units(texts: Collection[int], kinds: Collection[str]) -> list[RatedUnit]:
    found = Unit.objects.filter(text_version__in=texts, codable=True)
    rows = (
        (found.filter(kind__in=kinds) if kinds else found)
        .order_by("text_version__article__external_id", "text_version_id", "index")
        .values_list("pk", "index", "start", "end", "text_version_id", "text_version__article__external_id")
    )
    return [RatedUnit(*row) for row in rows.iterator(chunk_size=5000)]
