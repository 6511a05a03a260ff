"""The tables of a bundle as files: CSV exact to the character, and Parquet read back from it.

Parquet is made from the CSV and not from the database: both then hold the same rows whatever is saved meanwhile, and
what the CSV says is read once by a reader that is not ours.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from annotator.core.dataset_bundle import BundleFile
from annotator.core.tables import Cells, Column
from annotator.formats import csv
from annotator.formats.parquet import schema_of

BLOCK = 1024 * 1024
"""So much of a CSV is read at once; at least two of its longest row."""


@dataclass(frozen=True)
class Written:
    file: BundleFile
    rows: int
    longest: int
    """No row has more bytes."""


def write_csv(folder: Path, path: str, columns: Sequence[Column], rows: Iterable[Cells]) -> Written:
    digest, size, longest, number = hashlib.sha256(), 0, 0, count()
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        for lines in csv.lines(columns, (row for row, _ in zip(rows, number, strict=False))):
            data = lines.encode()
            out.write(data)
            digest.update(data)
            size += len(data)
            longest = max(longest, len(data))
    return Written(BundleFile(path, size, digest.hexdigest()), next(number), longest)


def write_parquet(
    folder: Path, table: Written, columns: Sequence[Column], parts: Mapping[str, str], *, split: str | None
) -> dict[str, BundleFile]:
    """Write the rows of a CSV to one Parquet file a part (its path by its name), by the value of the column `split`.

    Without `split` all rows go to the only part. A part without rows has no file.
    """
    schema = schema_of(columns)
    reader = arrow_csv.open_csv(
        folder / table.file.path,
        read_options=arrow_csv.ReadOptions(block_size=max(BLOCK, 2 * table.longest), use_threads=False),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types=schema,
            null_values=[""],
            strings_can_be_null=False,
            true_values=["yes"],
            false_values=["no"],
        ),
    )
    writers: dict[str, pq.ParquetWriter] = {}
    with ExitStack() as opened:
        opened.enter_context(reader)
        for batch in reader:
            for name, path in parts.items():
                rows = batch if split is None else batch.filter(pc.equal(batch[split], name))
                if rows.num_rows:
                    if name not in writers:
                        (folder / path).parent.mkdir(parents=True, exist_ok=True)
                        writers[name] = opened.enter_context(pq.ParquetWriter(folder / path, schema))
                    writers[name].write_batch(rows)
    return {name: file_of(folder, path) for name, path in parts.items() if name in writers}


def labelled_rows(folder: Path, parquet: Iterable[BundleFile]) -> int:
    """How many rows of a long table have a label, given or taken back."""
    versions = (pq.read_table(folder / file.path, columns=["version"])["version"] for file in parquet)
    return sum(pc.sum(pc.greater(column, 0)).as_py() or 0 for column in versions)


def file_of(folder: Path, path: str) -> BundleFile:
    digest = hashlib.sha256()
    with (folder / path).open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return BundleFile(path, (folder / path).stat().st_size, digest.hexdigest())
