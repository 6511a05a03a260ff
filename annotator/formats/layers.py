"""Decisions and consensus as text: what stands in each cell (docs/datasets.md)."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from annotator.core.codebook import Json
from annotator.core.layers import ConsensusRow, DecisionRow, Place
from annotator.formats import csv, jsonl, spreadsheet, tsv
from annotator.formats.long import Cell, time_cell, value_cell

_PLACE = Place._fields
_ITEM, _REST = _PLACE[:2], _PLACE[2:]
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "decisions": (*_ITEM, *DecisionRow._fields[1:], *_REST),
    "consensus": (*_ITEM, *ConsensusRow._fields[1:], *_REST),
}
Lines = Callable[[tuple[str, ...], Iterable[list[Cell]]], Iterator[str]]
WRITERS: Mapping[str, Lines] = {
    "csv": csv.table_lines,
    "tsv": tsv.table_lines,
    "jsonl": jsonl.table_lines,
    "spreadsheet": spreadsheet.table_lines,
}


def decision_cells(row: DecisionRow) -> list[Cell]:
    own: list[Cell] = [
        row.variable,
        value_cell(row.value),
        row.state,
        row.reason,
        row.adjudicator,
        time_cell(row.decided_at),
        row.answers,
        row.alike,
        row.how,
        _flag(row.to_confirm),
        _flag(row.changed_since),
        row.version,
    ]
    return _around(row.place, own)


def consensus_cells(row: ConsensusRow) -> list[Cell]:
    own: list[Cell] = [
        row.variable,
        value_cell(row.value),
        row.votes,
        _number(row.share),
        value_cell([*row.tie]) if row.tie else "",
        _median([*row.median]),
        _shares(row.shares),
        value_cell(row.ds_value),
        "" if row.ds_probability is None else _number(row.ds_probability),
        _shares(row.ds_shares),
        "" if row.ds_converged is None else _flag(row.ds_converged) or "no",
    ]
    return _around(row.place, own)


def _around(place: Place, own: list[Cell]) -> list[Cell]:
    return [*place[: len(_ITEM)], *own, *place[len(_ITEM) :]]


def _flag(holds: bool) -> str:
    return "yes" if holds else ""


def _number(value: float) -> str:
    """Six digits: more than any share or probability of so few answers means."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _median(middle: list[Json]) -> str:
    """One answer as it is, two as a list."""
    return value_cell(middle[0]) if len(middle) == 1 else value_cell([*middle]) if middle else ""


def _shares(shares: Mapping[str, float]) -> str:
    found = {value: float(_number(share)) for value, share in shares.items()}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""
