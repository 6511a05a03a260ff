"""The long dataset as text: what stands in each cell (docs/datasets.md). How cells are parted is each format's own."""

import json
from datetime import UTC, datetime

from annotator.core.codebook import Json
from annotator.core.dataset import COLUMNS, Row

__all__ = ["COLUMNS", "Cell", "cells"]

Cell = str | int
_VALUE = COLUMNS.index("value")
_UPDATED = COLUMNS.index("updated_at")


def cells(row: Row) -> list[Cell]:
    """The cells of a row in the order of COLUMNS: whole numbers, and text for everything else."""
    written: list[Cell] = [*row]  # type: ignore[list-item]  # the two that are neither are replaced at once
    written[_VALUE] = value_cell(row.value)
    written[_UPDATED] = time_cell(row.updated_at)
    return written


def value_cell(value: Json) -> str:
    """An answer as label imports take it: a key, number or text as it is, JSON for sets, spans and attributions."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def time_cell(time: datetime | None) -> str:
    """ISO 8601 in UTC, to the microsecond."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if time else ""
