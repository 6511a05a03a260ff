"""The agreement of each round of a bundle: its report, and all that is needed to compute it again."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from annotator.core.dataset_bundle import BundleRound
from annotator.formats.bundle import Basis, bundle_files
from annotator.queries.ready_reports import ready_report
from annotator.queries.reports import Frozen, frozen_report, told
from annotator.services.exports import Counted
from projects.models import Round


def write_agreement(
    folder: Path, rounds: Sequence[Round], described: Sequence[BundleRound], counted: Counted
) -> Mapping[str, Mapping[str, object]]:
    """The report of each round that two annotators answered, by its folder."""
    reports = {}
    for round, one in zip(rounds, described, strict=True):
        if one.folder:
            frozen = _frozen(round, counted)
            reports[one.folder] = frozen.report.as_dict()
            basis = Basis(frozen.annotators, frozen.questions, frozen.ratings.lines())
            for path, pieces in bundle_files(reports[one.folder], basis):
                target = folder / one.folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as file:
                    file.writelines(pieces)
    return reports


def _frozen(round: Round, counted: Counted) -> Frozen:
    """The report that its page shows, where labels are still the same; else computed now."""
    ready = ready_report(round)
    if ready and ready.is_current:
        return ready.frozen
    return told(round, frozen_report(round, progress=lambda done, total: counted.tell()))
