"""The demo project: articles of our own, the codebook, three annotators' labels, a finished round and an open one."""

import csv
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from annotator.services.label_imports import import_labels
from projects.models import Article, Membership, Role, Round, User
from projects.queries import access
from projects.readers import Document, read_here
from projects.services.articles import import_articles
from projects.services.codebooks import take_ready_codebook
from projects.services.lexicons import READY, take_ready_lexicon
from projects.services.members import accept_invitation, create_account, invite
from projects.services.projects import create_project
from projects.services.rounds import open_round, set_closed

SLUG = "demo"
TITLE = "Port Sennar: one night, five outlets"
LEAD = "nadia"
ANNOTATORS = ("iris", "jonas", "samir")
OPEN_ARTICLES = ("arabic_daily", "meridian_wire")


@dataclass(frozen=True)
class Demo:
    lead: str
    annotators: Sequence[str]
    password: str


def make_demo() -> Demo:
    """Make what is missing of the demo project. A second call changes nothing."""
    password = stored_password()
    lead = _lead(password)
    members = [_annotator(lead, name, password) for name in ANNOTATORS]
    articles = _articles(lead)
    if not lead.project.codebook_versions.exists():
        take_ready_codebook(member=lead)
    if not lead.project.lexicons.exists():
        for name in READY:
            take_ready_lexicon(member=lead, name=name)
    _finished_round(lead, members, [a for a in articles if a.language == "en"])
    _open_round(lead, members, [a for a in articles if a.external_id in OPEN_ARTICLES])
    return Demo(LEAD, ANNOTATORS, password)


def stored_password() -> str:
    """The password of the demo accounts: made for this installation, so that no two share one."""
    path = settings.DATA_DIR / "demo_password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text("-".join(secrets.token_hex(2) for _ in range(3)))
    return path.read_text()


def _account(name: str, password: str) -> User:
    found = User.objects.filter(username=name).first()
    return found or create_account(username=name, password=password)


def _lead(password: str) -> Membership:
    user = _account(LEAD, password)
    if not access.memberships(user).filter(project__slug=SLUG).exists():
        create_project(user=user, title=TITLE, slug=SLUG)
    return access.membership(user, SLUG)


def _annotator(lead: Membership, name: str, password: str) -> Membership:
    user = _account(name, password)
    if not access.memberships(user).filter(project__slug=SLUG).exists():
        accept_invitation(user=user, key=invite(lead=lead, role=Role.ANNOTATOR))
    return access.membership(user, SLUG)


def _articles(lead: Membership) -> list[Article]:
    if not Article.objects.filter(project=lead.project).exists():
        import_articles(member=lead, documents=seed_documents())
    return list(Article.objects.filter(project=lead.project))


def seed_documents() -> list[Document]:
    """The articles of `seeds/`, with outlet, author and date from `articles.csv`."""
    folder = settings.BASE_DIR / "seeds"
    with (folder / "articles.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return [_document(row, (folder / f"{row['external_id']}.txt").read_bytes()) for row in rows]


def _document(row: dict[str, str], data: bytes) -> Document:
    [document] = read_here(f"{row['external_id']}.txt", data, encoding=None, mapping=None)
    metadata = {key: value for key, value in row.items() if key not in {"external_id", "title"} and value}
    return replace(document, title=row["title"], metadata=metadata)


def _finished_round(lead: Membership, members: Sequence[Membership], articles: Sequence[Article]) -> None:
    if Round.objects.filter(project=lead.project, name="Reliability 1").exists():
        return
    made = open_round(
        lead=lead, name="Reliability 1", purpose=Round.Purpose.RELIABILITY, articles=articles, members=members
    )
    labels = (settings.BASE_DIR / "fixtures" / "demo_labels.csv").read_bytes()
    import_labels(member=lead, data=labels, into=made)
    set_closed(lead=lead, round=made, closed=True)


def _open_round(lead: Membership, members: Sequence[Membership], articles: Sequence[Article]) -> None:
    if Round.objects.filter(project=lead.project, name="Main").exists():
        return
    open_round(lead=lead, name="Main", purpose=Round.Purpose.MAIN, articles=articles, members=members, hints=True)
