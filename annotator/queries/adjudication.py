"""What waits for a decision."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from annotator.core.errors import NotFoundError
from annotator.models import QueuedUnit
from annotator.queries.datasets import open_rounds_hidden_from
from annotator.queries.rated import check_key, kept_rated, name_of
from annotator.queries.shown_units import ShownUnit, shown_units
from projects.models import Membership, Round, Unit
from projects.queries.codebooks import codebook


def visible_queue(member: Membership) -> QuerySet[QueuedUnit]:
    """What waits in the project, oldest first, but nothing of a blind round in which the member still annotates."""
    alive = {"round__deleted_at": None, "unit__text_version__article__deleted_at": None}
    of_project = QueuedUnit.objects.filter(round__project_id=member.project_id, **alive)
    queue = of_project.exclude(round__in=open_rounds_hidden_from(member))
    return queue.select_related("round", "member")


@dataclass(frozen=True)
class Waiting:
    """A queued unit as it is read; `unit` is None where its answers can't be compared any more."""

    queued: QueuedUnit
    question: str
    unit: ShownUnit | None


def waiting(queue: Sequence[QueuedUnit]) -> list[Waiting]:
    """Each with its sentence and answers, in the order given; a question of a round is read once."""
    together: dict[tuple[int, str], list[QueuedUnit]] = {}
    for queued in queue:
        together.setdefault((queued.round_id, queued.variable), []).append(queued)
    found = {item.queued.pk: item for some in together.values() for item in _of_question(some)}
    return [found[queued.pk] for queued in queue]


def _of_question(queue: Sequence[QueuedUnit]) -> list[Waiting]:
    round, key = queue[0].round, queue[0].variable
    book = codebook(round.codebook_version_id)
    try:
        check_key(book, key)
    except NotFoundError:
        return [Waiting(queued, key, None) for queued in queue]
    rated, wanted = kept_rated(round, key), {queued.unit_id for queued in queue}
    places = [place for place, unit in enumerate(rated.units) if unit.id in wanted]
    shown = {unit.id: unit for unit in shown_units(book, rated, places)}
    return [Waiting(queued, name_of(book, key), shown.get(queued.unit_id)) for queued in queue]


def unit_of_round(round: Round, unit_id: int) -> Unit:
    """A unit that is labelled in this round."""
    units = Unit.objects.select_related("text_version").filter(text_version__assignments__round=round)
    found = units.filter(pk=unit_id).first()
    if found is None:
        raise NotFoundError("There is no such unit in this round.")
    return found
