"""A project as one file with everything of it, and back. docs/archives.md describes the file."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import IO

from django.db import DataError, IntegrityError

from annotator import NAME, VERSION
from annotator.core.errors import InvalidError, NotAllowedError
from annotator.formats.project_archive import Archive, Row, archive_pieces, opened
from annotator.models import DecisionEvent, Event, HintEvent
from annotator.queries.datasets import open_rounds_hidden_from
from annotator.services.purging import remove_rows
from projects.models import Membership, Project, Role, User
from projects.permissions import require
from projects.services import audit
from projects.services.projects import taken
from projects.services.transaction import one_moment, plan_anew, write

from .checking import refuse_unfit
from .exporting import parts
from .importing import Loading, Progress, insert, project_of
from .tables import EXPORTED, IMPORTED, LEFT_OUT, PARTS

ROWS_AT_ONCE = 100_000
"""Read in within a request, some 10 s."""
BYTES_A_ROW = 2_000
"""Unpacked; more than texts and labels have."""
FIRST = 100
"""So many events are looked up before anything is stored."""
HERE = "The project of this archive is on this site already, perhaps in the trash. Nothing was imported."
UNFIT = "Nothing was imported: something in this archive is there twice, or is on this site already."
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Since when a project that is still read in is in the trash: nobody can restore it, the operator can purge it."""


def export_archive(*, member: Membership, operator: bool = False) -> Iterator[bytes]:
    """The bytes of the archive, read from the database as they go out.

    A lead who annotates in an open blind round gets none: half an archive is of no use, and a whole one would tell him
    the others' answers. The `operator` of the machine has the database anyway.
    """
    require(member, "export archive")
    hidden = [] if operator else [round.name for round in open_rounds_hidden_from(member)]
    if hidden:
        raise NotAllowedError(
            f"You annotate in “{hidden[0]}”, a blind round that is still open. The archive holds everybody’s labels:"
            " take it once the round is closed, or let a lead take it who does not annotate in it."
        )
    with write():
        audit.record(member, EXPORTED)
    return _pieces(member.project)


def _pieces(project: Project) -> Iterator[bytes]:
    with one_moment():
        yield from archive_pieces(parts(project), software=f"{NAME} {VERSION}", left_out=LEFT_OUT)


def import_archive(
    *,
    file: IO[bytes],
    user: User | None,
    slug: str = "",
    lead: str = "",
    most_rows: int | None = None,
    progress: Progress = lambda done, total: None,
) -> Membership:
    """Store the project of an archive, whole or not at all; `user` becomes the lead with the pseudonym `lead`.

    Without a user nobody has a sign-in until somebody is invited. Nobody is linked by his name: an archive could claim
    any. More than `most_rows` rows are left to the command.
    """
    most = most_rows and most_rows * BYTES_A_ROW
    archive = opened(file, parts=list(PARTS), most=most)
    rows = sum(archive.rows_of.values())
    if most_rows is not None and rows > most_rows:
        raise InvalidError(
            f"This archive has {rows:,} rows; up to {most_rows:,} can be brought in here. Whoever runs the site can"
            " bring in a larger one by the command import_project."
        )
    project = project_of(archive, slug)
    _refuse_known(archive)
    leads = _leads(archive, lead)
    _begin(project)
    try:
        Loading(archive, project, progress, most).load()
        plan_anew(*PARTS.values())
        refuse_unfit(project)
        return _publish(project, archive, user, leads)
    except BaseException as error:
        remove_rows(project)
        if isinstance(error, DataError | IntegrityError):
            raise InvalidError(UNFIT) from error
        raise


def _refuse_known(archive: Archive) -> None:
    """The first events tell: their uuids are unique everywhere."""
    for part, table in (("events", Event), ("decision_events", DecisionEvent), ("hint_events", HintEvent)):
        some = [str(row.get("uuid")) for row in islice(archive.rows(part), FIRST)]
        if table._base_manager.filter(uuid__in=[one for one in some if _UUID.fullmatch(one)]).exists():
            raise InvalidError(HERE)


def _leads(archive: Archive, wanted: str) -> str:
    """The pseudonym of the lead who the importer is."""
    found = [row.get("pseudonym") for row in archive.rows("members") if _leads_still(row)]
    names = [name for name in found if isinstance(name, str)]
    if not names:
        raise InvalidError("This archive has no lead.")
    if wanted or len(names) > 1:
        if wanted not in names:
            raise InvalidError(f"Say which of its leads you are: {', '.join(f'“{name[:40]}”' for name in names[:20])}.")
        return wanted
    return names[0]


def _begin(project: Project) -> None:
    project.deleted_at = LONG_AGO
    try:
        with write():
            (project.pk,) = insert(Project, [project])
    except IntegrityError as error:
        raise taken(project.slug) from error


def _leads_still(row: Row) -> bool:
    return row.get("role") == Role.LEAD and row.get("left_at") is None


def _publish(project: Project, archive: Archive, user: User | None, lead: str) -> Membership:
    with write():
        led = Membership.objects.select_related("project").get(project=project, pseudonym=lead)
        Membership.objects.filter(pk=led.pk).update(user=user)
        Project.objects.filter(pk=project.pk).update(deleted_at=None)
        audit.record(led, IMPORTED, {"sha256": archive.sha256})
    return Membership.objects.select_related("project").get(pk=led.pk)
