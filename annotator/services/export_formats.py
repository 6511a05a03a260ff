"""Every format that can be downloaded, by its name: one door for the page, the command and jobs."""

from collections.abc import Mapping
from typing import Protocol

from annotator.core.errors import InvalidError
from annotator.core.tables import EVERYTHING, Selection
from annotator.services.dataset_bundles import FORMAT, make_bundle
from annotator.services.document_exports import DOCUMENT_FORMATS, export_documents
from annotator.services.exports import TABLES, Dataset, export_dataset
from projects.models import Membership


class Maker(Protocol):
    """What makes a format ready to be written."""

    def __call__(
        self, *, member: Membership, format: str, kind: str, selection: Selection, layer: str, operator: bool
    ) -> Dataset: ...


MAKERS: Mapping[str, Maker] = {
    **dict.fromkeys((*TABLES, "spreadsheet"), export_dataset),
    **dict.fromkeys(DOCUMENT_FORMATS, export_documents),
    FORMAT: make_bundle,
}


def make(
    *,
    member: Membership,
    format: str,
    kind: str = "",
    selection: Selection = EVERYTHING,
    layer: str = "labels",
    operator: bool = False,
) -> Dataset:
    """`kind` is the form of a table, or empty for its first."""
    if format not in MAKERS:
        raise InvalidError(f"There is no format “{format[:40]}”; choose from {', '.join(MAKERS)}.")
    return MAKERS[format](member=member, format=format, kind=kind, selection=selection, layer=layer, operator=operator)
