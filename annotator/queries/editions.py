"""A round as it is now, or as it stood under an earlier version of its codebook, read from the events of then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from annotator.core.codebook import Codebook, Json, Variable
from annotator.core.errors import InvalidError
from annotator.models import CodebookMove, Event, Label, Mending
from projects.models import Assignment, CodebookVersion, Round, TextVersion
from projects.queries.codebooks import codebook
from projects.queries.duplicates import counted_shares

Given = tuple[int, int, str, Json, int, datetime, bool | None]
"""Assignment, unit, variable, value, version, time and whether it waits to be confirmed."""


@dataclass(frozen=True)
class Edition:
    """What is read of a round: with `move`, how it stood before that. `earlier` maps mended texts to those of then."""

    round: Round
    version: CodebookVersion
    move: CodebookMove | None = None
    earlier: Mapping[int, int] = field(default_factory=dict)

    def shares(self) -> QuerySet[Assignment]:
        there = Q() if self.move is None else Q(created_at__lte=self.move.moved_at)
        return counted_shares().filter(there, round=self.round)

    def text(self, text_id: int) -> int:
        """The text version that was assigned then, by that of now."""
        return self.earlier.get(text_id, text_id)

    def texts_now(self, text_ids: Sequence[int]) -> list[int]:
        """The text versions that shares are assigned now, by those of then."""
        return [*text_ids, *(now for now, then in self.earlier.items() if then in text_ids)]

    def labels(self, assignments: Sequence[int], units: Sequence[int]) -> list[Given]:
        """The labels of some assignments on some units; of an earlier time what the events up to then add up to."""
        places = Q(assignment__in=assignments, unit__in=units)
        fields = ["assignment_id", "unit_id", "variable", "value"]
        if self.move is None:
            fields += ["version", "updated_at", "to_confirm"]
            return list(Label.objects.filter(places).values_list(*fields))
        events = Event.objects.filter(places, pk__lte=self.move.last_event).order_by("sequence")
        rows = events.values_list(*fields, "sequence", "server_time", "to_confirm")
        return list({row[:3]: row for row in rows}.values())


def now(round: Round) -> Edition:
    return Edition(round, round.codebook_version)


def earlier_moves(rounds: Iterable[Round]) -> list[CodebookMove]:
    """The moves before which rounds stood under an earlier version, as they can be exported."""
    moves = CodebookMove.objects.filter(round__in=list(rounds), undone_at=None).order_by("round", "pk")
    found = moves.select_related("round", "from_version").defer("from_version__document")
    return list({(move.round_id, move.from_version_id): move for move in found}.values())


def edition_under(round: Round, number: int) -> Edition:
    """The round as it stood under the codebook version of this number; InvalidError where it never was."""
    if round.codebook_version.number == number:
        return now(round)
    by_number = {move.from_version.number: move for move in earlier_moves([round])}
    if number not in by_number:
        versions = ", ".join(map(str, sorted({*by_number, round.codebook_version.number})))
        raise InvalidError(f"“{round.name}” has not used version {number} of the codebook; it has used {versions}.")
    move = by_number[number]
    return Edition(round, move.from_version, move, _earlier_texts(round, move.moved_at))


def variables_of(round: Round) -> dict[str, Variable]:
    """The questions of every version that the round has used, those of its present one as they are there.

    A label may hang on one that only a version has from which the round was taken back.
    """
    return {variable.key: variable for book in books_of(round) for variable in book.variables}


def books_of(round: Round) -> list[Codebook]:
    """Every version of the codebook that the round has used, its present one last."""
    moves = CodebookMove.objects.filter(round=round.pk).order_by("pk").values_list("from_version_id", "to_version_id")
    used = dict.fromkeys(version for move in moves for version in move)
    used.pop(round.codebook_version_id, None)
    return [codebook(version) for version in (*used, round.codebook_version_id)]


def text_version_at(version: TextVersion, at: datetime) -> TextVersion:
    """The text version from which this one came by mendings since then."""
    while True:
        mending = Mending.objects.select_related("before").filter(after=version, created_at__gt=at).first()
        if mending is None:
            return version
        version = mending.before


def _earlier_texts(round: Round, at: datetime) -> dict[int, int]:
    mended = TextVersion.objects.filter(assignments__round=round, mending__created_at__gt=at).distinct()
    return {version.pk: text_version_at(version, at).pk for version in mended}
