"""How large a table would be, from the counters of shares and answers: nothing is read that grows with the labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import Count, Sum

from annotator.core.codebook import Variable
from annotator.core.tables import Selection
from annotator.models import Tally
from annotator.queries.layer_rows import decided
from projects.models import Round
from projects.queries.codebooks import codebook
from projects.queries.duplicates import counted_shares

How = Literal["exactly", "about", "at most", "from"]
COUNTED: Mapping[str, How] = {"long": "about", "wide": "about", "decisions": "exactly"}


@dataclass(frozen=True)
class Size:
    """How many rows; or, where `how` is "from", from about how many answers they are made.

    `work` is how many units are read for it, each once an annotator.
    """

    rows: int
    how: How
    work: int = 0


def estimated(table: str, rounds: Sequence[Round], selection: Selection) -> Size:
    """Of the rounds as they are now."""
    sizes = [_of_round(table, round, selection) for round in rounds]
    work, rows = sum(size.work for size in sizes), sum(size.rows for size in sizes)
    how = COUNTED.get(table, "from")
    # Counters know nothing of kinds.
    return Size(rows, "at most" if selection.kinds and how == "about" else how, work)


def _of_round(table: str, round: Round, selection: Selection) -> Size:
    shares = counted_shares().filter(round=round)
    shares = shares.filter(member__pseudonym__in=selection.annotators) if selection.annotators else shares
    sums = shares.aggregate(n=Count("pk"), units=Sum("units_total", default=0))
    variables = codebook(round.codebook_version_id).variables
    wanted = [variable for variable in variables if not selection.variables or variable.key in selection.variables]
    if table == "decisions":
        return Size(decided(round, selection).count(), "exactly", sums["units"])
    if table not in ("long", "wide"):
        return Size(_answers(table, round, wanted, selection), "from", sums["units"])
    sentence = sum(variable.scope == "sentence" for variable in wanted)
    article = len(wanted) - sentence
    if table == "wide":
        sentence, article = min(sentence, 1), min(article, 1)
    return Size(sums["units"] * sentence + sums["n"] * article, "about", sums["units"])


def _answers(table: str, round: Round, wanted: Sequence[Variable], selection: Selection) -> int:
    """The answers that stand, to the questions that the table is about."""
    kinds = {"spans": ("span", "attribution"), "attributions": ("attribution",)}.get(table)
    keys = [variable.key for variable in wanted if kinds is None or variable.kind in kinds]
    answers = Tally.objects.filter(round=round, variable__in=keys)
    answers = answers.filter(member__pseudonym__in=selection.annotators) if selection.annotators else answers
    return int(answers.aggregate(n=Sum("answers", default=0))["n"])
