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
from annotator.services.dataset_bundles.tables import write_tables
from annotator.services.exports import Dataset, exported_rounds
from projects.models import Membership, Round
from projects.permissions import require
from projects.queries.publishing import publishing_of

FORMAT = "bundle"


def make_bundle(
    *,
    member: Membership,
    format: str = FORMAT,
    kind: str = "",
    selection: Selection = EVERYTHING,
    layer: str = "labels",
    operator: bool = False,
) -> Dataset:
    """A bundle of the rounds that are chosen, or of all that the member may see, as the project describes it."""
    require(member, "export")
    rounds = exported_rounds(member=member, selection=selection, operator=operator)
    _refuse(selection, layer, rounds)
    folder = TemporaryDirectory(prefix="bundle-", dir=settings.DATA_DIR)
    before = bundle_counts.state(member.project_id, rounds)
    with translation.override("en"):
        _write(Path(folder.name), member, rounds, operator=operator)
    if bundle_counts.state(member.project_id, rounds) != before:
        raise ConflictError(
            "Somebody labelled or changed the project while the bundle was made, so that its files would not fit each"
            " other. Close the rounds, or make it again in a quiet moment."
        )
    return Dataset(f"{member.project.slug}-bundle.zip", "application/zip", _chunks(folder))


def _refuse(selection: Selection, layer: str, rounds: Sequence[Round]) -> None:
    if selection != Selection(rounds=selection.rounds) or layer != "labels":
        raise InvalidError("A bundle holds whole rounds as they are now: choose rounds, and nothing else.")
    if not rounds:
        raise InvalidError("There is no round to bundle yet.")


def _write(folder: Path, member: Membership, rounds: Sequence[Round], *, operator: bool) -> None:
    publishing = publishing_of(member.project)
    split = split_of(member.project_id, rounds, publishing.split) if publishing.split else None
    tables = write_tables(folder, member, rounds, publishing, split, operator=operator)
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
        reports=write_agreement(folder, rounds, described),
    )
    write_descriptions(folder, facts, tables)


def _chunks(folder: "TemporaryDirectory[str]") -> Iterator[bytes]:
    with folder as name:
        yield from zipped(Path(name))
