"""A dataset bundle: tables, codebook, agreement and descriptions of some rounds, in a folder that is given as a ZIP.

All is written before the first byte goes out: a bundle whose files don't fit each other is refused, not given in half.
Nothing is locked meanwhile, for a long transaction would keep SQLite's log growing and PostgreSQL from tidying up. What
a bundle rests on is looked at before and after instead; where it has moved, the bundle is refused.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.utils import translation

from annotator.core.dataset_bundle import BundleFacts
from annotator.core.errors import ConflictError, InvalidError
from annotator.core.tables import EVERYTHING, Selection
from annotator.formats.dataset_bundle import write_descriptions, zipped
from annotator.queries import bundle_counts
from annotator.queries.bundle_rounds import bundle_rounds
from annotator.queries.bundle_split import split_of
from annotator.queries.reports import SOFTWARE
from annotator.services.dataset_bundles.agreement import write_agreement
from annotator.services.dataset_bundles.codebooks import write_codebooks
from annotator.services.dataset_bundles.tables import wanted, write_tables
from annotator.services.exports import TABLES, Counted, Dataset, exported_rounds
from projects.models import Membership, Project, Round
from projects.permissions import require
from projects.queries.publishing import publishing_of

FORMAT = "bundle"
CHANGED = (
    "Somebody labelled or changed the project while the bundle was made, so that its files would not fit each other."
    " Close the rounds, or make it again in a quiet moment."
)


def make_bundle(
    *,
    member: Membership,
    format: str = FORMAT,
    kind: str = "",
    selection: Selection = EVERYTHING,
    layer: str = "labels",
    operator: bool = False,
) -> Dataset:
    """A bundle of the rounds that are chosen, or of all that the member may see, as the project describes it.

    All of it is made when its first piece is asked for.
    """
    require(member, "export")
    rounds = exported_rounds(member=member, selection=selection, operator=operator)
    _refuse(selection, layer, rounds)
    counted = Counted(())
    chunks = _chunks(member, rounds, counted, operator=operator)
    return Dataset(f"{member.project.slug}-bundle.zip", "application/zip", chunks, rows=counted)


def tables_of(project: Project) -> list[str]:
    """The tables of labels and layers that its bundle holds."""
    return [name for name in wanted(publishing_of(project)) if name in TABLES]


def _chunks(member: Membership, rounds: Sequence[Round], counted: Counted, *, operator: bool) -> Iterator[bytes]:
    with TemporaryDirectory(prefix="bundle-", dir=settings.DATA_DIR) as name:
        before = bundle_counts.state(member.project_id, rounds)
        with translation.override("en"):
            _write(Path(name), member, rounds, counted, operator=operator)
        if bundle_counts.state(member.project_id, rounds) != before:
            raise ConflictError(CHANGED)
        yield from zipped(Path(name))


def _refuse(selection: Selection, layer: str, rounds: Sequence[Round]) -> None:
    if selection != Selection(rounds=selection.rounds) or layer != "labels":
        raise InvalidError("A bundle holds whole rounds as they are now: choose rounds, and nothing else.")
    if not rounds:
        raise InvalidError("There is no round to bundle yet.")


def _write(folder: Path, member: Membership, rounds: Sequence[Round], counted: Counted, *, operator: bool) -> None:
    publishing = publishing_of(member.project)
    split = split_of(member.project_id, rounds, publishing.split) if publishing.split else None
    tables = write_tables(folder, member, rounds, publishing, split, counted, operator=operator)
    described = bundle_rounds(rounds)
    facts = BundleFacts(
        slug=member.project.slug,
        title=member.project.title,
        description=member.project.description,
        languages=bundle_counts.languages(rounds),
        software=SOFTWARE,
        publishing=publishing,
        rounds=described,
        codebooks=write_codebooks(folder, rounds),
        counts=bundle_counts.counts(rounds),
        last=bundle_counts.last_moment(rounds),
        split=split.facts if split else None,
        reports=write_agreement(folder, rounds, described, counted),
    )
    write_descriptions(folder, facts, tables)
