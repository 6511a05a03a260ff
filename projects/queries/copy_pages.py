"""Groups of copies as a page shows them: each copy beside its original, with what differs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from annotator.core.differences import MOST_SENTENCES, Row, side_by_side
from annotator.core.duplicates import Likeness, Shingler, likeness
from projects.models import Article, CopyPair, TextVersion, Unit
from projects.queries.duplicates import CopyGroup, newest_of

MOST_BESIDE = 4
"""Copies of one group that are shown with their differences."""


@dataclass(frozen=True)
class Beside:
    """A copy beside the original of its group. `rows` is empty where the wording is the same."""

    article: Article
    kind: str
    likeness: Likeness
    rows: Sequence[Row]
    cut: bool
    """Only the beginning of the two was compared."""

    @property
    def contained(self) -> int:
        """Per cent, rounded down: nothing but all is 100."""
        return int(self.likeness.containment * 100)

    @property
    def resemblance(self) -> int:
        return int(self.likeness.jaccard * 100)

    @property
    def same_wording(self) -> bool:
        return self.kind != CopyPair.Kind.NEAR


@dataclass(frozen=True)
class ShownGroup:
    group: CopyGroup
    original: Article
    beside: Sequence[Beside]
    more: int
    """Copies that are not shown: what is done to all of the group is done to them too."""


@dataclass(frozen=True)
class _Text:
    text: str
    sentences: Sequence[str]


def shown_groups(groups: Sequence[CopyGroup]) -> list[ShownGroup]:
    """As many queries for many groups as for one; the texts of all that is shown are in memory."""
    ids = {i for group in groups for i in (group.original, *group.others[:MOST_BESIDE])}
    articles, texts, shingler = Article.objects.in_bulk(ids), _texts(ids), Shingler()
    return [
        ShownGroup(
            group,
            articles[group.original],
            [_beside(articles[i], texts, group.original, shingler) for i in group.others[:MOST_BESIDE]],
            max(0, len(group.others) - MOST_BESIDE),
        )
        for group in groups
    ]


def _beside(article: Article, texts: Mapping[int, _Text], original: int, shingler: Shingler) -> Beside:
    first, second = texts[original], texts[article.pk]
    alike = likeness(shingler.shingles(first.text), shingler.shingles(second.text))
    if shingler.key(first.text) == shingler.key(second.text):
        return Beside(article, CopyPair.Kind.WORDING, Likeness(1.0, 1.0, alike.shared), (), cut=False)
    cut = max(len(first.sentences), len(second.sentences)) > MOST_SENTENCES
    return Beside(article, CopyPair.Kind.NEAR, alike, side_by_side(first.sentences, second.sentences), cut)


def _texts(articles: Collection[int]) -> dict[int, _Text]:
    versions = {text.pk: text for text in newest_of(TextVersion.objects.filter(article__in=articles))}
    sentences: dict[int, list[str]] = {pk: [] for pk in versions}
    units = Unit.objects.filter(text_version__in=versions, index__gt=0).order_by("text_version", "index")
    for pk, start, end in units.values_list("text_version_id", "start", "end"):
        sentences[pk].append(versions[pk].text[start:end])
    return {v.article_id: _Text(v.text, sentences[pk]) for pk, v in versions.items()}
