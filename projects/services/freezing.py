"""Rounds that are closed for good."""

from django.utils import timezone

from annotator.core.errors import InvalidError
from projects.models import Membership, Round
from projects.permissions import require

from . import audit
from .transaction import write

FROZEN = "This round is frozen: nothing of it changes any more."
UNFINISHED = (
    "Labels are being moved to another codebook, or put back. Wait for that, or finish it; then freeze the round."
)


def freeze_round(*, lead: Membership, round: Round) -> None:
    """Nothing of a closed round changes any more, and nobody can lift that here."""
    require(lead, "manage rounds")
    with write():
        found = Round.objects.select_for_update().get(pk=round.pk)
        if found.closed_at is None:
            raise InvalidError("Close the round first; then it can be frozen.")
        if found.frozen_at is None:
            _refuse_unfinished(found)
            Round.objects.filter(pk=round.pk).update(frozen_at=timezone.now())
            audit.record(lead, "freeze round", {"round": round.name})


def _refuse_unfinished(round: Round) -> None:
    """What goes share by share would stop half way."""
    changing = round.project.jobs.filter(kind__in=("move round", "restore labels"), state__in=("waiting", "running"))
    if round.codebook_moves.filter(finished_at=None).exists() or changing.exists():
        raise InvalidError(UNFINISHED)


def refuse_frozen(round_id: int) -> None:
    """Inside the transaction that would change something of the round."""
    if Round.objects.filter(pk=round_id, frozen_at__isnull=False).exists():
        raise InvalidError(FROZEN)
