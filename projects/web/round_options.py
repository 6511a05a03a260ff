"""The part of the form of a new round that isn't about who labels what."""

from datetime import date

from django.http import QueryDict

from annotator.core.errors import InvalidError
from projects.services.rounds import RoundOptions


def round_options(post: QueryDict) -> RoundOptions:
    """What the form says; raises InvalidError naming what can't be read."""
    return RoundOptions(
        blind=bool(post.get("blind")),
        hints=bool(post.get("hints")),
        hide_outlet=bool(post.get("hide_outlet")),
        hide_byline=bool(post.get("hide_byline")),
        reason_required=bool(post.get("reason_required")),
        due_on=_date(post.get("due_on", "")),
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidError(f"“{text[:40]}” is no date. Write year, month and day, such as 2027-03-31.") from error
