"""The tables of a bundle: each written once as CSV, read back into Parquet, and counted against the database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.core.dataset_bundle import BundleTable
from annotator.core.errors import ConflictError
from annotator.core.publishing import Publishing
from annotator.core.splits import SPLITS
from annotator.core.tables import Cells, Column, OpenTable, Selection
from annotator.formats.dataset_bundle.tables import labelled_rows, write_csv, write_parquet
from annotator.formats.dataset_bundle.without_texts import without_texts
from annotator.queries import bundle_counts
from annotator.queries.bundle_articles import ARTICLES, REPEATS, WITH_TEXTS, article_rows
from annotator.queries.bundle_split import Split
from annotator.services.exports import Counted, open_table
from projects.models import Membership, Round

SPLIT = Column("split", "text", "The part of the split: train, validation or test")
TITLES: Mapping[str, str] = {
    "long": "A row for each annotator, unit and question: the answer, or why there is none",
    "spans": "A row for each stretch of text that an annotator marked",
    "attributions": "A row for each attribution: source, manner, stance, and the words that carry it",
    "decisions": "A row for each answer that an adjudicator decided",
    "consensus": "A row for each unit and question: what the annotators say together, with the distribution",
    "events": "Every change of a label, in order",
    "articles": "The articles, with the hash of the text that annotators were given",
    "repeats": "Sentences whose wording stands in more than one part of the split",
}


@dataclass(frozen=True)
class Check:
    """What the database counts where the table has its rows."""

    count: Callable[[Sequence[Round]], int]
    how: str


CHECKS: Mapping[str, Check] = {
    "long": Check(bundle_counts.long_count, "assignments × units × questions of their scope"),
    "decisions": Check(bundle_counts.decision_count, "decisions that stand"),
    "events": Check(bundle_counts.event_count, "events"),
    "articles": Check(bundle_counts.text_count, "text versions that were assigned or decided on"),
}


def write_tables(
    folder: Path,
    member: Membership,
    rounds: Sequence[Round],
    publishing: Publishing,
    split: Split | None,
    counted: Counted,
    *,
    operator: bool,
) -> list[BundleTable]:
    """Each that the project wants; one that has no rows has no Parquet."""
    found = []
    selection = Selection(rounds=tuple(round.pk for round in rounds))
    for name in wanted(publishing):
        if name == "articles":
            columns = (*ARTICLES, *WITH_TEXTS) if publishing.texts else ARTICLES
            opened = OpenTable(columns, article_rows(rounds, texts=publishing.texts))
        elif name == "repeats":
            opened = OpenTable(REPEATS, iter(split.repeats if split else ()))
        else:
            opened = open_table(member=member, table=name, selection=selection, operator=operator)
        opened = opened if publishing.texts else without_texts(opened)
        opened = _parted(opened, split.parts) if split else opened
        counted.rows = opened.rows
        opened = OpenTable(opened.columns, iter(counted))
        found.append(_write(folder, name, opened, rounds, is_parted=split is not None))
    return found


def wanted(publishing: Publishing) -> list[str]:
    """The tables of a bundle, in their order."""
    left_out = {name for name, kept in {"events": publishing.events, "repeats": publishing.split}.items() if not kept}
    return [name for name in TITLES if name not in left_out]


def _parted(table: OpenTable, parts: Mapping[str, str]) -> OpenTable:
    place = next(n for n, column in enumerate(table.columns) if column.name == "article")
    rows: Iterator[Cells] = ((*row, parts[str(row[place])]) for row in table.rows)
    return OpenTable((*table.columns, SPLIT), rows)


def _write(folder: Path, name: str, table: OpenTable, rounds: Sequence[Round], *, is_parted: bool) -> BundleTable:
    written = write_csv(folder, f"data/{name}.csv", table.columns, table.rows)
    check = CHECKS.get(name)
    expected = check.count(rounds) if check else None
    if expected is not None:
        _refuse_unequal(f"The table {name} has", written.rows, expected)
    if name == "long" and is_parted:
        parts, by = {part: f"data/{part}-00000-of-00001.parquet" for part in SPLITS}, SPLIT.name
    elif name == "long":
        parts, by = {"train": "data/train-00000-of-00001.parquet"}, None
    else:
        parts, by = {"full": f"parquet/{name}.parquet"}, None
    parquet = write_parquet(folder, written, table.columns, parts, split=by)
    if name == "long":
        labelled = labelled_rows(folder, parquet.values())
        _refuse_unequal("Of the labels there are in the table long", labelled, bundle_counts.label_count(rounds))
    return BundleTable(
        name=name,
        title=TITLES[name],
        columns=table.columns,
        rows=written.rows,
        csv=written.file,
        parquet=parquet,
        expected=expected,
        counted=check.how if check else "",
    )


def _refuse_unequal(what: str, rows: int, counted: int) -> None:
    if rows != counted:
        raise ConflictError(
            f"{what} {rows:,} rows, but the database counts {counted:,}. Nothing was given out. Make the bundle again"
            " when nobody is labelling; if it stays so, tell who runs this site."
        )
