"""Training: a try gets its result, another try begins, a lead lets somebody through."""

from django.urls import reverse

from annotator.core.errors import ConflictError, NotAllowedError, NotFoundError
from annotator.models import TrainingResult
from annotator.queries.gold import gold_articles, score
from annotator.queries.training import LET_THROUGH, Standing, is_barred, judged_try, standings, unconcluded
from annotator.services.notices import notify
from projects.models import Assignment, Membership, Round, TextVersion
from projects.permissions import require
from projects.queries.codebooks import codebook
from projects.services import audit
from projects.services.rounds import unit_totals
from projects.services.transaction import write

TINY = 1e-9


def conclude(member: Membership) -> Round | None:
    """Write down what the member's finished tries came to; the answer is the newest round that got a result by it."""
    require(member, "annotate")
    rounds = [round for round, occasion in unconcluded(member) if _conclude(member, round, occasion)]
    return rounds[-1] if rounds else None


def conclude_all(*, lead: Membership, round: Round) -> None:
    """The same for all annotators of a training round, some of whom never came back to see it."""
    require(lead, "manage rounds")
    for standing in standings(round):
        for one in standing.tries:
            if one.is_finished and one.result is None and _conclude(standing.member, round, one.occasion):
                _tell_result(standing.member, round)


def _conclude(member: Membership, round: Round, occasion: int) -> bool:
    """Whether there is a result: where a mark has to be reached but nothing is gold yet, it waits for that."""
    met, answers = score([one for _share, found in judged_try(member.pk, round.pk, occasion) for one in found])
    if round.pass_mark is not None and not answers:
        return False
    passed = round.pass_mark is None or met / answers >= round.pass_mark - TINY
    with write():
        TrainingResult.objects.get_or_create(
            round=round,
            member=member,
            occasion=occasion,
            defaults={"met": met, "answers": answers, "passed": passed},
        )
    return True


def _tell_result(member: Membership, round: Round) -> None:
    """A notice to an annotator who didn't see it come."""
    if member.user_id is None:
        return
    passed = TrainingResult.objects.filter(round=round, member=member, passed=True).exists()
    notify(
        "training passed" if passed else "training failed",
        to=[member.user_id],
        project=round.project_id,
        link=reverse("training", args=[round.project.slug, round.pk]),
        parts={"project": round.project.title, "round": round.name},
    )


def may_try_again(standing: Standing, round: Round) -> bool:
    """Whether the last try was missed, another one is left, and the round still takes answers."""
    result = standing.last.result
    missed = result is not None and not standing.passed
    return missed and standing.last.occasion < round.tries and round.closed_at is None


def begin_try(*, member: Membership, round: Round) -> None:
    """Give the member another set of articles with gold: others than before where there are any, else the same."""
    require(member, "annotate")
    with write():
        # One at a time: two tries begun at once would be the same one.
        Membership.objects.select_for_update().get(pk=member.pk)
        standing = next(iter(standings(round, member)), None)
        if standing is None:
            raise NotFoundError("You have no part in this training.")
        if not may_try_again(standing, round):
            raise ConflictError("There is no further try at this training.")
        texts = _texts_for(member, round, standing.last.articles)
        arm = Assignment.objects.filter(member=member, round=round).values_list("arm", flat=True)[0]
        totals = unit_totals(codebook(round.codebook_version_id), texts)
        Assignment.objects.bulk_create(
            Assignment(
                round=round,
                text_version=text,
                member=member,
                occasion=standing.last.occasion + 1,
                arm=arm,
                units_total=totals[text.pk],
            )
            for text in texts
        )


def _texts_for(member: Membership, round: Round, wanted: int) -> list[TextVersion]:
    met_before = set(
        Assignment.objects.filter(member=member).values_list("text_version__article", flat=True).distinct()
    )
    fresh = [gold.text_version for gold in gold_articles(round.project_id) if gold.article not in met_before]
    own = Assignment.objects.filter(member=member, round=round).order_by("pk").values_list("text_version", flat=True)
    chosen = list(dict.fromkeys([*fresh, *own]))[:wanted]
    found = TextVersion.objects.defer("text").in_bulk(chosen)
    return [found[pk] for pk in chosen]


def let_through(*, lead: Membership, round: Round, member_id: int, let: bool) -> None:
    """Let an annotator begin the work that requires this training, whatever he reached; or take that back."""
    require(lead, "manage rounds")
    standing = next((one for one in standings(round) if one.member.pk == member_id), None)
    if standing is None or round.purpose != Round.Purpose.TRAINING:
        raise NotFoundError("There is no such annotator in this training.")
    by_hand = TrainingResult.objects.filter(round=round, member=member_id, occasion=LET_THROUGH)
    with write():
        if let == by_hand.exists():
            return
        if let:
            TrainingResult.objects.create(
                round=round, member_id=member_id, occasion=LET_THROUGH, passed=True, let_by=lead
            )
        else:
            by_hand.delete()
        told = {"round": round.name, "annotator": standing.member.pseudonym}
        audit.record(lead, "let through training" if let else "no longer let through training", told)
    if let:
        _tell_result(standing.member, round)


def require_trained(assignment: Assignment) -> None:
    """Refuse a first answer in a share whose round requires a training that its annotator hasn't passed."""
    if is_barred(assignment):
        raise NotAllowedError("This round waits until you have passed its training.")
