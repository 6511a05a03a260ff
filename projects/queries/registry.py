"""What the articles of a project say of its registry of sources: which occur where, and who is missing in it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from annotator.core.lexicons import Term
from annotator.core.terms import Terms
from annotator.core.unknown_sources import Candidate, candidates
from projects.models import TextVersion, Unit
from projects.queries import lexicons
from projects.queries.unassigned import in_pages, newest_texts_of

AT_ONCE = 100
MOST_TEXTS = 300
"""So many articles are looked through within a page, about a second."""

MOST_NAMES = 25


class Place(NamedTuple):
    """A sentence: its article, and its number there."""

    article: int
    title: str
    language: str
    number: int


@dataclass
class Occurrences:
    """In how many articles an alias of a source (variable, key) stands, of how many looked through; and new names."""

    texts: int = 0
    more_texts: bool = False
    has_cues: bool = False
    articles: Counter[tuple[str, str]] = field(default_factory=Counter)
    unknown: Sequence[Candidate[Place]] = ()


def occurrences(project_id: int, version_id: int) -> Occurrences:
    """Look through the first articles of the project; new names are found beside the cues of its lexicon."""
    aliases, cues = lexicons.aliases(version_id), _cues(project_id)
    found = Occurrences(has_cues=cues is not None)
    sentences: list[tuple[Place, str]] = []
    for texts in _pages(project_id, found):
        for text in texts:
            found.articles.update({hit.what for hit in aliases.find(text.text)})
        if cues is not None:
            sentences += _sentences(texts)
    if cues is not None:
        found.unknown = candidates(sentences, cues, aliases, MOST_NAMES)
    return found


def _pages(project_id: int, found: Occurrences) -> Iterator[list[TextVersion]]:
    for texts in in_pages(newest_texts_of(project_id), AT_ONCE):
        if found.texts >= MOST_TEXTS:
            found.more_texts = True
            return
        found.texts += len(texts)
        yield texts


def _cues(project_id: int) -> Terms[Term] | None:
    return next((lexicons.terms(row.pk) for row, read in lexicons.in_use(project_id) if read.kind == "cue"), None)


def _sentences(texts: Sequence[TextVersion]) -> Iterator[tuple[Place, str]]:
    units = defaultdict(list)
    asked = Unit.objects.filter(text_version__in=texts, index__gt=0, codable=True).order_by("index")
    for text_id, *place in asked.values_list("text_version_id", "index", "start", "end"):
        units[text_id].append(place)
    for text in texts:
        for index, start, end in units[text.pk]:
            article = text.article
            yield Place(article.pk, article.title, article.language, index), text.text[start:end]
