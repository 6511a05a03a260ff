"""Decisions: a row for each unit and question that an adjudicator decided."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_noop as _

from annotator.core.dataset import value_cell
from annotator.core.layers import DecisionRow
from annotator.core.tables import Cells, Column, Selection
from annotator.queries.editions import Edition
from annotator.queries.layer_rows import decision_rows
from annotator.queries.tables import columns as its

COLUMNS = (
    *its.PLACE[:2],
    its.VARIABLE,
    Column("value", "text", _("The decision, written like an answer; empty where it can’t be told")),
    Column("state", "text", _("answered, none (decided: none applies) or cannot_tell")),
    Column("reason", "text", _("Why it was decided so")),
    Column("adjudicator", "text", _("Pseudonym of who decided")),
    Column("decided_at", "time", _("When, in UTC")),
    Column("answers", "integer", _("On how many annotators’ answers it rested")),
    Column("alike", "integer", _("How many of them were the same as it")),
    Column(
        "how",
        "text",
        _("decided; agreed: taken over where all agreed; carried over mended boundaries; moved with the codebook"),
    ),
    Column("to_confirm", "boolean", _("Boundaries or values were changed under it, and nobody has confirmed it yet")),
    Column("changed_since", "boolean", _("A label on the unit has changed since")),
    Column("version", "integer", _("How often it was changed")),
    *its.PLACE[2:],
)


def rows(editions: Sequence[Edition], selection: Selection) -> Iterator[Cells]:
    """In order of round, article (external id), unit and codebook."""
    return map(_cells, decision_rows([edition.round for edition in editions], selection))


def _cells(row: DecisionRow) -> Cells:
    _place, variable, value, *others = row
    return its.around(row.place, (variable, value_cell(value), *others))
