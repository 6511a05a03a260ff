"""The units that a rule for kinds would change, before it is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from annotator.core.sentences import KindRule, pattern_key
from projects.models import Article, TextVersion, Unit
from projects.queries.unassigned import in_pages, newest_texts_of, splittable

AT_ONCE = 100
MOST_TEXTS = 1000
"""So many articles are looked through within a page: about a second, where all of them fit."""
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Match:
    article: Article
    index: int
    kind: str
    text: str


@dataclass
class Matches:
    """What fits: how many units in how many articles, the first of them, and how many are left alone."""

    first: list[Match] = field(default_factory=list)
    units: int = 0
    articles: int = 0
    left_alone: int = 0
    """Units of articles that somebody was assigned, or whose boundaries were mended by hand."""
    more_articles: bool = False


def matches(project_id: int, rule: KindRule) -> Matches:
    """Look for units that fit and have another kind."""
    found, free = Matches(), splittable(project_id)
    for number, texts in enumerate(in_pages(newest_texts_of(project_id), AT_ONCE)):
        if number * AT_ONCE >= MOST_TEXTS:
            found.more_articles = True
            break
        fitting = [text for text in texts if pattern_key(rule.words) in pattern_key(text.text)]
        changeable = set(free.filter(pk__in=[text.pk for text in fitting]).values_list("pk", flat=True))
        for text, units in _fitting_units(fitting, rule):
            _count(found, units, changeable=text.pk in changeable)
    return found


def _fitting_units(texts: Sequence[TextVersion], rule: KindRule) -> Iterator[tuple[TextVersion, list[Match]]]:
    units = Unit.objects.filter(text_version__in=texts, index__gt=0).exclude(kind=rule.kind)
    rows = units.order_by("text_version", "index").values_list("text_version_id", "index", "kind", "start", "end")
    by_id = {text.pk: text for text in texts}
    for pk, group in groupby(rows, key=itemgetter(0)):
        whole, article = by_id[pk].text, by_id[pk].article
        found = (Match(article, index, kind, whole[start:end]) for _, index, kind, start, end in group)
        if fitting := [match for match in found if rule.fits(match.text)]:
            yield by_id[pk], fitting


def _count(found: Matches, fitting: Sequence[Match], *, changeable: bool) -> None:
    if not changeable:
        found.left_alone += len(fitting)
        return
    found.articles += 1
    found.units += len(fitting)
    found.first += fitting[: SHOWN - len(found.first)]
