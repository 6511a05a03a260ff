"""Large datasets, written beside the site and kept some days for whoever may export them.

The files lie in the site's file storage, so that a job worker on another machine can write them where that is shared.
"""

import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone

from annotator.core.errors import NotAllowedError, NotFoundError
from annotator.core.plain import plain, rebuilt
from annotator.core.tables import EVERYTHING, Selection
from annotator.models import Job
from annotator.services import jobs
from annotator.services.dataset_bundles import FORMAT, tables_of
from annotator.services.export_formats import make
from annotator.services.exports import TABLES, Dataset, exported_rounds, size_of
from annotator.services.uploads import clear_old
from projects.models import Membership
from projects.permissions import require
from projects.services.transaction import write

KIND = "export dataset"
FOLDER = "exports"
KEPT_FOR = timedelta(days=7)
BEAT = 2.0
"""Seconds between two signs of life."""


def start_export(
    *,
    member: Membership,
    format: str = "long",
    kind: str = "",
    selection: Selection = EVERYTHING,
    layer: str = "labels",
) -> Job:
    """A job that writes what `export_formats.make` gives; what can't be written is refused at once."""
    make(member=member, format=format, kind=kind, selection=selection, layer=layer)
    at = selection.at.isoformat() if selection.at else None
    spec = {"format": format, "kind": kind, "layer": layer, "selection": plain(selection) | {"at": at}}
    return jobs.start(member=member, kind=KIND, spec=spec)


def work(running: jobs.Running) -> None:
    clear_old(FOLDER, KEPT_FOR)
    job, spec = running.job, running.job.spec
    member, selection = job.member, _selection(spec["selection"])
    # As at a download, what is hidden is what is hidden from who asked.
    rounds = exported_rounds(member=member, selection=selection)
    dataset = make(member=member, format=spec["format"], kind=spec["kind"], selection=selection, layer=spec["layer"])
    running.begin(_rows(member, spec["format"], selection))
    with tempfile.TemporaryFile() as file:
        _fill(file, dataset, running)
        size = file.tell()
        default_storage.save(_path(job), File(file))
    with write():
        running.finish(
            {
                "file": dataset.file_name,
                "media_type": dataset.media_type,
                "bytes": size,
                "rows": dataset.rows.count,
                "rounds": [round.pk for round in rounds],
                "kept_until": (timezone.now() + KEPT_FOR).isoformat(),
            }
        )


def _fill(file: IO[bytes], dataset: Dataset, running: jobs.Running) -> None:
    beat = Beat(running)
    dataset.rows.watch = beat
    for chunk in dataset.chunks:
        file.write(chunk)
        beat(dataset.rows.count)
    beat(dataset.rows.count)


class Beat:
    """Tells how many rows are written, not too often."""

    def __init__(self, running: jobs.Running) -> None:
        self._running, self._last, self._told = running, monotonic(), 0

    def __call__(self, rows: int) -> None:
        if monotonic() - self._last > BEAT:
            with write():
                self._running.advance(rows - self._told)
            self._last, self._told = monotonic(), rows


def undo(job: Job) -> None:
    default_storage.delete(_path(job))


def ended(job: Job) -> None:
    """The file stays until its time is over."""


def file_of(*, member: Membership, job: Job) -> tuple[IO[bytes], str, str]:
    """The file that the job wrote, its name and media type; only while the member may export all that is in it."""
    require(member, "export")
    if job.kind != KIND or job.state != Job.State.DONE:
        raise NotFoundError("There is no file of this job.")
    shown = {round.pk for round in exported_rounds(member=member)}
    if not shown.issuperset(job.result["rounds"]):
        raise NotAllowedError(
            "It holds a round that lies in the trash by now, or that you annotate in, blind and still open. Export the"
            " other rounds anew."
        )
    try:
        return default_storage.open(_path(job)), job.result["file"], job.result["media_type"]
    except FileNotFoundError as error:
        raise NotFoundError("The file is not kept any longer. Export it once more.") from error


def forget(job_ids: list[int]) -> None:
    """Delete the files of jobs that are to be purged."""
    for pk in job_ids:
        default_storage.delete(f"{FOLDER}/{pk}")


def _rows(member: Membership, format: str, selection: Selection) -> int:
    """About how many there will be; 0 where nobody knows."""
    tables = tables_of(member.project) if format == FORMAT else [format] if format in TABLES else []
    return sum(size_of(member=member, table=table, selection=selection).rows for table in tables)


def _selection(chosen: Mapping[str, Any]) -> Selection:
    """From the specification of a job, which is JSON."""
    return rebuilt(Selection, {**chosen, "at": datetime.fromisoformat(chosen["at"]) if chosen["at"] else None})


def _path(job: Job) -> str:
    return f"{FOLDER}/{job.pk}"
