"""The long table: a row for each assignment, unit and variable that could be answered there."""

from collections.abc import Iterator, Sequence
from functools import partial

from annotator.core.dataset import Row
from annotator.core.tables import EVERYTHING, Selection
from annotator.queries.datasets import said
from annotator.queries.editions import Edition
from annotator.queries.tables import columns as its

COLUMNS = (
    its.ITEM_ID,
    its.TEXT,
    its.ANNOTATOR,
    its.VARIABLE,
    its.VALUE,
    its.OCCASION,
    its.GROUP,
    its.STATE,
    its.ARTICLE,
    its.SENTENCE,
    its.START,
    its.END,
    its.KIND,
    its.ROUND,
    its.CODEBOOK,
    its.VERSION,
    its.UPDATED_AT,
)


def long_rows(editions: Sequence[Edition], selection: Selection = EVERYTHING) -> Iterator[Row]:
    """In order of round, article (external id), unit, annotator (pseudonym) and codebook."""
    # Fields by their place, and no function of ours between: there are millions of rows.
    row = partial(tuple.__new__, Row)
    for one in said(editions, selection):
        item_id, text, article, sentence, start, end, kind, round, codebook = one.place
        share, is_item = one.share, one.is_item
        annotator, occasion, group = share.annotator, share.occasion, share.group
        for variable, (state, _, cell), version, updated_at in one.answers:
            name = variable.label if is_item else variable.key
            yield row(
                (
                    *(item_id, text, annotator, name, cell, occasion, group, state, article, sentence),
                    *(start, end, kind, round, codebook, version, updated_at),
                )
            )
