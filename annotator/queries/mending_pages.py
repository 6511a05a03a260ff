"""What a lead is told of mending an article: whose labels it touches, what was mended before, what found no place."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import Length

from annotator.core.align import link_units
from annotator.core.codebook import Json
from annotator.core.mending import Draft
from annotator.core.proofreading import doubts_of
from annotator.core.sentences import Doubt, options_from
from annotator.core.spans import Interval
from annotator.models import Label, Mending
from annotator.queries.datasets import open_rounds_hidden_from
from annotator.queries.editions import variables_of
from projects.models import Article, Assignment, Membership, TextVersion, Unit

MOST_MENDINGS = 50
MOST_LOOKED_AT = 20
# Of a text as long as a book the doubts take seconds: too long for the answer to an import.
LONGEST_LOOKED_AT = 200_000


@dataclass(frozen=True)
class Touched:
    """The labels of one annotator on units that a draft changes."""

    name: str
    labels: int
    units: int


def labelled_by(version: TextVersion) -> int:
    """How many members have labels on this text version that a mending would carry over."""
    labels = Label.objects.filter(unit__text_version=version, value__isnull=False, round__closed_at=None)
    return labels.values("assignment__member").distinct().count()


def was_labelled(article: Article) -> bool:
    """Whether any of its text versions holds labels of a closed round, which stay there."""
    return Label.objects.filter(unit__text_version__article=article, round__closed_at__isnull=False).exists()


def hidden_shares(article: Article, reader: Membership) -> set[int]:
    """The assignments of whose labels the reader is told nothing, not even a number: by changing a word here and there
    he could find out what the others marked in a blind round that he labels too.
    """
    others = Assignment.objects.filter(text_version__article=article).exclude(member=reader)
    return set(others.filter(round__in=open_rounds_hidden_from(reader)).values_list("pk", flat=True))


def touched(version: TextVersion, units: Sequence[Unit], draft: Draft, hidden: Collection[int]) -> list[Touched]:
    """Whose labels stand on units of `version` that are no longer the same in the draft; `units` are all of them."""
    old = [Interval(unit.start, unit.end) for unit in units[1:]]
    links = link_units(old, [piece.extent for piece in draft.pieces], draft.alignment)
    same = {link.old for link in links if link.kind == "same"}
    changed = [unit.pk for number, unit in enumerate(units[1:]) if number not in same]
    labels = Label.objects.filter(unit__in=changed, value__isnull=False, round__closed_at=None)
    counted = (
        labels.exclude(assignment__in=hidden)
        .values("assignment__member")
        .annotate(labels=Count("pk"), units=Count("unit", distinct=True))
    )
    rows = {row["assignment__member"]: row for row in counted}
    members = Membership.objects.select_related("user").filter(pk__in=rows)
    return [Touched(name_of(member), rows[member.pk]["labels"], rows[member.pk]["units"]) for member in members]


def name_of(member: Membership) -> str:
    return member.user.get_display_name() if member.user else member.pseudonym


def history(article: Article) -> list[Mending]:
    """The mendings of an article, newest first."""
    found = Mending.objects.select_related("member__user", "before", "after", "restores")
    return list(found.filter(after__article=article).order_by("-after__number")[:MOST_MENDINGS])


def kinds_of_edit(mending: Mending) -> Mapping[str, int]:
    """How many edits of each name a mending was made of."""
    return Counter(edit[0] for edit in mending.edits)


@dataclass(frozen=True)
class Unplaced:
    """A mark or an answer that stands in no label of the newest text version."""

    member: str
    unit: int
    words: str
    variable: str
    quote: str


def unplaced(mending: Mending, hidden: Collection[int]) -> list[Unplaced]:
    """What a mending could not place."""
    told = [item for item in mending.unplaced if item["assignment"] not in hidden]
    found = Assignment.objects.select_related("member__user", "round")
    shares = found.in_bulk({item["assignment"] for item in told})
    units = Unit.objects.in_bulk({item["unit"] for item in told})
    return [_line(item, shares[item["assignment"]], units[item["unit"]], mending.before.text) for item in told]


def _line(item: Mapping[str, Json], share: Assignment, unit: Unit, text: str) -> Unplaced:
    span = item.get("span")
    quote = str(span.get("quote", "")) if isinstance(span, dict) else ""
    variable = variables_of(share.round)[str(item["variable"])].label
    return Unplaced(name_of(share.member), unit.index, text[unit.start : unit.end], variable, quote)


def first_doubtful(articles: Iterable[Article]) -> Article | None:
    """The first of some new articles that has a doubtful boundary; only so many, and none too long, are looked at."""
    some = [article.pk for article, _ in zip(articles, range(MOST_LOOKED_AT), strict=False)]
    texts = TextVersion.objects.select_related("article").filter(article__in=some).order_by("article_id", "-number")
    some_length = texts.annotate(characters=Length("text")).filter(characters__lte=LONGEST_LOOKED_AT)
    return next((version.article for version in some_length if doubts_in(version, version.article)), None)


def doubts_in(version: TextVersion, article: Article) -> tuple[Doubt, ...]:
    """The doubts of the splitter about a text of the article, as it was asked to split it."""
    return doubts_of(version.text, article.language, options_from(version.options))
