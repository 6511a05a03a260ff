"""The overview of a large study, 200 annotators with 120,000 shares, against reading its shares once."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.models import Note, Tally
from projects.models import Article, Assignment, Membership, Role, Round, TextVersion, Unit, User
from tests import make
from tests.bench.timing import Race

ANNOTATORS, ARTICLES, OVERLAP, DAYS, SENTENCES = 200, 30_000, 4, 30, 12
VARIABLES = ("attribution", "stance", "side", "tone", "framing", "remark")
ROWS = 2_000


def study() -> Membership:
    """A main round under way for a month: every annotator has a share of each day's work."""
    lead = make.project()
    version = make.codebook(lead)
    users = User.objects.bulk_create(
        [User(username=f"dashboard{n}", first_name=f"Person {n}") for n in range(ANNOTATORS)]
    )
    members = Membership.objects.bulk_create(
        [Membership(project=lead.project, user=user, role=Role.ANNOTATOR, pseudonym=user.username) for user in users]
    )
    articles = Article.objects.bulk_create(
        [Article(project=lead.project, external_id=f"a{n}", title=f"Article {n}") for n in range(ARTICLES)], ROWS
    )
    for copy, original in zip(articles[1::100], articles[::100], strict=True):
        copy.linked_to = original
    Article.objects.bulk_update(articles[1::100], ["linked_to"], ROWS)
    texts = TextVersion.objects.bulk_create(
        [TextVersion(article=article, text="It rained.", sha256="0" * 64) for article in articles], ROWS
    )
    made = Round.objects.create(project=lead.project, name="Main", purpose="main", codebook_version=version)
    shares(made, members, texts)
    today = timezone.localdate()
    Tally.objects.bulk_create(
        [
            Tally(
                round=made,
                member=member,
                variable=variable,
                day=today - timedelta(days=day),
                answers=20,
                units_done=20 * (not place),
            )
            for member in members
            for place, variable in enumerate(VARIABLES)
            for day in range(DAYS)
        ],
        ROWS,
    )
    units = Unit.objects.bulk_create(
        [Unit(text_version=text, index=1, kind="sentence", start=0, end=10) for text in texts[:1000]]
    )
    Note.objects.bulk_create(
        [
            Note(round=made, unit=unit, member=members[n % 50], text="Who?", flag=n % 2 == 0)
            for n, unit in enumerate(units)
        ]
    )
    return lead


def shares(made: Round, members: list[Membership], texts: list[TextVersion]) -> None:
    rows = []
    for number, text in enumerate(texts):
        for turn in range(OVERLAP):
            done = SENTENCES if number % 12 < 10 else 0
            state = Assignment.State.DONE if done else Assignment.State.WAITING
            owner = members[(number + turn * 37) % ANNOTATORS]
            rows.append(
                Assignment(
                    round=made, text_version=text, member=owner, state=state, units_done=done, units_total=SENTENCES
                )
            )
    Assignment.objects.bulk_create(rows, ROWS)


def lines() -> Iterator[str]:
    lead = study()
    client = Client(headers={"host": "localhost"})
    client.force_login(lead.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    address = f"/p/{lead.project.slug}/"
    if client.get(address).status_code != 200:
        raise RuntimeError("The overview isn't shown.")
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    queries = len(asked)  # before the next request clears their log

    def sums() -> None:
        list(Assignment.objects.values("round", "member").order_by().annotate(Sum("units_done"), Sum("units_total")))

    race = Race(
        "The overview of 120,000 shares", "pages", 1, lambda: client.get(address), sums, "summing the shares once"
    )
    yield f"{race.run()}, {queries} queries"
