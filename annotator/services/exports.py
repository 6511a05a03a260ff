"""Datasets out: who may have which rounds, as which table, in which form."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import TypeVar

from django.utils.text import slugify

from annotator.core.errors import InvalidError, NotAllowedError, NotFoundError
from annotator.core.layers import LAYERS
from annotator.core.sentences import KINDS
from annotator.core.tables import EVERYTHING, Cells, Column, OpenTable, Selection
from annotator.formats import csv, jsonl, parquet, spreadsheet, tsv, xlsx
from annotator.queries.datasets import open_rounds_hidden_from, rounds_of
from annotator.queries.editions import Edition, edition_at, edition_under, now, variables_of
from annotator.queries.table_sizes import Size, estimated
from annotator.queries.tables import consensus, decisions, events, long, marked, wide
from projects.models import Membership, Round
from projects.permissions import require

COUNTED = 5_000
"""Tables of no more units, each once an annotator, are counted by reading them."""
TOGETHER = 100
Rows = Callable[[Sequence[Edition], Selection], Iterator[Cells]]


@dataclass(frozen=True)
class Table:
    """`columns` are those that it has whatever is chosen; what it has for a choice is known when it is open."""

    columns: Sequence[Column]
    open: Callable[[Sequence[Edition], Selection], OpenTable]
    lacks: frozenset[str] = frozenset()
    """The parts of a selection that say nothing here."""


def _fixed(columns: Sequence[Column], rows: Rows, lacks: Sequence[str] = ()) -> Table:
    return Table(columns, lambda editions, selection: OpenTable(columns, rows(editions, selection)), frozenset(lacks))


TABLES: Mapping[str, Table] = {
    "long": _fixed(long.COLUMNS, long.long_rows),
    "wide": Table(wide.COLUMNS, wide.open_table),
    "spans": _fixed(marked.SPANS, marked.span_rows),
    "attributions": _fixed(marked.ATTRIBUTIONS, marked.attribution_rows),
    "decisions": _fixed(decisions.COLUMNS, decisions.rows, ["annotators", "at", "under"]),
    "consensus": _fixed(consensus.COLUMNS, consensus.rows, ["under"]),
    "events": _fixed(events.COLUMNS, events.rows),
}


@dataclass(frozen=True)
class Form:
    """A form that a table can take: the media type, the ending of the file, and what writes it."""

    media_type: str
    ending: str
    write: Callable[[Sequence[Column], Iterable[Cells]], Iterator[bytes]]


FORMS: Mapping[str, Form] = {
    "csv": Form("text/csv; charset=utf-8", "csv", csv.write),
    "tsv": Form("text/tab-separated-values; charset=utf-8", "tsv", tsv.write),
    "xlsx": Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", xlsx.write),
    "parquet": Form("application/vnd.apache.parquet", "parquet", parquet.write),
    "jsonl": Form("application/x-ndjson; charset=utf-8", "jsonl", jsonl.write),
    "spreadsheet": Form("text/csv; charset=utf-8", "csv", spreadsheet.write),
}
"""By `as`; the first is what one gets without saying."""


@dataclass
class Counted:
    """Rows on their way out, and how many there were."""

    rows: Iterable[Cells]
    count: int = 0
    watch: Callable[[int], None] | None = None
    """Told again and again how many went out."""

    def __iter__(self) -> Iterator[Cells]:
        rest = iter(self.rows)
        while some := list(islice(rest, TOGETHER)):
            self.count += len(some)
            self.tell()
            yield from some

    def tell(self) -> None:
        if self.watch is not None:
            self.watch(self.count)


@dataclass(frozen=True)
class Dataset:
    """A dataset on its way out. `chunks` is read once and reads the database as it goes."""

    file_name: str
    media_type: str
    chunks: Iterator[bytes]
    columns: Sequence[Column] = ()
    rows: Counted = field(default_factory=lambda: Counted(()))
    """How many rows are in it is known when the chunks have been read."""

    def begun(self) -> Iterator[bytes]:
        """The chunks, the first made: a refusal that comes with it, as of too large a workbook, is still an answer."""
        return chain([next(self.chunks, b"")], self.chunks)


def export_dataset(
    *,
    member: Membership,
    format: str = "long",
    kind: str = "",
    selection: Selection = EVERYTHING,
    layer: str = "labels",
    operator: bool = False,
) -> Dataset:
    """A table of the labels, or of another layer, of all rounds that the member may see, or of those that are chosen.

    `format` is one of TABLES, or "spreadsheet", which is the long table in that form; `kind` is one of FORMS. The
    `operator` of the machine sees blind rounds too: he has the database.
    """
    if format == "spreadsheet":
        if kind not in ("", "csv", "spreadsheet"):
            raise InvalidError(f"The format spreadsheet is not offered as “{kind[:40]}”; it is a CSV.")
        kind = "spreadsheet"
    form = _named(FORMS, kind or next(iter(FORMS)), "kind of file")
    table = _table_of("long" if format == "spreadsheet" else format, layer)
    opened = open_table(member=member, table=table, selection=selection, operator=operator)
    rows = Counted(opened.rows)
    name = f"{_file_name(member, format if layer == 'labels' else f'{format}-{layer}', selection)}.{form.ending}"
    return Dataset(name, form.media_type, form.write(opened.columns, rows), opened.columns, rows)


def open_table(
    *, member: Membership, table: str, selection: Selection = EVERYTHING, operator: bool = False
) -> OpenTable:
    """The columns and rows of one of TABLES."""
    require(member, "export")
    found = _named(TABLES, table, "format")
    _refuse_idle(table, found, selection)
    rounds = exported_rounds(member=member, selection=selection, operator=operator)
    _refuse_unknown(member.project_id, rounds, selection)
    return found.open(_editions(rounds, selection), selection)


def preview(
    *, member: Membership, table: str = "long", selection: Selection = EVERYTHING, rows: int
) -> tuple[Sequence[Column], list[Cells]]:
    """The columns and first rows that `export_dataset` writes, to look at."""
    opened = open_table(member=member, table=table, selection=replace(selection, look=True))
    return opened.columns, list(islice(opened.rows, rows))


def size_of(*, member: Membership, table: str = "long", selection: Selection = EVERYTHING) -> Size:
    """How many rows `export_dataset` writes, told without reading them where there are many."""
    require(member, "export")
    rounds = exported_rounds(member=member, selection=selection)
    size = estimated(table, rounds, selection)
    if size.work > COUNTED:
        return size
    return Size(sum(1 for _ in open_table(member=member, table=table, selection=selection).rows), "exactly")


def exported_rounds(
    *, member: Membership, selection: Selection = EVERYTHING, operator: bool = False
) -> Sequence[Round]:
    """What a dataset holds. A round in which the member annotates blind is left out whole, as long as it is open."""
    hidden = set() if operator else {round.pk for round in open_rounds_hidden_from(member)}
    rounds = list(rounds_of(member.project_id))
    if not selection.rounds:
        return [round for round in rounds if round.pk not in hidden]
    chosen = [round for round in rounds if round.pk in selection.rounds]
    if len(chosen) < len(set(selection.rounds)):
        raise NotFoundError("There is no such round.")
    for round in chosen:
        if round.pk in hidden:
            raise NotAllowedError(
                f"You annotate in “{round.name}”, a blind round that is still open. Its labels can be exported by you"
                " once it is closed, or now by a member who does not annotate in it."
            )
    return chosen


def _table_of(format: str, layer: str) -> str:
    """The layers beside the labels are tables of their own, which the long format stood for before they had names."""
    if layer not in LAYERS:
        raise InvalidError(f"There is no layer “{layer[:40]}”; choose from {', '.join(LAYERS)}.")
    if layer == "labels":
        return format
    if format != "long":
        raise InvalidError(f"The layer {layer} is a table of its own; leave out the format {format[:40]}.")
    return layer


def _refuse_idle(name: str, table: Table, selection: Selection) -> None:
    """A choice that would change nothing is refused: who made it believes that it did."""
    if selection.under is not None and selection.at is not None:
        raise InvalidError("Choose a moment, or a version of the codebook, not both.")
    if (selection.at and "at" in table.lacks) or (selection.under is not None and "under" in table.lacks):
        raise InvalidError(f"The table {name} is given as it is now; leave the moment and the codebook version out.")
    if selection.annotators and "annotators" in table.lacks:
        raise InvalidError(f"The table {name} is not about single annotators; leave the choice of them out.")


def _refuse_unknown(project: int, rounds: Sequence[Round], selection: Selection) -> None:
    """A slip of the pen would give an empty table, which looks like an answer."""
    people = Membership.objects.filter(project=project, pseudonym__in=selection.annotators)
    parts: list[tuple[str, Sequence[str], Iterable[str]]] = [
        ("question", selection.variables, (key for round in rounds for key in variables_of(round))),
        ("kind of unit", selection.kinds, ("article", *KINDS)),
        ("annotator", selection.annotators, people.values_list("pseudonym", flat=True)),
    ]
    for what, wanted, known in parts:
        unknown = sorted(set(wanted).difference(known)) if wanted else []
        if unknown:
            raise InvalidError(f"There is no {what} “{unknown[0][:40]}” in these rounds.")


def _editions(rounds: Sequence[Round], selection: Selection) -> list[Edition]:
    if selection.under is not None:
        if len(rounds) != 1 or not selection.rounds:
            raise InvalidError("Choose the round that is to be exported under that version of the codebook.")
        return [edition_under(rounds[0], selection.under)]
    if selection.at is not None:
        return [edition_at(round, selection.at) for round in rounds if round.created_at <= selection.at]
    return [now(round) for round in rounds]


Kind = TypeVar("Kind")


def _named(offered: Mapping[str, Kind], name: str, what: str) -> Kind:
    if name not in offered:
        raise InvalidError(f"There is no {what} “{name[:40]}”; choose from {', '.join(offered)}.")
    return offered[name]


def _file_name(member: Membership, format: str, selection: Selection) -> str:
    """Without its ending: project, table, round, and what was chosen."""
    rounds = Round.objects.filter(pk__in=selection.rounds).order_by("pk")
    parts = [member.project.slug, format, *(slugify(round.name) or str(round.pk) for round in rounds[:3])]
    parts += ["part"] if selection.variables or selection.kinds or selection.annotators else []
    parts += [f"codebook-{selection.under}"] if selection.under is not None else []
    parts += [f"as-of-{selection.at:%Y-%m-%dT%H%M%SZ}"] if selection.at is not None else []
    return "-".join(parts)
