"""Fill and read the database of a real site for tests/site.py; both print JSON.

`python -m tests.fill WRITERS` makes a study in which as many annotators are signed in; `python -m tests.fill events`
lists what was stored.
"""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from annotator.models import Event  # noqa: E402
from projects.models import Assignment, Membership  # noqa: E402
from tests import make  # noqa: E402

# Nobody signs in by password here, and a slow hash for each of them costs seconds.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def session(member: Membership) -> str:
    client = Client()
    assert member.user is not None
    client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def writer(assignment: Assignment) -> dict[str, str]:
    return {"assignment": str(assignment.pk), "session": session(assignment.member)}


def study(writers: int) -> dict[str, object]:
    made = make.study(annotators=writers)
    return {
        "slug": made.slug,
        "lead": session(made.lead),
        "units": [unit.pk for unit in made.units()],
        "writers": [writer(made.assignment(number)) for number in range(writers)],
    }


def events() -> dict[str, list[object]]:
    return {
        str(event.uuid): [str(event.assignment_id), event.unit_id, event.value, event.sequence]
        for event in Event.objects.all()
    }


if __name__ == "__main__":
    json.dump(events() if sys.argv[1] == "events" else study(int(sys.argv[1])), sys.stdout)
