"""The registry of sources changed, and the open rounds brought to the version that it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotator.core.codebook.registry import Actor
from annotator.core.errors import ConflictError, InvalidError
from annotator.services.codebook_moves import move_round
from projects.models import CodebookVersion, Membership, Round
from projects.permissions import require
from projects.services.sources import publish_sources


@dataclass(frozen=True)
class Changed:
    """The version now newest, the rounds that use it since, and why others don't (by their names)."""

    version: CodebookVersion
    moved: Sequence[Round]
    left: Mapping[str, str]


def change_sources(
    *,
    member: Membership,
    base: int,
    variable: str,
    actors: Sequence[Actor],
    merges: Mapping[str, str],
    move: Sequence[Round] = (),
) -> Changed:
    """Publish the actors as the next version, and move these rounds to it: labels follow merged sources.

    A round that can't be moved stays on its version; the others are moved, and the version stays published.
    """
    require(member, "import codebook")
    version = publish_sources(member=member, base=base, variable=variable, actors=actors, merges=merges)
    moved, left = [], {}
    for round in move if version.number != base else ():
        try:
            move_round(member=member, round=round, version=version)
            moved.append(round)
        except (InvalidError, ConflictError) as error:
            left[round.name] = str(error)
    return Changed(version, moved, left)
