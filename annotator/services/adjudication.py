"""The queue of units that wait for a decision."""

from django.utils import timezone

from annotator.core.errors import NotFoundError
from annotator.models import QueuedUnit
from annotator.queries.adjudication import visible_queue
from projects.models import Membership, Round, Unit
from projects.permissions import require
from projects.services import audit
from projects.services.freezing import refuse_frozen
from projects.services.transaction import write


def queue_unit(*, member: Membership, round: Round, unit: Unit, variable: str) -> QueuedUnit:
    """Put a unit up for adjudication, once for each question; again where it was decided since."""
    require(member, "adjudicate")
    with write():
        refuse_frozen(round.pk)
        queued, made = QueuedUnit.objects.get_or_create(
            round=round, unit=unit, variable=variable, defaults={"member": member}
        )
        if not (made or visible_queue(member).filter(pk=queued.pk).exists()):
            queued.created_at = timezone.now()
            queued.save(update_fields=["created_at"])
    return queued


def take_off_queue(*, member: Membership, queued_id: int) -> None:
    """Take a unit off the queue; the audit tells which it was."""
    require(member, "adjudicate")
    with write():
        queued = visible_queue(member).filter(pk=queued_id).first()
        if queued is None:
            raise NotFoundError("There is no such entry in the queue.")
        what = {"round": queued.round_id, "unit": queued.unit_id, "variable": queued.variable}
        audit.record(member, "take off the adjudication queue", what)
        queued.delete()
