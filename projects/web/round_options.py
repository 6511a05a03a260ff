"""The part of the form of a new round that isn't about who labels what."""

from datetime import date

from django.http import QueryDict

from annotator.core.errors import InvalidError
from projects.models import Membership, Round
from projects.queries.masking import MASKS
from projects.services.rounds import Arm, RoundOptions
from projects.web.numbers import number

MOST_TRIES = 20


def round_options(post: QueryDict, lead: Membership) -> RoundOptions:
    """What the form says; raises InvalidError naming what can't be read."""
    hide = [mask for mask in MASKS if post.get(f"hide_{mask}")]
    to_arms = bool(post.get("arms")) and bool(hide)
    options = RoundOptions(
        blind=bool(post.get("blind")),
        hints=bool(post.get("hints")),
        hide_outlet="outlet" in hide and not to_arms,
        hide_byline="byline" in hide and not to_arms,
        hide_headline="headline" in hide and not to_arms,
        arms=[Arm(key="masked", hide=hide), Arm(key="open", hide=[])] if to_arms else [],
        reason_required=bool(post.get("reason_required")),
        due_on=_date(post.get("due_on", "")),
    )
    if post.get("purpose") == Round.Purpose.TRAINING:
        return options | RoundOptions(
            feedback=bool(post.get("feedback")),
            pass_mark=_pass_mark(post.get("pass_mark", "")),
            tries=_tries(post.get("tries", "")),
        )
    return options | RoundOptions(requires=_required(post.get("requires", ""), lead))


def _required(text: str, lead: Membership) -> Round | None:
    if not text:
        return None
    trainings = Round.objects.filter(project=lead.project_id, purpose=Round.Purpose.TRAINING)
    found = trainings.filter(pk=number(text) or 0).first()
    if found is None:
        raise InvalidError("Only a training round of this project can be required.")
    return found


def _pass_mark(text: str) -> float | None:
    if not text.strip():
        return None
    per_cent = number(text.strip())
    if per_cent is None or not 1 <= per_cent <= 100:
        raise InvalidError("The pass mark is a whole number from 1 to 100, in per cent; leave it empty for none.")
    return per_cent / 100


def _tries(text: str) -> int:
    tries = number(text.strip() or "1")
    if tries is None or not 1 <= tries <= MOST_TRIES:
        raise InvalidError(f"The number of tries is a whole number from 1 to {MOST_TRIES}.")
    return tries


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidError(f"“{text[:40]}” is no date. Write year, month and day, such as 2027-03-31.") from error
