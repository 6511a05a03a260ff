"""Reports kept for ever: made once, never changed, found again at the same address."""

import hashlib
import json
from collections.abc import Mapping

from django.db import IntegrityError

from annotator.core.errors import ConflictError
from annotator.core.plain import plain
from annotator.models import Snapshot
from annotator.queries.frozen import to_stored
from annotator.queries.ready_reports import ready_report
from annotator.queries.reports import Frozen, labels_state
from annotator.queries.selections import EVERYTHING, Selection
from annotator.services.long_reports import require_shown
from projects.models import Membership, Round
from projects.permissions import require
from projects.services import audit
from projects.services.transaction import write


def keep_report(*, member: Membership, round: Round, selection: Selection = EVERYTHING) -> Snapshot:
    """A snapshot of the report as it is shown now; the one there is already, where nothing has changed since."""
    require(member, "keep reports")
    require_shown(member, round)
    state = labels_state(round)
    ready = ready_report(round, selection)
    if ready is None:
        raise ConflictError("This report is not computed yet. Compute it first, then keep it.")
    spec = _spec(round, ready.frozen)
    found = {
        "project_id": member.project_id,
        "spec_sha256": spec_hash(spec),
        "input_sha256": ready.frozen.report.input_sha256,
    }
    stored = {
        "spec": spec,
        "result": to_stored(ready.frozen) | {"state": state if ready.is_current else ""},
        "ratings": ready.frozen.ratings.data,
    }
    try:
        with write():
            made = Snapshot.objects.create(made_by=member, **found, **stored)
            audit.record(member, "keep report", {"round": round.name, "input_sha256": made.input_sha256})
    except IntegrityError:
        return Snapshot.objects.get(**found)
    return made


def spec_hash(spec: Mapping[str, object]) -> str:
    """By which a report that is kept twice is found again."""
    return hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()


def _spec(round: Round, frozen: Frozen) -> dict[str, object]:
    report = frozen.report
    return {
        "round": round.pk,
        "round_name": report.round,
        "selection": plain(report.selection),
        "replicates": report.replicates,
        "seed": report.seed,
        "codebook": None if report.codebook is None else plain(report.codebook),
        "software": report.software,
    }
