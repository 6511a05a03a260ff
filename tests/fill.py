"""Fill and read the database of a real site for tests/site.py; both print JSON.

`python -m tests.fill study WRITERS` makes a study in which as many annotators are signed in; `articles CODEBOOK
ARTICLE...` one in which the lead labels articles of which every unit is offered, `hinted` the same with hints;
`scripted` one of a lead who has a token; `events` lists what was stored, `choices ASSIGNMENT` what was chosen on one
article, both in the order stored.
"""

import json
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from annotator.models import Event  # noqa: E402
from projects.models import Assignment, Membership  # noqa: E402
from projects.readers import read  # noqa: E402
from projects.services.articles import import_articles  # noqa: E402
from projects.services.codebooks import import_codebook  # noqa: E402
from projects.services.lexicons import READY, take_ready_lexicon  # noqa: E402
from projects.services.rounds import open_round  # noqa: E402
from projects.services.tokens import make_token  # noqa: E402
from tests import make  # noqa: E402


def session(member: Membership) -> str:
    client = Client()
    assert member.user is not None
    client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def writer(assignment: Assignment) -> dict[str, str]:
    return {"assignment": str(assignment.pk), "session": session(assignment.member)}


def study(writers: int) -> dict[str, object]:
    # Nobody signs in by password here, and a slow hash for each of them costs seconds.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made = make.study(annotators=writers)
    return {
        "slug": made.slug,
        "lead": session(made.lead),
        "units": [unit.pk for unit in made.units()],
        "writers": [writer(made.assignment(number)) for number in range(writers)],
    }


def articles(codebook: Path, *texts: Path, hints: bool = False) -> list[dict[str, str]]:
    lead = make.project()
    assert lead.user is not None
    import_codebook(member=lead, data=codebook.read_bytes())
    for name in READY if hints else ():
        take_ready_lexicon(member=lead, name=name)
    documents = [document for text in texts for document in read(text.name, text.read_bytes())]
    made = import_articles(member=lead, documents=documents, codable=["all"])
    opened = open_round(lead=lead, name="Round 1", purpose="pilot", articles=made, members=[lead], hints=hints)
    who = {"slug": lead.project.slug, "username": lead.user.username}
    return [who | writer(share) for share in opened.assignments.order_by("pk")]


def scripted() -> dict[str, str]:
    lead = make.project()
    assert lead.user is not None
    make.codebook(lead)
    article = make.article(lead)
    open_round(lead=lead, name="Round 1", purpose="pilot", articles=[article], members=[lead], blind=False)
    made = make_token(user=lead.user, name="scripts", scope="write", days=1)
    return {"slug": lead.project.slug, "key": made.key}


def events() -> dict[str, list[object]]:
    return {
        str(event.uuid): [str(event.assignment_id), event.unit_id, event.value, event.sequence]
        for event in Event.objects.order_by("pk")
    }


def choices(assignment: str) -> list[object]:
    chosen = Event.objects.filter(assignment=assignment).order_by("pk")
    return list(chosen.values_list("unit__index", "variable", "value"))


COMMANDS = {
    "events": events,
    "choices": choices,
    "articles": lambda *files: articles(*map(Path, files)),
    "hinted": lambda *files: articles(*map(Path, files), hints=True),
    "scripted": scripted,
    "study": lambda writers: study(int(writers)),
}

if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    json.dump(COMMANDS[command](*arguments), sys.stdout)
