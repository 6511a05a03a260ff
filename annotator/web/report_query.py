"""Which report an address asks for: the round, and the part of it."""

from dataclasses import dataclass, fields

from django.http import HttpRequest, QueryDict

from annotator.core.errors import InvalidError
from annotator.queries.selections import Selection
from annotator.web.agreement_pages import shown_round
from projects.models import Membership, Round

MOST_PICKED = 500


@dataclass(frozen=True)
class Asked:
    round: Round
    selection: Selection

    @property
    def query(self) -> str:
        return self.selection.query(self.round.pk)


def asked_report(request: HttpRequest, member: Membership) -> Asked:
    """Raises NotFoundError where there is no such round, NotAllowedError where he may not see its agreement yet."""
    return Asked(shown_round(request, member), selection_of(request.POST if request.method == "POST" else request.GET))


def selection_of(sent: QueryDict) -> Selection:
    """What is picked, in one order whatever the order of the address."""
    found = Selection(**{part.name: _picked(sent, part.name) for part in fields(Selection)})
    _ = found.resampled
    return found


def _picked(sent: QueryDict, name: str) -> tuple[str, ...]:
    found = sorted({value for value in sent.getlist(name) if value})
    if len(found) > MOST_PICKED:
        raise InvalidError(f"Pick at most {MOST_PICKED} {name}.")
    if any("\0" in value for value in found):
        raise InvalidError(f"One of the {name} holds a NUL character.")
    return tuple(found)
