"""Tables without the words of the articles: a licence often forbids to give these out. Offsets and hashes stay."""

import json
from collections.abc import Iterator, Sequence

from annotator.core.codebook import Json
from annotator.core.tables import Cells, OpenTable

WORDS = frozenset({"text", "quote", "source_text", "cue_text", "content_text", "metadata"})
"""Columns that hold them."""
QUOTES = '"quote":'


def without_texts(table: OpenTable) -> OpenTable:
    kept = [place for place, column in enumerate(table.columns) if column.name not in WORDS]
    places = [place for place in kept if table.columns[place].type in ("json", "text")]
    columns = [table.columns[place] for place in kept]
    return OpenTable(columns, _rows(table.rows, kept, places))


def _rows(rows: Iterator[Cells], kept: Sequence[int], places: Sequence[int]) -> Iterator[Cells]:
    for row in rows:
        cells = list(row)
        for place in places:
            cell = cells[place]
            if isinstance(cell, str) and QUOTES in cell:
                cells[place] = _unquoted(cell)
        yield tuple([cells[place] for place in kept])


def _unquoted(cell: str) -> str:
    """An answer with spans, without the words that each quotes; any other text as it is."""
    try:
        answer = json.loads(cell)
    except ValueError:
        return cell
    return json.dumps(_stripped(answer), ensure_ascii=False, separators=(",", ":"))


def _stripped(answer: Json) -> Json:
    if isinstance(answer, list):
        return [_stripped(item) for item in answer]
    if isinstance(answer, dict):
        return {name: _stripped(item) for name, item in answer.items() if name != "quote"}
    return answer
