"""The rows of the datasets beside the labels: decisions, and the consensus of annotators.

Decisions are read some articles at a time. A consensus needs all answers to a question at once, as agreement does, and
is given out question by question; its texts are read as they go.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django.db.models import QuerySet

from annotator.core.codebook import CANNOT_TELL, Json, Variable
from annotator.core.codebook.asking import state_of
from annotator.core.coded_tables import cell_of
from annotator.core.consensus import Consensus, consensus
from annotator.core.dataset import canonical
from annotator.core.layers import ConsensusRow, DecisionRow, Place
from annotator.core.tables import EVERYTHING, Selection
from annotator.models import Decision, DecisionEvent
from annotator.queries.adjudication import made_by, standing_decisions, with_labels_now
from annotator.queries.datasets import extent, place_of
from annotator.queries.editions import variables_of, version_at
from annotator.queries.rated_units import RatedUnit
from annotator.queries.ratings import round_ratings, variable_ratings
from annotator.queries.selections import Selection as Compared
from projects.models import CodebookVersion, Round, TextVersion, Unit

TEXTS, UNITS = 20, 2000
"""So many are read at once."""
Act = DecisionEvent.Act
HOW: Mapping[str, str] = {
    Act.DECIDE: "decided",
    Act.AGREED: "agreed",
    Act.CARRIED: "carried",
    Act.MOVED: "moved",
}


def decision_rows(rounds: Sequence[Round], selection: Selection = EVERYTHING) -> Iterator[DecisionRow]:
    """In order of round, article (external id), unit and codebook."""
    for round in rounds:
        columns = "unit__text_version__article__external_id", "unit__text_version__number", "unit__text_version_id"
        texts = decided(round, selection).order_by().values_list(*columns).distinct()
        ordered = iter(sorted(texts))
        while some := list(islice(ordered, TEXTS)):
            yield from _of_texts(round, [text for *_, text in some], selection)


def decided(round: Round, selection: Selection) -> QuerySet[Decision]:
    """The decisions that stand, on the units and questions that are wanted."""
    wanted = {"variable__in": selection.variables, "unit__kind__in": selection.kinds}
    chosen = {field: picked for field, picked in wanted.items() if picked}
    return standing_decisions(Decision.objects.filter(round=round, value__isnull=False, **chosen))


def _of_texts(round: Round, text_ids: Sequence[int], selection: Selection) -> Iterator[DecisionRow]:
    texts, places = _texts(text_ids), {text: place for place, text in enumerate(text_ids)}
    variables = variables_of(round)
    order = {key: number for number, key in enumerate(variables)}
    found = list(
        with_labels_now(decided(round, selection).filter(unit__text_version__in=text_ids)).select_related("unit")
    )
    found.sort(key=lambda one: (places[one.unit.text_version_id], one.unit.index, order.get(one.variable, len(order))))
    made = made_by([decision.pk for decision in found])
    for decision in found:
        if decision.variable in variables:
            text, variable = texts[decision.unit.text_version_id], variables[decision.variable]
            yield _decision_row(
                decision,
                made[decision.pk],
                variable,
                text,
                place_of(round, round.codebook_version, text, extent(decision.unit)),
            )


def _decision_row(
    decision: Decision, made: Sequence[DecisionEvent], variable: Variable, text: TextVersion, place: Place
) -> DecisionRow:
    chosen, last = made
    basis = [value for _share, value in (last.basis or {}).get("answers", [])]
    is_item, state = text.article.item_text != "", state_of(decision.value)
    answer = None if decision.value == CANNOT_TELL else canonical(variable, decision.value)
    return DecisionRow(
        place=place,
        variable=variable.label if is_item else variable.key,
        value=cell_of(variable, answer) if is_item and answer is not None else answer,
        state=state,
        reason=chosen.reason,
        adjudicator=chosen.member.pseudonym,
        decided_at=chosen.server_time,
        answers=len(basis),
        alike=sum(value == decision.value for value in basis),
        how=HOW.get(last.act or "", HOW[chosen.act or DecisionEvent.Act.DECIDE]),
        to_confirm=decision.to_confirm,
        changed_since=getattr(decision, "labels_now", 0) != decision.labels_seen,
        version=decision.version,
    )


def consensus_rows(rounds: Sequence[Round], selection: Selection = EVERYTHING) -> Iterator[ConsensusRow]:
    """In order of round, question (an attribution by its parts), article and unit; where nobody answered is no row.

    It is that of the annotators and kinds of unit that are wanted, and of the moment.
    """
    compared = Compared(annotators=selection.annotators, kinds=selection.kinds)
    for round in rounds:
        ratings = round_ratings(round, selection=compared, at=selection.at)
        version = version_at(round, selection.at) if selection.at else round.codebook_version
        wanted = [v for v in ratings.book.variables if not selection.variables or v.key in selection.variables]
        for variable in wanted:
            for part in variable_ratings(ratings, variable):
                found = zip(ratings.of_scope(variable), consensus(part), strict=True)
                yield from _of_part(round, version, variable, part.key, found)


def _of_part(
    round: Round,
    version: CodebookVersion,
    variable: Variable,
    key: str,
    found: Iterator[tuple[RatedUnit, Consensus | None]],
) -> Iterator[ConsensusRow]:
    answered = ((unit, one) for unit, one in found if one is not None)
    while some := list(islice(answered, UNITS)):
        texts = _texts({unit.text_version for unit, _ in some})
        units = Unit.objects.defer("why").in_bulk([unit.id for unit, _ in some])
        for rated, one in some:
            text, unit = texts[rated.text_version], units[rated.id]
            yield _consensus_row(one, variable, key, text, place_of(round, version, text, extent(unit)))


def _consensus_row(one: Consensus, variable: Variable, key: str, text: TextVersion, place: Place) -> ConsensusRow:
    is_item, guess = text.article.item_text != "", one.estimate
    names = {value.key: value.label for value in variable.values} if is_item else {}
    return ConsensusRow(
        place=place,
        variable=variable.label if is_item else key,
        value=cell_of(variable, one.value) if is_item and one.value is not None else one.value,
        votes=one.votes,
        share=one.share,
        tie=[_named(names, value) for value in one.tie],
        median=[_named(names, value) for value in one.median],
        shares={names.get(value, value): share for value, share in one.shares.items()},
        ds_value=_named(names, guess.value) if guess else None,
        ds_probability=guess.probability if guess else None,
        ds_shares={names.get(value, value): share for value, share in guess.probabilities.items()} if guess else {},
        ds_converged=guess.converged if guess else None,
    )


def _named(names: Mapping[str, str], value: Json) -> Json:
    """Items of coded tables have the spelling that came in."""
    if isinstance(value, list):
        return [_named(names, item) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def _texts(text_ids: Iterable[int]) -> dict[int, TextVersion]:
    needed = ("text", "number", "article__external_id", "article__item_text")
    return TextVersion.objects.select_related("article").only(*needed).in_bulk(text_ids)
