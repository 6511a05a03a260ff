"""Documents out: the articles of a round with their labels in a format that another tool reads."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from annotator.core.documents import RoundOfDocuments
from annotator.core.errors import InvalidError
from annotator.core.tables import EVERYTHING, Selection
from annotator.formats.documents import brat, conll, doccano, label_studio, refi_qda, uima, web_annotation, webanno_tsv
from annotator.formats.zipped import File, zip_pieces
from annotator.queries.documents import documents_of
from annotator.queries.editions import now
from annotator.services.exports import Dataset, exported_rounds
from projects.models import Membership, Round
from projects.permissions import require

ZIP = "application/zip"
LAYERS = ("labels", "decisions")


@dataclass(frozen=True)
class DocumentFormat:
    """A format of documents: its name for people, what opens it, and what it can't hold."""

    label: str
    opens: str | Promise
    limits: Promise
    files: Callable[[RoundOfDocuments], Iterator[File]]
    ending: str = "zip"
    media_type: str = ZIP


DOCUMENT_FORMATS: Mapping[str, DocumentFormat] = {
    "uima": DocumentFormat("UIMA CAS XMI", "INCEpTION, DKPro, cassis (Python)", _("Every answer is kept."), uima.files),
    "label_studio": DocumentFormat(
        "Label Studio JSON",
        "Label Studio",
        _("Every answer is kept; units without answers are left out."),
        label_studio.files,
    ),
    "doccano": DocumentFormat(
        "doccano JSONL",
        "doccano",
        _("Marked words and closed questions are labels; the rest is metadata."),
        doccano.files,
    ),
    "brat": DocumentFormat("brat standoff", "brat", _("Every answer is kept, numbers and texts in notes."), brat.files),
    "webanno_tsv": DocumentFormat(
        "WebAnno TSV 3.3",
        "INCEpTION, WebAnno",
        _("Every answer is kept; white space at the ends of a mark is lost."),
        webanno_tsv.files,
    ),
    "conll": DocumentFormat(
        "CoNLL (BIO)",
        _("scripts that train on tagged words"),
        _("One tag a word and question: of overlapping marks the longest; every answer in comments."),
        conll.files,
    ),
    "web_annotation": DocumentFormat(
        "W3C Web Annotation (JSON-LD)",
        _("tools for Web Annotations and RDF"),
        _("Every answer is kept."),
        web_annotation.files,
    ),
    "refi_qda": DocumentFormat(
        "REFI-QDA project (QDPX)",
        "MAXQDA, ATLAS.ti, NVivo, QualCoder",
        _("Every answer is kept, numbers and texts as notes."),
        refi_qda.files,
        "qdpx",
        "application/octet-stream",
    ),
}


def export_documents(
    *, member: Membership, format: str, kind: str, selection: Selection, layer: str, operator: bool = False
) -> Dataset:
    """The articles of all rounds that the member may see, or of those that are chosen, as they are now.

    Several rounds have a folder each, or an archive each where the format is an archive of its own. The `operator` of
    the machine sees blind rounds too.
    """
    require(member, "export")
    form = DOCUMENT_FORMATS[format]
    if layer not in LAYERS:
        raise InvalidError(f"Documents hold the labels or the decisions; there is no layer “{layer[:40]}” of them.")
    if kind not in ("", form.ending, "zip") or replace(selection, rounds=()) != EVERYTHING:
        raise InvalidError("Documents are given whole, and as they are now: choose rounds and the layer, nothing else.")
    rounds = exported_rounds(member=member, selection=selection, operator=operator)
    many = len(rounds) > 1
    ending, media_type = ("zip", ZIP) if many else (form.ending, form.media_type)
    chunks = zip_pieces(_in_folders(rounds, form, layer) if many else _round_files(rounds, form, layer))
    return Dataset(f"{_name(member, format, rounds if selection.rounds else [], layer)}.{ending}", media_type, chunks)


def _round_files(rounds: Sequence[Round], form: DocumentFormat, layer: str) -> Iterator[File]:
    for round in rounds:
        yield from form.files(documents_of(now(round), layer))


def _in_folders(rounds: Sequence[Round], form: DocumentFormat, layer: str) -> Iterator[File]:
    for number, round in enumerate(rounds, 1):
        folder = f"{number:02}-{slugify(round.name)}".rstrip("-")
        found = form.files(documents_of(now(round), layer))
        if form.ending == "zip":
            yield from ((f"{folder}/{path}", pieces) for path, pieces in found)
        else:
            yield f"{folder}.{form.ending}", zip_pieces(found)


def _name(member: Membership, format: str, rounds: Sequence[Round], layer: str) -> str:
    parts = [member.project.slug, format, *(slugify(round.name) or str(round.pk) for round in rounds[:3])]
    return "-".join([*parts, *([layer] if layer != "labels" else [])])
