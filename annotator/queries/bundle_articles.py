"""The tables of a dataset bundle that no other dataset has: its articles, and sentences that stand in several parts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from django.db.models import Count, Q
from django.db.models.functions import Length

from annotator.core.tables import Cells, Column
from annotator.queries.bundle_split import text_ids
from projects.models import Round, TextVersion

ARTICLES_AT_ONCE = 500
ARTICLES = (
    Column("article", "text", "External id of the article"),
    Column("title", "text", "Its title"),
    Column("outlet", "text", "Who published it"),
    Column("author", "text", "Who wrote it, as it was published"),
    Column("published_at", "text", "When it was published, as its source says"),
    Column("url", "text", "Where it was published"),
    Column("language", "text", "Its language, as a code"),
    Column("text_version", "integer", "Number of the text version that annotators were given"),
    Column("sha256", "text", "Of that text, in UTF-8"),
    Column("characters", "integer", "Its length in code points"),
    Column("units", "integer", "How many of its units were offered for labelling, the whole article left out"),
    Column("copy_of", "text", "External id of the article whose linked copy it is"),
)
WITH_TEXTS = (
    Column("metadata", "json", "Further columns that came with the article"),
    Column("text", "text", "The whole text, in which all offsets count"),
)
REPEATS = (
    Column("article", "text", "External id of the article"),
    Column("sentence", "integer", "Number of the unit whose wording stands in another part of the split too"),
)


def article_rows(rounds: Sequence[Round], *, texts: bool) -> Iterator[Cells]:
    """In order of external id and text version."""
    left = iter(text_ids(rounds))
    while some := list(islice(left, ARTICLES_AT_ONCE if not texts else ARTICLES_AT_ONCE // 10)):
        found = TextVersion.objects.select_related("article__linked_to").defer("changes", "proof", "options")
        offered = Count("units", filter=Q(units__codable=True, units__index__gt=0))
        found = found.annotate(characters=Length("text"), offered=offered)
        by_id = {version.pk: version for version in (found if texts else found.defer("text")).filter(pk__in=some)}
        for text_id in some:
            yield _row(by_id[text_id], texts=texts)


def _row(version: TextVersion, *, texts: bool) -> Cells:
    article = version.article
    own = (
        article.external_id,
        article.title,
        article.outlet,
        article.author,
        article.published_at,
        article.url,
        article.language,
        version.number,
        version.sha256,
        version.characters,  # type: ignore[attr-defined]
        version.offered,  # type: ignore[attr-defined]
        article.linked_to.external_id if article.linked_to else None,
    )
    return (*own, _json(article.metadata), version.text) if texts else own


def _json(metadata: Mapping[str, object]) -> str | None:
    """PostgreSQL keeps no order of names."""
    return json.dumps(metadata, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if metadata else None
