"""A round opened from the site: at once where it is short, else as a job."""

from datetime import date
from typing import Unpack

from annotator.models import Job
from annotator.services import jobs
from projects.models import Membership, Round
from projects.permissions import require
from projects.services.asks import Ask, asked, written
from projects.services.draws import open_drawn_round, shares_asked
from projects.services.rounds import RoundOptions

KIND = "open round"
# So many shares are drawn and stored within a page: about a second. More becomes a job.
SHORT_SHARES = 20_000


def open_or_start(
    *, lead: Membership, name: str, purpose: str, ask: Ask, seen: str = "", **options: Unpack[RoundOptions]
) -> Round | Job:
    """The round, or the job that has begun to open it."""
    require(lead, "manage rounds")
    if shares_asked(lead=lead, ask=ask) <= SHORT_SHARES:
        return open_drawn_round(lead=lead, name=name, purpose=purpose, ask=ask, seen=seen, **options)
    due, required = options.get("due_on"), options.get("requires")
    kept = {**options, "due_on": due and due.isoformat(), "requires": required and required.pk}
    spec = {"name": name, "purpose": purpose, "ask": written(ask), "seen": seen, "options": kept}
    return jobs.start(member=lead, kind=KIND, spec=spec)


def work(running: jobs.Running) -> None:
    lead, spec = running.job.member, running.job.spec
    options: RoundOptions = spec["options"]
    due, required = spec["options"]["due_on"], spec["options"]["requires"]
    options["due_on"] = date.fromisoformat(due) if due else None
    options["requires"] = Round.objects.get(project=lead.project_id, pk=required) if required else None

    def finish(made: Round) -> None:
        running.finish({"round": made.pk, "name": made.name, "shares": made.draw and made.draw["shares"]})

    open_drawn_round(
        lead=lead,
        name=spec["name"],
        purpose=spec["purpose"],
        ask=asked(spec["ask"]),
        seen=spec["seen"],
        stored=finish,
        **options,
    )


def undo(job: Job) -> None:
    """Nothing: the round is stored whole or not at all."""


def ended(job: Job) -> None:
    """Nothing was kept for it."""
