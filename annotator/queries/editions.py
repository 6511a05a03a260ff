"""A round as it is now, or as it stood at an earlier moment, read from the events up to then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from annotator.core.codebook import Codebook, Json, Variable
from annotator.core.errors import InvalidError
from annotator.models import CodebookMove, Event, Label, Mending
from projects.models import Article, Assignment, CodebookVersion, Round, TextVersion
from projects.queries.codebooks import codebook
from projects.queries.duplicates import counted_shares
from projects.queries.past import shares_at

Given = tuple[int, int, str, Json, int, datetime, bool | None]
"""Assignment, unit, variable, value, version, time and whether it waits to be confirmed."""


@dataclass(frozen=True)
class Past:
    """A moment, and which events there were by then."""

    at: datetime
    events: Q


@dataclass(frozen=True)
class Edition:
    """What is read of a round: with `past`, how it stood then. `earlier` maps mended texts to those of then."""

    round: Round
    version: CodebookVersion
    past: Past | None = None
    earlier: Mapping[int, int] = field(default_factory=dict)

    def shares(self) -> QuerySet[Assignment]:
        return self._shares.all()

    @cached_property
    def _shares(self) -> QuerySet[Assignment]:
        """Put together once: what was so at a moment takes queries of its own, and readers ask again and again."""
        if self.past is None:
            return counted_shares().filter(round=self.round)
        return shares_at(self.round, self.past.at)

    def text(self, text_id: int) -> int:
        """The text version that was assigned then, by that of now."""
        return self.earlier.get(text_id, text_id)

    def texts_now(self, text_ids: Sequence[int]) -> list[int]:
        """The text versions that shares are assigned now, by those of then."""
        return [*text_ids, *(now for now, then in self.earlier.items() if then in text_ids)]

    def labels(self, assignments: Sequence[int], units: Sequence[int], *, as_text: bool = False) -> list[Given]:
        """The labels of some assignments on some units; of an earlier time what the events up to then add up to.

        `as_text` gives each value as JSON, for readers that know most of them by sight.
        """
        places = Q(assignment__in=assignments, unit__in=units)
        value = Cast("value", TextField()) if as_text else "value"
        fields: list[str | Cast] = ["assignment_id", "unit_id", "variable", value]
        if self.past is None:
            fields += ["version", "updated_at", "to_confirm"]
            return list(Label.objects.filter(places).values_list(*fields))
        events = Event.objects.filter(places, self.past.events).order_by("sequence")
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
    past = Past(move.moved_at, Q(pk__lte=move.last_event))
    return Edition(round, move.from_version, past, _earlier_texts(round, move.moved_at))


def edition_at(round: Round, at: datetime, *, article: Article | None = None) -> Edition:
    """The round as it stood at a moment: text versions, codebook, shares and labels of then.

    With `article` it is asked for this one alone.
    """
    earlier = _earlier_texts(round, at, article)
    return Edition(round, version_at(round, at), Past(at, Q(server_time__lte=at)), earlier)


def version_at(round: Round, at: datetime) -> CodebookVersion:
    """The version of the codebook that the round used at a moment."""
    moves = CodebookMove.objects.filter(round=round).select_related("from_version", "to_version").order_by("pk")
    changes = [(move.moved_at, move.to_version) for move in moves]
    changes += [(move.undone_at, move.from_version) for move in moves if move.undone_at]
    by_then = [change for change in changes if change[0] <= at]
    if by_then:
        return max(by_then, key=lambda change: change[0])[1]
    return moves[0].from_version if changes else round.codebook_version


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


def _earlier_texts(round: Round, at: datetime, article: Article | None = None) -> dict[int, int]:
    mended = TextVersion.objects.filter(assignments__round=round, mending__created_at__gt=at).distinct()
    mended = mended if article is None else mended.filter(article=article)
    return {version.pk: text_version_at(version, at).pk for version in mended}
