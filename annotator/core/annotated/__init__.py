"""Documents that were annotated in another tool: what a file of theirs says, and how it becomes answers here."""

from .attributing import PARTS
from .composing import Answer, Placed, Spot, placed
from .layers import Layer, layers_of
from .model import Annotated, AnnotatedDocument, Annotating, Link, Mark
from .offsets import Extent, MarkError, cleaned_extents, verified
from .plan import (
    FREE_KINDS,
    NEW,
    NEW_KINDS,
    NONE,
    NOT_TOLD,
    RELATION,
    LayerPlan,
    Plan,
    layer_fault,
    plan_from_json,
    plan_to_json,
)
from .proposing import choices_of, new_questions, offered_to, planned, proposed

__all__ = [
    "FREE_KINDS",
    "NEW",
    "NEW_KINDS",
    "NONE",
    "NOT_TOLD",
    "PARTS",
    "RELATION",
    "Annotated",
    "AnnotatedDocument",
    "Annotating",
    "Answer",
    "Extent",
    "Layer",
    "LayerPlan",
    "Link",
    "Mark",
    "MarkError",
    "Placed",
    "Plan",
    "Spot",
    "choices_of",
    "cleaned_extents",
    "layer_fault",
    "layers_of",
    "new_questions",
    "offered_to",
    "placed",
    "plan_from_json",
    "plan_to_json",
    "planned",
    "proposed",
    "verified",
]
