"""What the names in a file most likely mean here; a person looks at it before anything is stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from annotator.core.codebook import Codebook, Json, Value, Variable
from annotator.core.codebook.editing import new_key
from annotator.core.coded_tables import by_number_then_alphabet, keys_for

from .attributing import PARTS
from .layers import Layer
from .plan import FREE_KINDS, NEW, NONE, NOT_TOLD, RELATION, LayerPlan, layer_fault

MOST_VALUES = 60
"""Of a closed question that is proposed; a layer with more is free text or a name."""
MOST_STEPS = 11
_LONG = 80


def proposed(layer: Layer, book: Codebook | None) -> LayerPlan:
    """The question of the same name where it can take the layer, else a new one."""
    for to, names in _named_targets(layer, book):
        if names & _names(layer.name):
            plan = planned(layer, to, book)
            free = ":" in to or (book is not None and book.variable(to).kind in FREE_KINDS)
            if free or {*plan.values.values()} - {"", NONE, NOT_TOLD}:
                return plan
    return planned(layer, f"{NEW}{_kind(layer)}", book)


def _named_targets(layer: Layer, book: Codebook | None) -> Iterator[tuple[str, set[str]]]:
    """What can take the layer, with the names by which a layer means it."""
    for to, label in offered_to(layer, book):
        key, _, attribute = to.partition(":")
        if to.endswith(":role") and layer.name.casefold() == key.casefold():
            yield to, {key.casefold()}
        elif attribute:
            yield to, {f"{key}{sign}{begin}{attribute}".casefold() for sign in ".-" for begin in ("", "attribute_")}
        else:
            yield to, {key.casefold(), label.casefold()}


def planned(layer: Layer, to: str, book: Codebook | None) -> LayerPlan:
    """The plan of a layer that becomes `to` (see `LayerPlan`), with the values that are spelled alike."""
    if to.startswith(NEW):
        free = to.removeprefix(NEW) in FREE_KINDS
        return LayerPlan(to, layer.name, {} if free else {value: value for value in layer.values})
    choices = choices_of(to, book)
    if ":" in to and not choices:
        # A yes-or-no attribute has no values of its own.
        return LayerPlan(to, "", {value: value for value in layer.values})
    return LayerPlan(to, "", _values_for(layer, choices))


def choices_of(to: str, book: Codebook | None) -> Sequence[Value]:
    """The values of the question, or of what is asked of its spans, that `to` names."""
    key, _, attribute = to.partition(":")
    variable = book.find(key) if book else None
    if variable is None:
        return ()
    if not attribute:
        return [value for value in variable.values if not value.retired]
    parts = {"source": variable.sources, "manner": variable.manners, "stance": variable.stances}
    asked = {found.key: found.values for found in variable.span_attributes}
    return (parts if variable.kind == "attribution" else asked).get(attribute, ())


def _values_for(layer: Layer, values: Iterable[Value]) -> dict[str, str]:
    """Each value of the layer with the key of the value that is spelled alike; empty where there is none."""
    known = {name.casefold(): value.key for value in values for name in (value.label, value.key)}
    known |= {NONE: NONE, NOT_TOLD: NOT_TOLD}
    return {value: known.get(value.strip().casefold(), "") for value in layer.values}


def offered_to(layer: Layer, book: Codebook | None) -> list[tuple[str, str]]:
    """The questions that can take the layer, each with its label; what is asked of spans too."""
    offered = []
    for variable in book.variables if book else ():
        if layer.is_span and variable.kind == "attribution" and not variable.retired:
            offered += [(f"{variable.key}:{part}", f"{variable.label}: {part}") for part in PARTS]
        if variable.retired or layer_fault(layer, variable.kind):
            continue
        offered.append((variable.key, variable.label))
        if layer.is_span and variable.kind == "span":
            asked = (attribute for attribute in variable.span_attributes if not attribute.retired)
            offered += [(f"{variable.key}:{a.key}", f"{variable.label}: {a.label}") for a in asked]
            offered.append((f"{variable.key}:{RELATION}", f"{variable.label}: {RELATION}"))
    return offered


def new_questions(
    plans: Mapping[str, LayerPlan], layers: Sequence[Layer], taken: Iterable[str], *, scope: str
) -> dict[str, dict[str, Json]]:
    """The questions to be made, by layer; `scope` is that of answers to a whole document."""
    made: dict[str, dict[str, Json]] = {}
    used = list(taken)
    for layer in layers:
        plan = plans.get(layer.name, LayerPlan())
        if not plan.new_kind:
            continue
        key = new_key(plan.name or layer.name, used)
        used.append(key)
        made[layer.name] = _question(key, plan, "sentence" if layer.is_span else scope)
    return made


def _question(key: str, plan: LayerPlan, scope: str) -> dict[str, Json]:
    question: dict[str, Json] = {"key": key, "label": plan.name or key, "type": plan.new_kind, "scope": scope}
    if plan.new_kind in FREE_KINDS:
        return question
    labels = sorted({*plan.values.values()} - {"", NONE, NOT_TOLD}, key=by_number_then_alphabet)
    keys = keys_for(labels, "value")
    return question | {"values": [{"key": keys[label], "label": label} for label in labels]}


def key_of(variable: Variable, plan: LayerPlan, value: str) -> str:
    """The key that a value of the file becomes; empty where it is left out."""
    said = plan.values.get(value, "")
    if not plan.new_kind or said in (NONE, NOT_TOLD):
        return said
    return next((item.key for item in variable.values if item.label == said), "")


def _names(layer: str) -> set[str]:
    folded = layer.casefold()
    return {folded, folded.rpartition(".")[2], folded.partition(".")[0]}


def _kind(layer: Layer) -> str:
    if layer.is_free:
        return "text"
    if layer.is_span:
        return "span" if len(layer.values) <= MOST_VALUES else "text"
    if layer.several:
        return "multi"
    numbers = [_number(value) for value in layer.values]
    if len(numbers) > 1 and None not in numbers:
        return "ordinal" if len(numbers) <= MOST_STEPS else "number"
    long = any(len(value) > _LONG for value in layer.values)
    return "text" if long or len(layer.values) > MOST_VALUES else "single"


def _number(value: str) -> float | None:
    order = by_number_then_alphabet(value)
    return order[1] if order[0] == 0 else None
