"""Where hardly anything varies a high percentage goes with a low alpha: what to say about it."""

from collections.abc import Hashable, Sequence

from .arrays import FloatArray
from .coefficient import TENTATIVE
from .measures import UNBOUNDED, Compared, ValueFigure

DOMINANT = 0.95


def prevalence_warnings(data: Compared, values: Sequence[ValueFigure]) -> list[str]:
    """One sentence if nearly all compared answers are the same, else one on the values that hardly vary, if any.

    With 99.8 % agreement alpha may be 0: chance explains all agreement, and the few other answers all differ
    (Feinstein & Cicchetti 1990, Journal of Clinical Epidemiology 43). The figure is right, but it tells of those few
    answers only. A value is named where its alpha is below .667 and it stands in nearly no or nearly all answers.
    """
    if data.scale in UNBOUNDED:
        return []
    answers = data.coded
    counts = answers.patterns.at_least(2).totals(len(answers.labels))
    total = int(counts.sum())
    top = int(counts.max(initial=0))
    if not total:
        return []
    if top >= DOMINANT * total:
        said = "all" if top == total else f"{top} of {total}"
        name = _shown(answers.labels[int(counts.argmax())])
        return [f"Hardly any variation: {said} answers are {name}, so alpha says little about these annotators."]
    one_sided = [
        f"{_shown(figure.key)} ({given} of {total} answers)"
        for figure in values
        if figure.alpha.value is not None and figure.alpha.value < TENTATIVE
        for given in [_given(answers.labels, counts, figure.key)]
        if max(given, total - given) >= DOMINANT * total
    ]
    if not one_sided:
        return []
    return [f"Hardly any variation in {', '.join(one_sided)}: alpha of a value rests on few answers there."]


def _given(labels: Sequence[Hashable], counts: FloatArray, key: Hashable) -> int:
    has = [key in label if isinstance(label, frozenset) else label == key for label in labels]
    return int(counts[has].sum())


def _shown(label: Hashable) -> str:
    name = ", ".join(sorted(map(str, label))) or "none" if isinstance(label, frozenset) else str(label)
    return f"“{name}”"
