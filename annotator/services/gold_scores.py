"""The scores of finished shares that hold gold, kept so that a page need only sum them."""

from collections.abc import Collection, Sequence

from annotator.models import GoldScore
from annotator.queries.gold import judged_shares, measured_shares, score, unscored, week_of
from projects.models import Assignment, Membership
from projects.services.transaction import write

AT_ONCE = 500


def keep_own_scores(member: Membership) -> None:
    """Keep the scores of what the member has finished since."""
    keep_scores(list(unscored(measured_shares().filter(member=member))))


def keep_waiting_scores(project_id: int) -> None:
    """Keep scores of the project that nobody came back for, some at a time."""
    keep_scores(list(unscored(measured_shares().filter(round__project=project_id))[:AT_ONCE]))


def score_again(texts: Collection[int]) -> None:
    """After the gold on these texts was changed."""
    shares = measured_shares().filter(text_version__in=texts)
    with write():
        GoldScore.objects.filter(assignment__in=shares).delete()
    keep_scores(list(unscored(shares)[:AT_ONCE]))


def keep_scores(shares: Sequence[Assignment]) -> None:
    if not shares:
        return
    given = judged_shares(shares)
    rows = [_row(share, *score(given[share.pk])) for share in shares]
    with write():
        GoldScore.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["assignment"],
            update_fields=["answers", "met", "as_of"],
        )


def _row(share: Assignment, met: int, answers: int) -> GoldScore:
    return GoldScore(
        assignment=share,
        round_id=share.round_id,
        member_id=share.member_id,
        met=met,
        answers=answers,
        week=week_of(share),
        as_of=share.updated_at,
    )
