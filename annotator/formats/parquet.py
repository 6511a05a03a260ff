"""Parquet: typed columns, read by pandas, R, DuckDB and the rest without a word about types.

Rows go out in row groups, so that memory stays the same. The same rows give the same bytes, by the same pyarrow. What
each column means stands in the metadata of its field.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq

from annotator.core.tables import Cells, Column, Type
from annotator.formats.outlet import Outlet

TYPES: dict[Type, pa.DataType] = {
    "text": pa.string(),
    "json": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "time": pa.timestamp("us", tz="UTC"),
}
FEWEST, MOST, BATCH_BYTES = 100, 1_000, 4_000_000
"""Rows turned into columns at once: many, but a row of a question on the whole article carries its whole text."""
GROUP, GROUP_BYTES = 20_000, 8_000_000


def write(columns: Sequence[Column], rows: Iterable[Cells]) -> Iterator[bytes]:
    out, schema = Outlet(), schema_of(columns)
    with pq.ParquetWriter(out, schema) as writer:
        for group in _groups(schema, rows):
            writer.write_table(group, row_group_size=group.num_rows)
            yield out.taken()
    yield out.taken()


def schema_of(columns: Sequence[Column]) -> pa.Schema:
    fields = [(column.name, TYPES[column.type], {"meaning": column.meaning}) for column in columns]
    return pa.schema([pa.field(name, kind, metadata=meaning) for name, kind, meaning in fields])


def _groups(schema: pa.Schema, rows: Iterable[Cells]) -> Iterator[pa.Table]:
    held: list[pa.RecordBatch] = []
    for batch in _batches(schema, rows):
        held.append(batch)
        if sum(one.num_rows for one in held) >= GROUP or sum(one.nbytes for one in held) >= GROUP_BYTES:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def _batches(schema: pa.Schema, rows: Iterable[Cells]) -> Iterator[pa.RecordBatch]:
    rest, size = iter(rows), FEWEST
    while some := list(islice(rest, size)):
        arrays = [pa.array(cells, field.type) for cells, field in zip(zip(*some, strict=True), schema, strict=True)]
        batch = pa.RecordBatch.from_arrays(arrays, schema=schema)
        size = max(FEWEST, min(MOST, BATCH_BYTES * len(some) // max(1, batch.nbytes)))
        yield batch
