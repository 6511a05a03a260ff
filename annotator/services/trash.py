"""Rounds and whole projects put in the trash and brought back; articles are `projects.services.linking`'s.

A round in the trash is closed, too: the saves that are under way are told so, and nothing of it is lost. It keeps the
moment as `closed_at` where it was open, so that it comes back as it was.
"""

from itertools import chain, count

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from annotator.core.errors import ConflictError, InvalidError, NotFoundError
from annotator.models import CodebookMove, Decision, Label
from projects.models import Membership, Project, Role, Round, User
from projects.permissions import require
from projects.queries.trash import TRASH_PROJECT, TRASH_ROUND, refuse_expired
from projects.services import audit
from projects.services.rounds import LONGEST_NAME
from projects.services.transaction import write


def trash_round(*, lead: Membership, round: Round) -> None:
    """Let a round disappear with all that hangs on it; a frozen one stays, and one that others need."""
    require(lead, "use trash")
    _refuse_needed(round)
    told = {"id": round.pk, "round": round.name} | _hanging(round=round)
    now = timezone.now()
    with write():
        living = Round.objects.filter(pk=round.pk, project_id=lead.project_id, frozen_at=None)
        if living.update(deleted_at=now, closed_at=Coalesce("closed_at", now)):
            audit.record(lead, TRASH_ROUND, told)


def restore_round(*, lead: Membership, round_id: int, operator: bool = False) -> Round:
    """Bring a round back as it was. Where its name was taken meanwhile, a number is put behind it."""
    require(lead, "use trash")
    found = Round.with_trash.filter(project=lead.project_id, pk=round_id, deleted_at__isnull=False).first()
    if found is None or found.deleted_at is None:
        raise NotFoundError("There is no such round in the trash.")
    if not operator:
        refuse_expired([found.deleted_at])
    below = next((one for one in (found.requires, found.retest_of) if one and one.deleted_at), None)
    if below is not None:
        raise InvalidError(f"“{found.name}” rests on “{below.name}”, which is in the trash. Restore that one first.")
    with write():
        back = _free_name(lead.project_id, found.name)
        thrown = Round.with_trash.filter(pk=found.pk, deleted_at=found.deleted_at)
        thrown.filter(closed_at=F("deleted_at")).update(closed_at=None)
        if not thrown.update(deleted_at=None, name=back):
            raise ConflictError("This round was restored already.")
        audit.record(lead, "restore round", {"id": found.pk, "round": back})
    return Round.objects.get(pk=found.pk)


def delete_project(*, lead: Membership, typed: str) -> None:
    """Put the project in the trash; `typed` is its title or its address, typed by hand."""
    require(lead, "delete project")
    project = lead.project
    if typed.strip() not in (project.title, project.slug):
        raise InvalidError("Nothing was deleted. Type the title of the project as it stands above.")
    told = {"title": project.title} | _hanging(round__project=project)
    with write():
        if Project.objects.alive().filter(pk=project.pk).update(deleted_at=timezone.now()):
            audit.record(lead, TRASH_PROJECT, told)


def restore_project(*, user: User, project_id: int) -> Project:
    """Bring a project back, by one of its leads."""
    led = Membership.objects.select_related("project").filter(user=user, role=Role.LEAD, left_at=None)
    lead = led.filter(project__pk=project_id, project__deleted_at__isnull=False).first()
    if lead is None or lead.project.deleted_at is None:
        raise NotFoundError("There is no such project in the trash.")
    refuse_expired([lead.project.deleted_at])
    return bring_back(lead)


def bring_back(lead: Membership) -> Project:
    """The project of this lead, whenever it was deleted: the operator's way."""
    with write():
        if Project.objects.filter(pk=lead.project_id, deleted_at__isnull=False).update(deleted_at=None):
            audit.record(lead, "restore project", {"title": lead.project.title})
    return lead.project


def _refuse_needed(round: Round) -> None:
    if round.frozen_at is not None:
        raise InvalidError(f"“{round.name}” is frozen: it stays as it is.")
    if CodebookMove.objects.filter(round=round, finished_at=None).exists():
        raise InvalidError(f"“{round.name}” is still being moved to another codebook. Wait for that, or finish it.")
    above = Round.objects.filter(Q(requires=round) | Q(retest_of=round)).first()
    if above is not None:
        raise InvalidError(f"“{above.name}” rests on “{round.name}”. Put that one in the trash first.")


def _hanging(**where: object) -> dict[str, int]:
    """How many labels and decisions hang on it, said in the trash without counting again."""
    answered = {"value__isnull": False} | where
    return {name: model.objects.filter(**answered).count() for name, model in _KEPT.items()}


_KEPT: dict[str, type[Label] | type[Decision]] = {"labels": Label, "decisions": Decision}


def _free_name(project_id: int, wanted: str) -> str:
    taken = set(Round.objects.filter(project=project_id).values_list("name", flat=True))
    numbered = (f"{wanted[: LONGEST_NAME - 8]} ({number})" for number in count(2))
    return next(name for name in chain([wanted], numbered) if name not in taken)
