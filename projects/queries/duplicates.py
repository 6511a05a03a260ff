"""What looks like copies, what is linked, and what of both is counted."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from annotator.core.duplicates import groups
from projects.models import Article, Assignment, AuditEntry, CopyPair, TextVersion

LOOK, UNDO = "look for copies", "undo a change of articles"
UNDOABLE = frozenset(
    {"link copies", "unlink copies", "drop articles", "restore articles", "keep copies apart", "set a column"}
)


@dataclass(frozen=True)
class CopyGroup:
    """Articles that look like copies of one another, none of them linked, dropped or kept apart yet.

    `original` is the longest of them, unless a lead chooses another; `others` are in the order in which they came in.
    """

    original: int
    others: Sequence[int]
    kinds: Mapping[int, str]
    """Of each article the closest that it is to another of the group."""

    @property
    def members(self) -> list[int]:
        return [self.original, *self.others]


@dataclass(frozen=True)
class Looked:
    """When a lead last looked for copies, through how many articles, and whether more came in since."""

    at: datetime
    articles: int
    more_since: bool


def comparable(project_id: int) -> QuerySet[Article]:
    """Articles that may be copies: none in the trash, none linked already, no item of a table coded elsewhere."""
    return Article.objects.filter(project_id=project_id, deleted_at=None, linked_to=None, item_text="")


def newest_of(texts: QuerySet[TextVersion]) -> QuerySet[TextVersion]:
    """Of each article the newest text version alone."""
    later = TextVersion.objects.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
    return texts.filter(~Exists(later))


def copy_groups(project_id: int, original: int | None = None) -> list[CopyGroup]:
    """The groups that wait for a decision, largest first; in its group `original` comes first where it is given.

    Pairs join through articles that are linked or dropped by now, so that what is left of a group stays together.
    """
    open_pairs = CopyPair.objects.filter(project_id=project_id, kept_at=None)
    pairs = list(open_pairs.values_list("article_id", "other_id", "kind"))
    if not pairs:
        return []
    paired = Q(pk__in=open_pairs.values("article")) | Q(pk__in=open_pairs.values("other"))
    length = _lengths(comparable(project_id).filter(paired))
    joined = groups((one, other) for one, other, _ in pairs)
    waiting = [members for group in joined if len(members := [i for i in group if i in length]) > 1]
    kinds = _closest(pairs)
    found = [_group(members, length, kinds, original) for members in waiting]
    return sorted(found, key=lambda group: (-len(group.others), min(group.members)))


def _lengths(articles: QuerySet[Article]) -> dict[int, int]:
    """Characters of the newest text of each article, as its proof counted them."""
    rows = newest_of(TextVersion.objects.filter(article__in=articles)).values_list("article_id", "proof")
    return {article: int(proof.get("covered", 0)) for article, proof in rows}


def _closest(pairs: Sequence[tuple[int, int, str]]) -> dict[int, str]:
    found: dict[int, str] = {}
    order = list(CopyPair.Kind.values)
    for one, other, kind in pairs:
        for article in (one, other):
            found[article] = min(found.get(article, kind), kind, key=order.index)
    return found


def _group(
    members: Sequence[int], length: Mapping[int, int], kinds: Mapping[int, str], original: int | None
) -> CopyGroup:
    first = original if original is not None and original in members else max(members, key=lambda i: (length[i], -i))
    return CopyGroup(first, [i for i in members if i != first], {i: kinds[i] for i in members})


def looked(project_id: int) -> Looked | None:
    entry = AuditEntry.objects.filter(project_id=project_id, act=LOOK).order_by("-id").first()
    if entry is None:
        return None
    more = comparable(project_id).filter(pk__gt=entry.detail["newest"]).exists()
    return Looked(entry.at, entry.detail["articles"], more)


def exact_copies(project_id: int, articles: Collection[int]) -> dict[int, int]:
    """Of some articles those whose wording others of the project have too, each with the number of these others.

    Three queries by index, however many there are. Linked copies are neither told nor counted: that is settled.
    """
    own = newest_of(TextVersion.objects.filter(article__in=articles, wording_key__isnull=False))
    keys = set(own.values_list("wording_key", flat=True))
    same = newest_of(TextVersion.objects.filter(wording_key__in=keys, article__project=project_id))
    key_of = dict(same.values_list("article_id", "wording_key"))
    if len(key_of) == len(keys):
        return {}
    open_ones = set(comparable(project_id).filter(pk__in=key_of).values_list("pk", flat=True))
    counted = Counter(key_of[i] for i in open_ones)
    return {i: counted[key_of[i]] - 1 for i in open_ones.intersection(articles) if counted[key_of[i]] > 1}


def counted_shares() -> QuerySet[Assignment]:
    """The shares that count in progress, agreement and datasets: given to somebody, nothing of it in the trash.

    A linked copy doesn't count where its original, or an earlier copy, is in the same round. Whichever of them somebody
    labelled counts, lest a link hide labels that stand nowhere else.
    """
    living = {"round__deleted_at": None, "text_version__article__deleted_at": None}
    shares = Assignment.objects.filter(kind=Assignment.Kind.LABELS, **living)
    return counted_once(shares.exclude(state=Assignment.State.RELEASED))


def uncounted_shares(project_id: int) -> QuerySet[Assignment]:
    """The shares that somebody was given and that don't count, found from their articles: trashed ones and copies."""
    odd = Article.with_pending.filter(Q(deleted_at__isnull=False) | Q(linked_to__isnull=False), project_id=project_id)
    shares = Assignment.objects.filter(kind=Assignment.Kind.LABELS, text_version__article__in=odd)
    trashed = Q(text_version__article__deleted_at__isnull=False)
    return shares.exclude(state=Assignment.State.RELEASED).filter(trashed | _is_doubled())


def counted_once(shares: QuerySet[Assignment], *, apart: Collection[int] = ()) -> QuerySet[Assignment]:
    """Without linked copies beside their originals; the articles `apart` are taken for no copies."""
    return shares.exclude(_is_doubled() & ~Q(text_version__article__in=apart))


def _is_doubled() -> Q:
    """Of a linked copy, that its original or an earlier copy counts in the same round."""
    article, linked = "text_version__article", OuterRef("text_version__article__linked_to")
    # As a sum, the round is no column of an index: SQLite would read the whole round for each copy.
    others = Assignment.objects.alias(in_round=F("round_id") + 0).filter(
        in_round=OuterRef("round_id"), kind=OuterRef("kind"), text_version__article__deleted_at=None
    )
    others = others.exclude(state=Assignment.State.RELEASED)
    original = others.filter(**{article: linked})
    earlier = others.filter(**{f"{article}__linked_to": linked, f"{article}__lt": OuterRef(article)})
    labelled = Exists(original.filter(units_done__gt=0)) | Exists(earlier.filter(units_done__gt=0))
    doubled = labelled | (Q(units_done=0) & (Exists(original) | Exists(earlier)))
    return Q(**{f"{article}__linked_to__isnull": False}) & doubled


def linked_copies(article: Article) -> list[Article]:
    """Those that are labelled and counted as this article; the first hundred."""
    return list(article.copies.filter(deleted_at=None).defer("metadata")[:100])


def linked_number(project_id: int) -> int:
    """How many articles no new round draws, for they are labelled with their originals."""
    return Article.objects.filter(project_id=project_id, deleted_at=None, linked_to__isnull=False).count()


@dataclass(frozen=True)
class Change:
    """A change of articles that can still be undone."""

    entry: int
    act: str
    articles: int
    withdrawn: int
    column: str
    """The column that was set; empty for other changes."""


def change(project_id: int, entry: int) -> Change | None:
    found = AuditEntry.objects.filter(project_id=project_id, pk=entry, act__in=UNDOABLE).first()
    if found is None:
        return None
    if AuditEntry.objects.filter(project_id=project_id, pk__gt=entry, act=UNDO, detail__entry=entry).exists():
        return None
    detail = found.detail
    changed = detail.get("after") or detail.get("was") or detail["articles"]
    return Change(entry, found.act, len(changed), len(detail.get("withdrawn", ())), detail.get("column", ""))


def longest(project_id: int, articles: Collection[int]) -> int:
    """Of some articles the one with the longest text, of equal ones that which came in first."""
    length = _lengths(Article.objects.filter(project_id=project_id, pk__in=articles))
    return max(length, key=lambda i: (length[i], -i), default=0)
