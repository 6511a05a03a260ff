"""Datasets out: who may have which rounds, and in which form."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.utils.text import slugify

from annotator.core.dataset import Row
from annotator.core.errors import InvalidError, NotAllowedError
from annotator.core.layers import LAYERS
from annotator.formats import csv, jsonl, spreadsheet, tsv
from annotator.formats.layers import COLUMNS as TABLES
from annotator.formats.layers import WRITERS, consensus_cells, decision_cells
from annotator.formats.long import Cell, cells
from annotator.queries.datasets import long_rows, open_rounds_hidden_from, rounds_of
from annotator.queries.editions import Edition, edition_at, edition_under, now
from annotator.queries.layer_rows import consensus_rows, decision_rows
from projects.models import Membership, Round
from projects.permissions import require


@dataclass(frozen=True)
class Form:
    """A form that a dataset can take: the media type, the ending of the file, and what writes it."""

    media_type: str
    ending: str
    lines: Callable[[Iterable[Row]], Iterator[str]]


_EXCEL = Form("text/csv", "csv", spreadsheet.lines)
# By format and by `as`; the first of a format is what one gets without saying.
FORMS: Mapping[str, Mapping[str, Form]] = {
    "long": {
        "csv": Form("text/csv", "csv", csv.lines),
        "tsv": Form("text/tab-separated-values", "tsv", tsv.lines),
        "jsonl": Form("application/x-ndjson", "jsonl", jsonl.lines),
        "spreadsheet": _EXCEL,
    },
    "spreadsheet": {"csv": _EXCEL},
}


BESIDE: Mapping[str, Callable[[Sequence[Round]], Iterator[list[Cell]]]] = {
    "decisions": lambda rounds: map(decision_cells, decision_rows(rounds)),
    "consensus": lambda rounds: map(consensus_cells, consensus_rows(rounds)),
}
"""The layers that stand beside the labels, as tables of their own."""


@dataclass(frozen=True)
class Dataset:
    """A dataset on its way out. `lines` is read once and reads the database as it goes."""

    file_name: str
    media_type: str
    lines: Iterator[str]


def export_dataset(
    *,
    member: Membership,
    format: str,
    kind: str = "",
    only: Round | None = None,
    under: int | None = None,
    at: datetime | None = None,
    layer: str = "labels",
    operator: bool = False,
) -> Dataset:
    """The labels of all rounds that the member may see, or of one.

    As they stood at a moment of the past, `at`, or in one round before it left the codebook version number `under`.

    `layer` is labels, decisions or consensus; the last two as they are now. `kind` is csv, tsv, jsonl or spreadsheet.
    The `operator` of the machine sees blind rounds too: he has the database.
    """
    require(member, "export")
    form = _form(format, kind)
    rounds = exported_rounds(member=member, only=only, operator=operator)
    if under is not None and at is not None:
        raise InvalidError("Choose a moment, or a version of the codebook, not both.")
    if layer != "labels":
        return _beside(member, layer, format, kind or form.ending, only, rounds, is_past=bool(under or at))
    if under is not None:
        editions = [_edition(only, under)]
    elif at is not None:
        editions = [edition_at(round, at) for round in rounds if round.created_at <= at]
    else:
        editions = [now(round) for round in rounds]
    name = _file_name(member, format, only, under, at, form)
    return Dataset(name, form.media_type, form.lines(long_rows(editions)))


def _beside(
    member: Membership,
    layer: str,
    format: str,
    kind: str,
    only: Round | None,
    rounds: Sequence[Round],
    *,
    is_past: bool,
) -> Dataset:
    if layer not in BESIDE:
        raise InvalidError(f"There is no layer “{layer[:40]}”; choose from {', '.join(LAYERS)}.")
    if is_past:
        raise InvalidError(f"The layer {layer} is given as it is now; leave the moment and the codebook version out.")
    form, name = _form(format, kind), f"{format}-{layer}"
    write = WRITERS["spreadsheet" if form is _EXCEL else kind]
    lines = write(TABLES[layer], BESIDE[layer](rounds))
    return Dataset(_file_name(member, name, only, None, None, form), form.media_type, lines)


def preview(*, member: Membership, rows: int) -> list[list[Cell]]:
    """The cells of the first rows that `export_dataset` writes, to look at."""
    require(member, "export")
    return [cells(row) for row in islice(long_rows([*map(now, exported_rounds(member=member))]), rows)]


def exported_rounds(*, member: Membership, only: Round | None = None, operator: bool = False) -> Sequence[Round]:
    """What a dataset holds. A round in which the member annotates blind is left out whole, as long as it is open."""
    hidden = set() if operator else {round.pk for round in open_rounds_hidden_from(member)}
    if only is not None and only.pk in hidden:
        raise NotAllowedError(
            f"You annotate in “{only.name}”, a blind round that is still open. Its labels can be exported by you once"
            " it is closed, or now by a member who does not annotate in it."
        )
    return [only] if only else [round for round in rounds_of(member.project_id) if round.pk not in hidden]


def _edition(only: Round | None, under: int) -> Edition:
    if only is None:
        raise InvalidError("Choose the round that is to be exported under that version of the codebook.")
    return edition_under(only, under)


def _form(format: str, kind: str) -> Form:
    forms = FORMS.get(format)
    if forms is None:
        raise InvalidError(f"There is no format “{format[:40]}”; choose from {', '.join(FORMS)}.")
    form = forms.get(kind or next(iter(forms)))
    if form is None:
        raise InvalidError(f"The format {format} is not offered as “{kind[:40]}”; choose from {', '.join(forms)}.")
    return form


def _file_name(
    member: Membership, format: str, only: Round | None, under: int | None, at: datetime | None, form: Form
) -> str:
    parts = [member.project.slug, format, *([slugify(only.name) or str(only.pk)] if only else [])]
    parts += [f"codebook-{under}"] if under is not None else []
    parts += [f"as-of-{at:%Y-%m-%dT%H%M%SZ}"] if at is not None else []
    return f"{'-'.join(parts)}.{form.ending}"
