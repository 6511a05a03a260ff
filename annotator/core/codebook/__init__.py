"""Codebooks: a document becomes variables; answers are checked against them; conditions decide what is asked."""

from annotator.core.codebook.answers import check_answer
from annotator.core.codebook.asking import Answers, State, asked, is_asked, is_done, is_whole, state, state_of
from annotator.core.codebook.changes import Change, changes
from annotator.core.codebook.checking import parse
from annotator.core.codebook.conditions import condition_as_json
from annotator.core.codebook.document import document_hash, load
from annotator.core.codebook.drafting import problems, readable, unstorable
from annotator.core.codebook.model import (
    CANNOT_TELL,
    AnswerError,
    Codebook,
    CodebookError,
    Group,
    Json,
    Problem,
    SpanAttribute,
    Value,
    Variable,
)
from annotator.core.codebook.moves import (
    Moved,
    Used,
    all_ends,
    ends,
    items_of,
    lists_of,
    moved,
    retired_in,
    revived,
    unknown,
    used_in,
)
from annotator.core.codebook.scales import codes
from annotator.core.codebook.shortcuts import assign_keys, effective_keys

__all__ = [
    "CANNOT_TELL",
    "AnswerError",
    "Answers",
    "Change",
    "Codebook",
    "CodebookError",
    "Group",
    "Json",
    "Moved",
    "Problem",
    "SpanAttribute",
    "State",
    "Used",
    "Value",
    "Variable",
    "all_ends",
    "asked",
    "assign_keys",
    "changes",
    "check_answer",
    "codes",
    "condition_as_json",
    "document_hash",
    "effective_keys",
    "ends",
    "is_asked",
    "is_done",
    "is_whole",
    "items_of",
    "lists_of",
    "load",
    "moved",
    "parse",
    "problems",
    "readable",
    "retired_in",
    "revived",
    "state",
    "state_of",
    "unknown",
    "unstorable",
    "used_in",
]
