"""What the pages of gold answers show: which articles have some, and how annotators met them so far."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from annotator.core.codebook import Codebook
from annotator.core.gold import Rate, rate
from annotator.models import Decision, GoldAnswer, GoldScore
from annotator.queries.adjudication import standing_decisions
from annotator.queries.datasets import open_rounds_hidden_from
from annotator.queries.gold import Place, hidden_gold_of, judged_shares, measured_shares, visible_gold
from projects.models import Article, Assignment, Membership, Round, TextVersion
from projects.queries.codebooks import codebook
from projects.queries.duplicates import newest_of

MOST_SHARES = 300
"""So many finished shares of an article are compared for its page."""
MOST_OFFERED = 50


@dataclass(frozen=True)
class GoldLine:
    """An article with gold answers. `earlier` are those on a text that was mended since: they count no more."""

    article: Article
    answers: int
    sentences: int
    earlier: int
    met: Rate


@dataclass(frozen=True)
class GoldRow:
    """A gold answer with the codebook that it was made under, and how many finished shares met it."""

    answer: GoldAnswer
    book: Codebook
    text: str
    met: Rate

    @property
    def came_from(self) -> int:
        """The round in which it was given."""
        source = self.answer.decision or self.answer.assignment
        assert source is not None, "gold comes from a decision or a share"
        return source.round_id

    def is_own(self, member: Membership) -> bool:
        """Whether it is what the member answered himself."""
        return self.answer.assignment is not None and self.answer.assignment.member_id == member.pk


def gold_lines(member: Membership, after: int, most: int) -> list[GoldLine]:
    """Articles with gold by id from behind `after`, each with how often it was met at first in training, or in work."""
    gold, article = visible_gold(member), "unit__text_version__article"
    found = Article.objects.filter(pk__in=gold.values(article), pk__gt=after, deleted_at=None)
    articles = list(found.defer("metadata").order_by("pk")[:most])
    newest = newest_of(TextVersion.objects.filter(article__in=articles)).values("pk")
    counted = gold.filter(**{f"{article}__in": articles}).values(article).order_by()
    now = Q(unit__text_version__in=newest)
    rows = counted.annotate(
        answers=Count("pk", filter=now),
        sentences=Count("unit", filter=now, distinct=True),
        earlier=Count("pk", filter=~now),
    )
    by_article = {row.pop(article): row for row in rows}
    met = _met(member, articles)
    return [GoldLine(one, met=met.get(one.pk, rate(0, 0)), **by_article[one.pk]) for one in articles]


def _met(member: Membership, articles: Sequence[Article]) -> dict[int, Rate]:
    hidden, article = open_rounds_hidden_from(member), "assignment__text_version__article"
    living = GoldScore.objects.filter(round__deleted_at=None, **{f"{article}__in": articles})
    scores = living.exclude(round__in=hidden.values("pk"))
    rows = scores.values_list(article).annotate(Sum("met"), Sum("answers")).order_by()
    return {pk: rate(met, answers) for pk, met, answers in rows}


def gold_rows(member: Membership, article_id: int) -> list[GoldRow]:
    """The gold answers on an article in order of the text."""
    gold = visible_gold(member).filter(unit__text_version__article=article_id)
    joined = gold.select_related("unit__text_version", "decision__round", "assignment__round", "assignment__member")
    counted = _met_by_place(member, article_id)
    return [
        GoldRow(
            answer,
            codebook(answer.codebook_version_id),
            answer.unit.text_version.text[answer.unit.start : answer.unit.end] if answer.unit.index else "",
            rate(*counted.get((answer.unit_id, answer.variable), (0, 0))),
        )
        for answer in joined.order_by("unit__text_version", "unit__index", "pk")
    ]


def _met_by_place(member: Membership, article_id: int) -> dict[Place, tuple[int, int]]:
    hidden = open_rounds_hidden_from(member)
    living = measured_shares().filter(round__deleted_at=None)
    shares = living.filter(text_version__article=article_id, state=Assignment.State.DONE)
    some = list(shares.exclude(round__in=hidden.values("pk")).select_related("round").order_by("-pk")[:MOST_SHARES])
    met: Counter[Place] = Counter()
    answers: Counter[Place] = Counter()
    for found in judged_shares(some).values():
        for one in found:
            place = one.gold.unit, one.gold.variable.key
            answers[place] += 1
            met[place] += one.met
    return {place: (met[place], answers[place]) for place in answers}


def taken_back(member: Membership, article_id: int) -> list[GoldAnswer]:
    """The gold answers on an article that were retired and have no successor, of each question the newest.

    None on a text that a mending left behind: they went along, and may stand on the text of now.
    """
    of_article = GoldAnswer.objects.filter(
        unit__text_version__article=article_id, unit__text_version__article__project_id=member.project_id
    )
    texts = newest_of(TextVersion.objects.filter(article=article_id)).values("pk")
    given = Assignment.objects.filter(text_version=OuterRef("unit__text_version"))
    stays = Exists(given.exclude(state=Assignment.State.RELEASED))
    of_article = of_article.filter(Q(unit__text_version__in=texts) | stays)
    seen = of_article.exclude(hidden_gold_of(member)).select_related("unit")
    newest = {(gold.unit_id, gold.variable): gold for gold in seen.order_by("pk")}
    return [gold for gold in newest.values() if gold.retired_at is not None]


def decided(member: Membership) -> QuerySet[Decision]:
    """The decisions that can become gold: on the text of today, not in discussion, none to confirm."""
    stands = standing_decisions(Decision.objects.filter(value__isnull=False, discussed=False, to_confirm=False))
    hidden = open_rounds_hidden_from(member)
    return stands.filter(round__project=member.project_id).exclude(round__in=hidden.values("pk"))


def decided_rounds(member: Membership) -> QuerySet[Round]:
    """Rounds with decisions to make gold of, newest first, each with their number."""
    number = Count("decisions", filter=Q(decisions__in=decided(member).values("pk")))
    return Round.objects.filter(project_id=member.project_id).annotate(decided=number).filter(decided__gt=0)


def hiding_rounds(member: Membership) -> QuerySet[Round]:
    """The rounds with gold hidden among their work, newest first."""
    shares = Assignment.objects.filter(round=OuterRef("pk"), why=Assignment.Why.GOLD)
    return Round.objects.filter(Exists(shares), project_id=member.project_id)


def own_finished(member: Membership) -> QuerySet[Assignment]:
    """The newest shares that the member has finished himself, on the newest text of an article."""
    living = {"round__deleted_at": None, "text_version__article__deleted_at": None}
    done = Assignment.objects.filter(member=member, kind=Assignment.Kind.LABELS, state=Assignment.State.DONE, **living)
    newest = newest_of(TextVersion.objects.filter(article__project_id=member.project_id))
    joined = done.filter(text_version__in=newest).select_related("round", "text_version__article")
    return joined.defer("text_version__text", "text_version__proof").order_by(F("pk").desc())[:MOST_OFFERED]
