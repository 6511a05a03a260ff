"""What the commands share: the project they work on, and the member in whose name they act."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.management.base import CommandError
from django.utils import timezone

from annotator.core.errors import DomainError, InvalidError
from annotator.core.moments import read_moment
from projects.models import Membership, Project, Role, Round
from projects.services.projects import create_unattended_project


def lead_of(slug: str, *, create: bool = False) -> Membership:
    """A lead of the project: whoever runs a command on this machine acts as one."""
    if create and not Project.objects.filter(slug=slug).exists():
        return create_unattended_project(slug=slug, title=slug)
    lead = (
        Membership.objects.select_related("project")
        .filter(project__slug=slug, project__deleted_at=None, role=Role.LEAD, left_at=None)
        .first()
    )
    if lead is None:
        raise CommandError(f"There is no project {slug!r}. Use --create to make it.")
    return lead


def round_named(member: Membership, name: str) -> Round:
    found = Round.objects.select_related("codebook_version").filter(project_id=member.project_id, name=name).first()
    if found is None:
        names = ", ".join(Round.objects.filter(project_id=member.project_id).values_list("name", flat=True))
        raise CommandError(f"There is no round {name!r} in this project; there are: {names or 'none'}.")
    return found


def moment(written: str | None) -> datetime | None:
    """A moment of the past, in the time zone of the site where it names none; None = now."""
    return read_moment(written, zone=timezone.get_current_timezone(), now=timezone.now()) if written else None


@contextmanager
def refusals_as_errors() -> Iterator[None]:
    """A refusal ends the command with its message and all its problems, not with a traceback."""
    try:
        yield
    except InvalidError as error:
        raise CommandError("\n".join([str(error), *error.problems])) from error
    except DomainError as error:
        raise CommandError(str(error)) from error
