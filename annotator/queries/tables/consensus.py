"""Consensus: a row for each unit and question that anybody answered, with all that annotators make of it together."""

import json
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext_noop as _

from annotator.core.codebook import Json
from annotator.core.dataset import value_cell
from annotator.core.layers import ConsensusRow
from annotator.core.tables import Cells, Column, Selection
from annotator.queries.editions import Edition
from annotator.queries.layer_rows import consensus_rows
from annotator.queries.tables import columns as its

COLUMNS = (
    *its.PLACE[:2],
    Column("variable", "text", _("Key of the question, or of a part of an attribution")),
    Column("value", "text", _("What most gave; empty where there is a tie")),
    Column("votes", "integer", _("How many answered")),
    Column("share", "number", _("The share of them who gave just this")),
    Column("tie", "json", _("The values that are tied")),
    Column("median", "text", _("Of ordinal questions and numbers the middle answer, or the two middle ones as a list")),
    Column("shares", "json", _("The full distribution: the share of each value (soft labels)")),
    Column("ds_value", "text", _("The likeliest value by Dawid and Skene’s estimate")),
    Column("ds_probability", "number", _("Its probability")),
    Column("ds_shares", "json", _("The probability of each value")),
    Column("ds_converged", "boolean", _("Whether the estimate came to rest; empty where there is none")),
    *its.PLACE[2:],
)


def rows(editions: Sequence[Edition], selection: Selection) -> Iterator[Cells]:
    """In order of round, question (an attribution by its parts), article and unit."""
    return map(_cells, consensus_rows([edition.round for edition in editions], selection))


def _cells(row: ConsensusRow) -> Cells:
    own = (
        row.variable,
        value_cell(row.value),
        row.votes,
        _six(row.share),
        value_cell([*row.tie]) if row.tie else None,
        _median(row.median),
        _shares(row.shares),
        value_cell(row.ds_value),
        None if row.ds_probability is None else _six(row.ds_probability),
        _shares(row.ds_shares),
        row.ds_converged,
    )
    return its.around(row.place, own)


def _six(value: float) -> float:
    """Six digits: more than any share or probability of so few answers means."""
    return round(value, 6)


def _median(middle: Sequence[Json]) -> str | None:
    """One answer as it is, two as a list."""
    return value_cell(middle[0]) if len(middle) == 1 else value_cell([*middle]) if middle else None


def _shares(shares: Mapping[str, float]) -> str | None:
    found = {value: _six(share) for value, share in shares.items()}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else None
