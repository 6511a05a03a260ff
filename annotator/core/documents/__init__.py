"""Annotated articles as documents, for the formats that other tools read: text, units, and who said what where."""

from annotator.core.documents.marks import (
    NONE,
    NOT_TOLD,
    Mark,
    attribute_name,
    closed_features,
    feature_names,
    marks,
    values_of,
    words_of,
)
from annotator.core.documents.model import AnnotatedArticle, Answer, Reading, RoundOfDocuments, Unit
from annotator.core.documents.names import file_stem, identifier
from annotator.core.documents.tokens import Token, tokens

__all__ = [
    "NONE",
    "NOT_TOLD",
    "AnnotatedArticle",
    "Answer",
    "Mark",
    "Reading",
    "RoundOfDocuments",
    "Token",
    "Unit",
    "attribute_name",
    "closed_features",
    "feature_names",
    "file_stem",
    "identifier",
    "marks",
    "tokens",
    "values_of",
    "words_of",
]
