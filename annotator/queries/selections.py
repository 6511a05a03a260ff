"""Which part of a round a report is about."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from django.db.models import QuerySet
from django.utils.http import urlencode

from projects.models import Assignment

Picked = tuple[str, ...]


@dataclass(frozen=True)
class Selection:
    """Only these keys of variables, pseudonyms, external ids, outlets, kinds of unit; an empty one leaves none out."""

    variables: Picked = ()
    annotators: Picked = ()
    articles: Picked = ()
    outlets: Picked = ()
    kinds: Picked = ()

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
