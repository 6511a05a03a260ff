"""Which part of a round a report is about, and how it is computed."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from django.db.models import QuerySet
from django.utils.http import urlencode

from annotator.core.agreement import Resample
from annotator.core.errors import InvalidError
from projects.models import Assignment

Picked = tuple[str, ...]


@dataclass(frozen=True)
class Selection:
    """Only these keys of variables, pseudonyms, external ids, outlets, kinds of unit; an empty one leaves none out.

    `resample` says what is drawn for the intervals, "units" or "articles"; empty, the number of articles decides.
    """

    variables: Picked = ()
    annotators: Picked = ()
    articles: Picked = ()
    outlets: Picked = ()
    kinds: Picked = ()
    resample: Picked = ()

    @property
    def resampled(self) -> Resample | None:
        """Raises InvalidError where it is none of the two."""
        if not self.resample:
            return None
        if self.resample == ("units",):
            return "units"
        if self.resample == ("articles",):
            return "articles"
        raise InvalidError("Choose what is drawn for the intervals: units, or articles.")

    def of(self, shares: QuerySet[Assignment]) -> QuerySet[Assignment]:
        wanted = {
            "member__pseudonym__in": self.annotators,
            "text_version__article__external_id__in": self.articles,
            "text_version__article__outlet__in": self.outlets,
        }
        return shares.filter(**{field: picked for field, picked in wanted.items() if picked})

    def parts(self) -> Iterator[tuple[str, Picked]]:
        """The name of each part that leaves something out, and what it keeps."""
        for part in fields(self):
            picked: Picked = getattr(self, part.name)
            if picked:
                yield part.name, picked

    def query(self, round: int) -> str:
        """The query of the page that shows this part of the round."""
        return urlencode([("round", round), *self.parts()], doseq=True)

    def __bool__(self) -> bool:
        return any(True for _ in self.parts())


EVERYTHING = Selection()
