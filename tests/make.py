"""Builders for tests. Whatever has a service is made by it, so that a test starts from what a site could hold."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from uuid import uuid4

from annotator.core.codebook import Codebook, Json
from annotator.services.labels import Choice, Saved, save_label
from projects.models import Article, Assignment, CodebookVersion, Membership, Project, Role, Round, Unit, User
from projects.queries import access
from projects.queries.codebooks import codebook as parsed
from projects.readers import Document, read_here
from projects.services.articles import import_articles
from projects.services.codebooks import import_codebook
from projects.services.projects import create_project
from projects.services.rounds import open_round

PASSWORD = "a long phrase for tests"
TEXT = """Bridge reopens after the flood

The mayor blamed the regime for the delay. Engineers checked every pillar.

Residents said the ferry had cost them dearly. Two shops closed.
"""
_numbers = count(1)


def _values(*keys: str) -> list[Json]:
    return [{"key": key, "label": key.replace("_", " ").capitalize()} for key in keys]


# One variable of each kind. Only `attribution` is required; `side` is asked where somebody is quoted.
CODEBOOK: dict[str, Json] = {
    "format": "conflict-codebook",
    "format_version": 1,
    "key": "small",
    "title": "A small codebook",
    "language": "en",
    "version": "1.0",
    "variables": [
        {
            "key": "attribution",
            "label": "Attribution",
            "type": "attribution",
            "required": True,
            "sources": _values("mayor", "residents", "army"),
            "manners": _values("direct", "indirect"),
            "stances": _values("neutral", "accusing"),
            "nested": True,
        },
        {"key": "stance", "label": "Stance", "type": "single", "values": _values("against", "neutral", "for")},
        {
            "key": "side",
            "label": "Sides named",
            "type": "multi",
            "values": _values("town", "state", "army"),
            "visible_if": {"variable": "attribution", "count_at_least": 1},
        },
        {
            "key": "tone",
            "label": "Tone",
            "type": "ordinal",
            "values": [{"key": str(n), "label": label} for n, label in ((-1, "Cold"), (0, "Even"), (1, "Warm"))],
        },
        {"key": "weight", "label": "Weight", "type": "number", "min": 0, "max": 100},
        {"key": "remark", "label": "Remark", "type": "text"},
        {"key": "framing", "label": "Framing", "type": "span", "values": _values("naming_state", "praise")},
        {
            "key": "frame",
            "label": "Frame of the article",
            "type": "single",
            "scope": "article",
            "values": _values("conflict", "recovery"),
        },
    ],
}


def closed(key: str, **values: str) -> dict[str, Json]:
    """A required question with one answer; `values` maps each value to its shortcut."""
    offered: list[Json] = [{"key": value, "label": value, "shortcut": sign} for value, sign in values.items()]
    return {"key": key, "label": key.capitalize(), "type": "single", "required": True, "values": offered}


def user(name: str = "") -> User:
    return User.objects.create_user(name or f"user{next(_numbers)}", password=PASSWORD)


def project(title: str = "", *, lead: User | None = None) -> Membership:
    """A project; the answer is the membership of its lead."""
    return create_project(user=lead or user(), title=title or f"Project {next(_numbers)}")


def member(of: Project, role: str = Role.ANNOTATOR, name: str = "") -> Membership:
    account = user(name)
    return Membership.objects.create(project=of, user=account, role=role, pseudonym=account.username)


def codebook(lead: Membership, document: dict[str, Json] = CODEBOOK) -> CodebookVersion:
    return import_codebook(member=lead, data=json.dumps(document).encode())


def document(text: str = TEXT, external_id: str = "") -> Document:
    """An article as it would come out of a text file; its title is its first line."""
    name = f"{external_id or f'article-{next(_numbers)}'}.txt"
    (read_one,) = read_here(name, text.encode(), encoding=None, mapping=None)
    # Named, as guessing it would take a process for each.
    return replace(read_one, metadata={"language": "en"})


def article(lead: Membership, text: str = TEXT, external_id: str = "", *, codable: Sequence[str] = ()) -> Article:
    (made,) = import_articles(member=lead, documents=[document(text, external_id)], codable=codable or None)
    return made


@dataclass(frozen=True)
class Study:
    """An open round: every member labels every article."""

    lead: Membership
    members: list[Membership]
    articles: list[Article]
    round: Round
    book: Codebook

    @property
    def project(self) -> Project:
        return self.lead.project

    @property
    def slug(self) -> str:
        return self.project.slug

    def assignment(self, member: int = 0, article: int = 0) -> Assignment:
        """The share of a member, as a view gets hold of it."""
        owner = self.members[member]
        found = Assignment.objects.get(round=self.round, member=owner, text_version__article=self.articles[article])
        assert owner.user_id is not None
        return access.own_assignment(owner.user_id, found.pk)

    def units(self, article: int = 0) -> list[Unit]:
        """The units offered for labelling, the whole article (0) left out."""
        return list(Unit.objects.filter(text_version__article=self.articles[article], index__gt=0, codable=True))

    def whole(self, article: int = 0) -> Unit:
        return Unit.objects.get(text_version__article=self.articles[article], index=0)


def study(
    annotators: int = 3,
    texts: Sequence[str] = (TEXT,),
    *,
    purpose: str = "reliability",
    document: dict[str, Json] = CODEBOOK,
) -> Study:
    lead = project()
    version = codebook(lead, document)
    articles = [article(lead, text) for text in texts]
    members = [member(lead.project) for _ in range(annotators)]
    made = open_round(lead=lead, name="Round 1", purpose=purpose, articles=articles, members=members)
    return Study(lead, members, articles, made, parsed(version.pk))


def choice(unit: Unit, variable: str, value: Json, base_version: int = 0) -> Choice:
    return Choice(event=uuid4(), unit=unit.pk, variable=variable, value=value, base_version=base_version)


def label(assignment: Assignment, unit: Unit, variable: str, value: Json, base_version: int = 0) -> Saved:
    return save_label(assignment=assignment, choice=choice(unit, variable, value, base_version))
