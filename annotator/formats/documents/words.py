"""What the formats that stand on words share: words that are cut where a mark begins or ends, and the marks on each."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from annotator.core.documents import AnnotatedArticle, Mark, Token, Unit, marks, tokens


def cuts_of(article: AnnotatedArticle) -> set[int]:
    """Where marks begin and end, those of all readings: their files have the same words then."""
    found = [mark for reading in article.readings for mark in marks(reading.answers)]
    return {place for mark in found for place in (mark.start, mark.end)}


def words_of(article: AnnotatedArticle, unit: Unit, cuts: Iterable[int]) -> list[Token]:
    return list(tokens(article.text, unit.start, unit.end, cuts))


def words_in(words: Sequence[Token], found: Iterable[Mark]) -> list[range]:
    """The places of the words that each mark holds; no word lies half in a mark."""
    starts = [word.start for word in words]
    return [range(bisect_left(starts, mark.start), bisect_left(starts, mark.end)) for mark in found]
