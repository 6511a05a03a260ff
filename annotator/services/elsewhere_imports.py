"""Annotated documents of another tool come in: short files at once, long ones as a job. All of a file, or nothing."""

import json

from annotator.core.annotated import Plan, plan_from_json, plan_to_json
from annotator.models import Job
from annotator.services import elsewhere_storing, jobs, uploads
from annotator.services.elsewhere_reviews import Export, proposed_plan, read_export, storable
from projects.models import Membership
from projects.permissions import require

KIND = "import annotations"
# What is longer becomes a job. A request below this takes about a second.
SHORT_BYTES, SHORT_DOCUMENTS, SHORT_ANSWERS = 1_000_000, 200, 5_000


def import_or_start(*, member: Membership, data: bytes, export: Export, plan: Plan) -> elsewhere_storing.Brought | Job:
    """Store a short file whole; start a job for a long one. Raises InvalidError; then nothing is stored."""
    require(member, "import labels")
    checked = storable(member=member, export=export, plan=plan)
    long = len(data) > SHORT_BYTES or len(checked.answers) > SHORT_ANSWERS or checked.homes.new > SHORT_DOCUMENTS
    if not long:
        return elsewhere_storing.store(member=member, review=checked)
    token = uploads.keep(member=member, name=export.name, data=data)
    # It holds names of people, so it goes when the file does.
    mapping = uploads.keep(member=member, name="mapping.json", data=plan_to_json(plan).encode())
    spec = {"files": [{"token": token, "name": export.name}], "mapping": mapping, "encoding": export.encoding}
    return jobs.start(member=member, kind=KIND, spec=spec)


def work(running: jobs.Running) -> None:
    """The job: read, check, and store in one transaction."""
    member, spec = running.job.member, running.job.spec
    kept = uploads.kept(member=member, token=str(spec["files"][0]["token"]))
    export = read_export(member=member, name=kept.name, data=kept.data, encoding=spec["encoding"])
    mapping = uploads.kept(member=member, token=str(spec["mapping"]))
    plan = plan_from_json(json.loads(mapping.data), proposed_plan(member=member, export=export))
    checked = storable(member=member, export=export, plan=plan)
    running.begin(len(export.read.documents))
    elsewhere_storing.store(member=member, review=checked, running=running)


def undo(job: Job) -> None:
    """Nothing is left of an attempt that did not finish: it stores in one transaction."""


def ended(job: Job) -> None:
    for token in (job.spec["files"][0]["token"], job.spec["mapping"]):
        uploads.forget(member=job.member, token=str(token))
