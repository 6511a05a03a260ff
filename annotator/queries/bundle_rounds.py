"""What a reader of a bundle has to know of its rounds."""

from collections.abc import Sequence

from django.db.models import Count
from django.utils.text import slugify

from annotator.core.dataset_bundle import BundleRound
from annotator.models import Label
from projects.models import Round
from projects.queries.draw_words import draw_words
from projects.queries.duplicates import counted_shares
from projects.queries.masking import MASKS, hidden_by


def bundle_rounds(rounds: Sequence[Round]) -> list[BundleRound]:
    """In the order of the dataset; `folder` is set where two annotators have answered."""
    return [_bundle_round(number, round) for number, round in enumerate(rounds, start=1)]


def _bundle_round(number: int, round: Round) -> BundleRound:
    shares = counted_shares().filter(round=round).order_by()
    labels = Label.objects.filter(assignment__in=shares, value__isnull=False).order_by()
    by_annotator = dict(labels.values_list("assignment__member__pseudonym").annotate(Count("pk")))
    hidden = hidden_by(round)
    return BundleRound(
        name=round.name,
        purpose=round.purpose,
        blind=round.blind,
        is_open=round.closed_at is None,
        codebook=round.codebook_version.number,
        annotators=sorted(set(shares.values_list("member__pseudonym", flat=True))),
        articles=shares.values("text_version__article").distinct().count(),
        labels=sum(by_annotator.values()),
        overlap=round.overlap,
        drawn=draw_words(round),
        hidden=[mask for mask in MASKS if mask in hidden],
        arms=bool(round.arms),
        hints=round.hints,
        feedback=round.feedback,
        folder=f"agreement/{number}-{slugify(round.name) or 'round'}" if len(by_annotator) > 1 else "",
    )
