"""Copies of articles: looked for by wording, and kept apart where a lead says that they are articles of their own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone

from annotator.core.duplicates import Copy, Shingler, Sketch, find_copies
from annotator.core.errors import ConflictError, InvalidError
from projects.models import CopyPair, Membership, TextVersion
from projects.permissions import require
from projects.queries.duplicates import LOOK, comparable, copy_groups, newest_of

from . import audit
from .transaction import write

AT_ONCE = 200
MOST_NOTED = 500
"""Texts whose wording one page view notes: about 0.2 s."""
MOST_ARTICLES = 20_000
"""So many are looked through within a request: some 15 s. More are for a job."""


@dataclass(frozen=True)
class Found:
    articles: int
    pairs: int


@dataclass(frozen=True, slots=True)
class _Text:
    article: int
    version: int
    file: str
    sketch: Sketch


def look_for_copies(*, member: Membership, most: int | None = MOST_ARTICLES) -> Found:
    """Compare the articles of the project and keep the pairs that look like copies, in place of those of the last look.

    Pairs that a lead kept apart stay so. Takes some 0.6 ms an article; `most` None sets no limit.
    """
    require(member, "manage articles")
    number = comparable(member.project_id).count()
    if most is not None and number > most:
        raise InvalidError(f"There are {number:,} articles; {most:,} are the most that can be compared at once.")
    texts = _sketched(newest_of(TextVersion.objects.filter(article__in=comparable(member.project_id))))
    found = [_pair(member, texts, copy) for copy in find_copies([text.sketch for text in texts], _reader(texts))]
    kept = set(_pairs(member, kept=True).values_list("article_id", "other_id"))
    fresh = [pair for pair in found if (pair.article_id, pair.other_id) not in kept]
    newest = max((text.article for text in texts), default=0)
    with write():
        _pairs(member, kept=False).delete()
        CopyPair.objects.bulk_create(fresh, batch_size=AT_ONCE, ignore_conflicts=True)
        audit.record(member, LOOK, {"articles": len(texts), "pairs": len(fresh), "newest": newest})
    return Found(len(texts), len(fresh))


def keep_apart(*, member: Membership, articles: Sequence[int]) -> int:
    """Say that each of these is an article of its own; what else stands in their groups stays to be decided.

    Returns the number of the audit entry, by which it can be undone.
    """
    require(member, "manage articles")
    chosen, pairs, rests = set(articles), set[tuple[int, int]](), list[list[int]]()
    for group in copy_groups(member.project_id):
        own = chosen & set(group.members)
        pairs |= {(min(i, j), max(i, j)) for i in own for j in group.members if i != j}
        if own:
            rests.append([i for i in group.members if i not in own])
    if not pairs:
        raise ConflictError("None of these articles waits for a decision. Somebody may have made it meanwhile.")
    # What was left may have hung together by those that are kept alone.
    joined = [pair for rest in rests if len(rest) > 1 for pair in _compared(member, rest)]
    with write():
        before = _standing(member, pairs)
        _keep(member, pairs)
        CopyPair.objects.bulk_create(joined, batch_size=AT_ONCE, ignore_conflicts=True)
        entry = audit.record(member, "keep copies apart", {"articles": sorted(chosen), "apart": before})
    return entry.pk


def reopen_pairs(member: Membership, pairs: Sequence[tuple[int, int]]) -> None:
    """Take back that pairs are kept apart, inside the caller's transaction."""
    wanted = {(one, other) for one, other in pairs}
    rows = _pairs(member, kept=True).filter(article__in={one for one, _ in wanted})
    ids = [pk for pk, one, other in rows.values_list("pk", "article_id", "other_id") if (one, other) in wanted]
    CopyPair.objects.filter(pk__in=ids).update(kept_at=None)


def note_wording(*, member: Membership, most: int = MOST_NOTED) -> int:
    """Work out the wording keys that new texts lack, by which a list tells equal articles at once; how many it did."""
    require(member, "manage articles")
    of_project = TextVersion.objects.filter(article__project_id=member.project_id, wording_key=None, pending=None)
    lacking = list(of_project.order_by("pk").values_list("pk", flat=True)[:most])
    shingler = Shingler()
    for texts in _in_batches(TextVersion.objects.all(), lacking):
        _store_keys({text.pk: shingler.key(text.text) for text in texts})
    return len(lacking)


def _sketched(versions: QuerySet[TextVersion]) -> list[_Text]:
    """A sketch of each text, some hundred texts in memory at a time; keys that were lacking are stored on the way."""
    shingler, result = Shingler(), list[_Text]()
    ids = list(versions.order_by("article_id").values_list("pk", flat=True))
    for texts in _in_batches(TextVersion.objects.select_related("article"), ids):
        made = [_Text(t.article_id, t.pk, t.article.file_sha256, shingler.sketch(t.text)) for t in texts]
        lacking = {text.pk for text in texts if text.wording_key is None}
        _store_keys({text.version: text.sketch.key for text in made if text.version in lacking})
        result += made
    return result


def _reader(texts: Sequence[_Text]) -> Callable[[Sequence[int]], list[str]]:
    def texts_of(places: Sequence[int]) -> list[str]:
        ids = [texts[place].version for place in places]
        found = TextVersion.objects.in_bulk(ids)
        return [found[i].text for i in ids]

    return texts_of


def _in_batches(versions: QuerySet[TextVersion], ids: Sequence[int]) -> Iterator[list[TextVersion]]:
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        found = versions.in_bulk(some)
        yield [found[i] for i in some if i in found]


def _store_keys(keys: Mapping[int, str]) -> None:
    if keys:
        by_id = Case(*(When(pk=pk, then=Value(key)) for pk, key in keys.items()))
        with write():
            TextVersion.objects.filter(pk__in=keys).update(wording_key=by_id)


def _compared(member: Membership, articles: Sequence[int]) -> list[CopyPair]:
    texts = _sketched(newest_of(TextVersion.objects.filter(article__in=articles)))
    return [_pair(member, texts, copy) for copy in find_copies([text.sketch for text in texts], _reader(texts))]


def _pair(member: Membership, texts: Sequence[_Text], copy: Copy) -> CopyPair:
    one, other = texts[copy.first], texts[copy.second]
    kind = CopyPair.Kind.NEAR
    if copy.same_wording:
        # A file of many articles has one sum, so the sum alone proves nothing.
        kind = CopyPair.Kind.FILE if one.file and one.file == other.file else CopyPair.Kind.WORDING
    return CopyPair(
        project_id=member.project_id,
        article_id=one.article,
        other_id=other.article,
        kind=kind,
        jaccard=copy.jaccard,
        containment=copy.containment,
    )


def _pairs(member: Membership, *, kept: bool) -> QuerySet[CopyPair]:
    return CopyPair.objects.filter(project_id=member.project_id, kept_at__isnull=not kept)


def _standing(member: Membership, pairs: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those of the pairs that were found to be alike: what an undo brings back to the screen."""
    ids = {i for pair in pairs for i in pair}
    rows = _pairs(member, kept=False).filter(article__in=ids, other__in=ids).values_list("article_id", "other_id")
    return sorted(set(rows) & pairs)


def _keep(member: Membership, pairs: set[tuple[int, int]]) -> None:
    now, ids = timezone.now(), {i for pair in pairs for i in pair}
    known = CopyPair.objects.filter(project_id=member.project_id, article__in=ids, other__in=ids)
    rows = {(one, other): pk for pk, one, other in known.values_list("pk", "article_id", "other_id")}
    CopyPair.objects.filter(pk__in=[rows[pair] for pair in pairs if pair in rows]).update(kept_at=now)
    new = [
        CopyPair(
            project_id=member.project_id,
            article_id=one,
            other_id=other,
            kind=CopyPair.Kind.NEAR,
            jaccard=0,
            containment=0,
            kept_at=now,
        )
        for one, other in sorted(pairs - rows.keys())
    ]
    CopyPair.objects.bulk_create(new, batch_size=AT_ONCE)
