"""Which part of a split each article of some rounds goes to, and which sentences stand in several parts."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from django.db.models import Q, QuerySet

from annotator.core.dataset_bundle import SplitFacts
from annotator.core.duplicates import groups
from annotator.core.splits import Shares, Wordings, dealt, grouped
from annotator.models import Decision
from annotator.queries.adjudication import standing_decisions
from projects.models import Article, CopyPair, Round, TextVersion, Unit
from projects.queries.duplicates import counted_shares, looked

TEXTS = 50
"""So many are read at once."""


@dataclass(frozen=True)
class Split:
    """`parts` is by external id; `repeats` are external id and unit number of sentences that stand in other parts."""

    parts: dict[str, str]
    repeats: Sequence[tuple[str, int]]
    facts: SplitFacts


@dataclass(frozen=True)
class _Text:
    id: int
    article: int
    """The place of its article."""
    text: str


def text_ids(rounds: Sequence[Round]) -> list[int]:
    """The text versions that annotators were given or adjudicators decided on, by external id and number."""
    found = _texts(rounds).values_list("article__external_id", "number", "pk")
    return [text for *_, text in sorted(found)]


def _texts(rounds: Sequence[Round]) -> QuerySet[TextVersion]:
    """A decision may stand on a copy whose shares do not count beside those of its original."""
    given = counted_shares().filter(round__in=rounds)
    decided = standing_decisions(Decision.objects.filter(round__in=rounds, value__isnull=False))
    is_given, is_decided = Q(pk__in=given.values("text_version")), Q(pk__in=decided.values("unit__text_version"))
    return TextVersion.objects.filter(is_given | is_decided)


def split_of(project_id: int, rounds: Sequence[Round], shares: Shares) -> Split:
    needed = Article.objects.filter(pk__in=_texts(rounds).values("article"))
    articles = list(needed.only("external_id", "outlet", "linked_to"))
    articles.sort(key=lambda article: article.external_id)
    names = [article.external_id for article in articles]
    wordings = Wordings()
    places = {article.pk: place for place, article in enumerate(articles)}
    for place, number, sentence in _sentences(text_ids(rounds), places):
        wordings.add(place, number, sentence)
    together = [*_copies(project_id, articles), *wordings.joining()]
    found = grouped(names, together, [article.outlet for article in articles])
    parts = dealt(found, shares)
    repeats = [(names[place], number) for place, number in wordings.repeated([parts[name] for name in names])]
    facts = SplitFacts(
        shares=shares,
        articles=dict(Counter(parts.values())),
        groups=len(found),
        largest=max((len(group.articles) for group in found), default=0),
        repeated=len(repeats),
        copies_looked=looked(project_id) is not None,
    )
    return Split(parts, sorted(set(repeats)), facts)


def _sentences(ids: Sequence[int], places: dict[int, int]) -> Iterator[tuple[int, int, str]]:
    """Place of the article, number and words of each unit that is offered, the whole article left out."""
    left = iter(ids)
    while some := list(islice(left, TEXTS)):
        texts = {
            pk: _Text(pk, places[article], text)
            for pk, article, text in TextVersion.objects.filter(pk__in=some).values_list("pk", "article_id", "text")
        }
        units = Unit.objects.filter(text_version__in=some, codable=True, index__gt=0).order_by("text_version", "index")
        for text_id, number, start, end in units.values_list("text_version_id", "index", "start", "end").iterator():
            yield texts[text_id].article, number, texts[text_id].text[start:end]


def _copies(project_id: int, articles: Sequence[Article]) -> Iterator[tuple[int, int]]:
    """Places of articles that are linked, look like copies, kept apart or not, or have the same wording.

    They may be joined by one that is in none of the rounds.
    """
    place = {article.pk: number for number, article in enumerate(articles)}
    pairs = list(CopyPair.objects.filter(project_id=project_id).values_list("article_id", "other_id"))
    pairs += [(article.linked_to_id, article.pk) for article in articles if article.linked_to_id]
    same: dict[str, list[int]] = defaultdict(list)
    keyed = TextVersion.objects.filter(article__project=project_id, wording_key__isnull=False)
    for key, article in keyed.values_list("wording_key", "article_id").iterator():
        if article in place:
            same[key or ""].append(article)
    pairs += [pair for alike in same.values() for pair in pairwise(alike) if pair[0] != pair[1]]
    for group in groups(pairs):
        yield from pairwise([place[article] for article in group if article in place])
