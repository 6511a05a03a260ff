"""The agreement on one variable by parts of a round, and which ways of parting it make sense."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from annotator.core.agreement.arms import Shift, by_arm, shifts
from annotator.core.agreement.between import between_groups
from annotator.core.agreement.breakdown import (
    MOST_PARTS,
    REPLICATES,
    AgainstRest,
    Part,
    against_rest,
    by_unit,
    part_of,
    taken,
)
from annotator.core.errors import NotFoundError
from annotator.queries.datasets import open_rounds_hidden_from, rounds_of
from annotator.queries.rated import Rated, check_key, kept_rated
from annotator.queries.ratings import compared_shares
from annotator.queries.reports import DEFAULT_SEED
from annotator.queries.second_looks import Looks, has_occasions, occasions, repeats
from annotator.queries.unit_groups import (
    COLUMN,
    IN_ORDER,
    Facts,
    article_titles,
    columns,
    differing_fields,
    facts_of,
    unit_groups,
    was_moved,
)
from projects.models import Membership, Round
from projects.queries.codebooks import codebook

MOST_GROUPS = 6
MOST_ROUNDS = 12
DRAWN = {"replicates": REPLICATES, "seed": DEFAULT_SEED}


@dataclass(frozen=True)
class Asked:
    """A member who wants the agreement on the variable `key` of a round by parts."""

    member: Membership
    round: Round
    key: str

    @cached_property
    def rated(self) -> Rated:
        return kept_rated(self.round, self.key)

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.round, self.rated)

    @cached_property
    def ways(self) -> list[str]:
        """The ways of parting that make sense here, those of the articles' own columns last."""
        is_whole = all(unit.index == 0 for unit in self.rated.units)
        found = ["annotators"]
        found += ["groups"] if len(set(_groups(self).values())) > 1 else []
        found += ["arms"] if len(self.round.arms) > 1 else []
        found += ["article"] if len(set(self.rated.ratings.articles)) > 1 and not is_whole else []
        found += differing_fields(self.facts)
        found += [] if is_whole else ["kind"]
        found += ["fifth", "day", *(["version"] if was_moved(self.round) else []), "rounds"]
        found += ["occasions"] if has_occasions(self.round) else []
        found += [] if is_whole or self.rated.ratings.kind == "span" else ["repeats"]
        return found + [f"{COLUMN}{name}" for name in columns(self.facts)]

    def visible_rounds(self) -> list[Round]:
        """The rounds of the project whose agreement the member may see now."""
        hidden = open_rounds_hidden_from(self.member)
        return list(rounds_of(self.member.project_id).exclude(pk__in=hidden.values("pk")))


@dataclass(frozen=True)
class Broken:
    """What came of it: parts, or annotators against the rest. A part's key may be two names (group against group).

    `left_out` counts parts that are not shown, `unplaced` the units that belong to none. `shifts` say
    for two arms how their answers differ. `titles` are those of articles, which are known by their external ids.
    """

    parts: Sequence[Part] = ()
    against: Sequence[AgainstRest] = ()
    left_out: int = 0
    unplaced: int = 0
    shifts: Sequence[tuple[tuple[str, str], Sequence[Shift]]] = ()
    titles: Mapping[str, str] = field(default_factory=dict)


def broken_down(asked: Asked, way: str) -> Broken:
    """By one of its ways; raises NotFoundError for any other."""
    if way not in asked.ways:
        raise NotFoundError("There is no such breakdown.")
    if way in _OTHERS:
        return _OTHERS[way](asked)
    rated = asked.rated
    groups = unit_groups(asked.round, rated, way)
    found = by_unit(rated.ratings, groups, **DRAWN)
    if way in IN_ORDER:
        parts = sorted(found.parts, key=lambda part: (len(str(part.key)), str(part.key)))
    else:
        parts = sorted(found.parts, key=_lowest_first)
    titles = article_titles(asked.facts) if way == "article" else {}
    return Broken(parts=parts, left_out=found.left_out, unplaced=found.unplaced, titles=titles)


def _lowest_first(part: Part) -> tuple[bool, float]:
    value = part.figure.value
    return value is None, 0.0 if value is None else value


def _annotators(asked: Asked) -> Broken:
    against, left_out = against_rest(asked.rated.ratings, **DRAWN)
    return Broken(against=against, left_out=left_out)


def _groups(asked: Asked) -> dict[str, str]:
    """The group of each annotator by pseudonym, the empty one for those in none."""
    names = asked.rated.ratings.annotators
    members = Membership.objects.filter(project_id=asked.round.project_id, pseudonym__in=names)
    return dict(members.values_list("pseudonym", "group"))


def _by_groups(asked: Asked) -> Broken:
    """Within each group of annotators, then between every two of them."""
    ratings, group = asked.rated.ratings, _groups(asked)
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(ratings.annotators):
        rows.setdefault(group.get(name, ""), []).append(row)
    shown = sorted(rows, key=lambda name: -len(rows[name]))[:MOST_GROUPS]
    parts = [part_of(name, taken(ratings, rows=rows[name]), **DRAWN) for name in shown]
    for one, other in combinations(shown, 2):
        figure = between_groups(ratings, rows[one], rows[other], **DRAWN)
        parts.append(Part((one, other), figure.units, figure, None))
    return Broken(parts=parts, left_out=len(rows) - len(shown))


def _by_arms(asked: Asked) -> Broken:
    """Within each arm, between every two of them, and what the arms do to the answers."""
    shares = compared_shares(asked.round).values_list("text_version__article__external_id", "member__pseudonym", "arm")
    arm_of = {(article, name): arm for article, name, arm in shares}
    ratings, units = asked.rated.ratings, asked.rated.units
    arms = [str(arm["key"]) for arm in asked.round.arms]

    def arm(row: int, place: int) -> str:
        return arm_of.get((units[place].article, ratings.annotators[row]), "")

    split, rows = by_arm(ratings, arm, arms)
    parts = [part_of(name, taken(split, rows=rows[name]), **DRAWN) for name in arms]
    pairs = list(combinations(arms, 2))
    for one, other in pairs:
        figure = between_groups(split, rows[one], rows[other], **DRAWN)
        parts.append(Part((one, other), figure.units, figure, None))
    return Broken(
        parts=parts, shifts=[((one, two), shifts(split, rows[one], rows[two], **DRAWN)) for one, two in pairs]
    )


def _by_rounds(asked: Asked) -> Broken:
    """The same question in each round that may be seen, oldest first, with its version of the codebook."""
    parts = []
    rounds = asked.visible_rounds()
    for round in rounds[-MOST_ROUNDS:]:
        try:
            check_key(codebook(round.codebook_version_id), asked.key)
        except NotFoundError:
            continue
        ratings = kept_rated(round, asked.key).ratings
        if ratings.kind == asked.rated.ratings.kind and ratings.answered().any():
            parts.append(part_of((round.name, str(round.codebook_version.number)), ratings, **DRAWN))
    return Broken(parts=parts, left_out=max(0, len(rounds) - MOST_ROUNDS))


def _of_looks(looks: Looks) -> Broken:
    shown = looks[: MOST_PARTS + 1]
    return Broken(parts=[part_of(name, own, **DRAWN) for name, own in shown], left_out=len(looks) - len(shown))


def _by_occasions(asked: Asked) -> Broken:
    return _of_looks(occasions(asked.round, asked.key, asked.visible_rounds()))


def _by_repeats(asked: Asked) -> Broken:
    return _of_looks(repeats(asked.rated))


_OTHERS: Mapping[str, Callable[[Asked], Broken]] = {
    "annotators": _annotators,
    "groups": _by_groups,
    "arms": _by_arms,
    "rounds": _by_rounds,
    "occasions": _by_occasions,
    "repeats": _by_repeats,
}
