"""Columns that several tables have. docs/datasets.md says more of each."""

from collections.abc import Sequence

from django.utils.translation import gettext_noop as _

from annotator.core.layers import Place
from annotator.core.tables import Cells, Column
from annotator.queries.datasets import Said

ITEM_ID = Column("item_id", "text", _("What is rated: article and sentence in one"))
TEXT = Column("text", "text", _("The words of the unit, exact to the character"))
ANNOTATOR = Column("annotator", "text", _("Pseudonym of the member"))
VARIABLE = Column("variable", "text", _("Key of the question"))
VALUE = Column(
    "value",
    "text",
    _("The answer: a key, number or text, or JSON for sets, spans and attributions; empty where there is none"),
)
STATE = Column(
    "state",
    "text",
    _("answered, none (answered: none applies), cannot_tell, unanswered, or not_asked (its condition does not hold)"),
)
OCCASION = Column("occasion", "integer", _("1, or 2 and more where the same annotator labels again"))
GROUP = Column("group", "text", _("Group of a table that came from elsewhere, else empty"))
ARTICLE = Column("article", "text", _("External id of the article"))
TEXT_VERSION = Column("text_version", "integer", _("Number of the article’s text version, in which offsets count"))
SENTENCE = Column("sentence", "integer", _("Number of the unit in the article, from 1; 0 is the whole article"))
START = Column("start", "integer", _("First character of the unit in the article’s text, in code points from 0"))
END = Column("end", "integer", _("End of the unit, exclusive"))
KIND = Column("kind", "text", _("Kind of the unit: sentence, headline, article and so on"))
ROUND = Column("round", "text", _("Name of the round"))
CODEBOOK = Column("codebook", "integer", _("Number of the codebook version of the round"))
VERSION = Column("version", "integer", _("How often the label was set or changed; 0 = never"))
UPDATED_AT = Column("updated_at", "time", _("Time of the last change, ISO 8601 in UTC; empty = never"))

PLACE: Sequence[Column] = (ITEM_ID, TEXT, ARTICLE, SENTENCE, START, END, KIND, ROUND, CODEBOOK)
"""Those of `Place`, in its order."""
WHERE: Sequence[Column] = (ITEM_ID, ANNOTATOR, OCCASION, GROUP, ARTICLE, TEXT_VERSION, SENTENCE, KIND, ROUND, CODEBOOK)


def where(said: Said) -> Cells:
    """The cells of WHERE."""
    place, share = said.place, said.share
    who = place.item_id, share.annotator, share.occasion, share.group
    return (*who, place.article, said.text.number, place.sentence, place.kind, place.round, place.codebook)


def around(place: Place, own: Cells) -> Cells:
    """A row that begins with what is rated and its text, and ends with where it stands."""
    return *place[:2], *own, *place[2:]
