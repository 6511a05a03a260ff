"""Articles split again, as the project asks now: all that nobody was assigned yet and nobody has mended by hand.

Each article changes whole or not at all, and one that comes out as it was is left untouched, so that the work can be
stopped and begun again anywhere.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db.models import Sum
from django.db.models.functions import Length

from annotator.core import sentences
from annotator.models import Job
from annotator.services import jobs
from projects.models import Membership, Project, TextVersion, Unit
from projects.permissions import require
from projects.queries.unassigned import Standing, in_pages, splittable, standing
from projects.services import audit
from projects.services.articles import insert_units, is_codable, locked_articles, options_of, split_record, unit_rows
from projects.services.transaction import write

KIND = "split again"
# So much is split within a page: about half a second. More becomes a job.
SHORT_ARTICLES, SHORT_CHARACTERS = 100, 500_000
# One write transaction of the job: some 20 ms, so that annotators who save meanwhile hardly wait.
AT_ONCE = 10
SHOWN = 20
Shape = list[tuple[int, int, str, bool]]


@dataclass(frozen=True, slots=True)
class Resplit:
    """An article that comes out otherwise."""

    version: TextVersion
    units: Sequence[sentences.Unit]
    before: int

    @property
    def after(self) -> int:
        return len(self.units)


@dataclass(frozen=True)
class Outlook:
    """What splitting again would do. Without `changing` there are too many articles to try it within a page."""

    standing: Standing
    changing: int | None
    first: Sequence[Resplit] = ()


def look(*, member: Membership) -> Outlook:
    """Split again without storing anything."""
    require(member, "change settings")
    found = standing(member.project_id)
    if not _is_short(member.project_id, found.free):
        return Outlook(found, None)
    changed = [
        one for some in in_pages(splittable(member.project_id), AT_ONCE) for one in _changed(member.project, some)
    ]
    return Outlook(found, len(changed), changed[:SHOWN])


def split_again(*, member: Membership) -> Job:
    """Split the articles again: at once where they are few, else as a job that has only begun."""
    require(member, "change settings")
    free = standing(member.project_id).free
    begin = jobs.run_here if _is_short(member.project_id, free) else jobs.start
    return begin(member=member, kind=KIND, spec={})


def work(running: jobs.Running) -> None:
    member = running.job.member
    require(member, "change settings")
    found = standing(member.project_id)
    running.begin(found.free)
    changed = looked_at = 0
    for versions in in_pages(splittable(member.project_id), AT_ONCE):
        again = _changed(member.project, versions)
        with write():
            running.advance(len(versions))
            changed += _store(member.project, again)
        looked_at += len(versions)
    with write():
        told = asdict(found) | {"articles": looked_at, "changed": changed}
        audit.record(member, KIND, told)
        running.finish(told)


def undo(job: Job) -> None:
    """Nothing: what was split again is as the project asks."""


def ended(job: Job) -> None:
    """Nothing was kept for it."""


def _is_short(project_id: int, articles: int) -> bool:
    if articles > SHORT_ARTICLES:
        return False
    characters = splittable(project_id).aggregate(all=Sum(Length("text")))["all"] or 0
    return int(characters) <= SHORT_CHARACTERS


def _changed(project: Project, versions: Sequence[TextVersion]) -> list[Resplit]:
    """Those of the texts that come out otherwise."""
    offered, options = _offered(project), options_of(project)
    before = _shapes(versions)
    result = []
    for version in versions:
        units = sentences.split(version.text, version.article.language, options=options)
        shape = [(unit.start, unit.end, unit.kind, is_codable(unit.kind, offered)) for unit in units]
        if shape != before[version.pk]:
            result.append(Resplit(version, units, len(before[version.pk])))
    return result


def _offered(project: Project) -> list[str] | None:
    return project.codable_kinds or None


def _shapes(versions: Sequence[TextVersion]) -> dict[int, Shape]:
    shapes: dict[int, Shape] = {version.pk: [] for version in versions}
    units = Unit.objects.filter(text_version__in=shapes, index__gt=0).order_by("text_version", "index")
    for text, start, end, kind, codable in units.values_list("text_version_id", "start", "end", "kind", "codable"):
        shapes[text].append((start, end, kind, codable))
    return shapes


def _store(project: Project, again: Sequence[Resplit]) -> int:
    """Put the new units in place inside the caller's transaction, where nobody was assigned meanwhile."""
    # Locked: a round that is opened meanwhile waits, and then counts the units that there are.
    locked_articles([one.version.article_id for one in again])
    texts = [one.version.pk for one in again]
    free = set(splittable(project.pk).filter(pk__in=texts).values_list("pk", flat=True))
    stored = [one for one in again if one.version.pk in free]
    Unit.objects.filter(text_version__in=free).delete()
    offered, options = _offered(project), options_of(project)
    for one in stored:
        proof = sentences.prove(one.version.text, one.units)
        TextVersion.objects.filter(pk=one.version.pk).update(**split_record(options, offered, proof))
    insert_units(row for one in stored for row in unit_rows(one.version, one.units, offered))
    return len(stored)
