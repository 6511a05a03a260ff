"""A round with a million labels, 10 variables of 5 annotators on 20,000 units: how long its report takes, and how much
memory. `DATA_DIR=... python -m tests.bench.large_round fill` makes it, `... measure` reads and computes it.
"""

import json
import os
import sys
from collections.abc import Iterator
from time import perf_counter
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.settings")
django.setup()

import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from annotator.core.codebook import Json  # noqa: E402
from annotator.queries.reports import frozen_report  # noqa: E402
from projects.models import Article, Assignment, Round, Unit  # noqa: E402
from projects.services.rounds import open_round  # noqa: E402
from tests import make  # noqa: E402
from tests.bench.timing import peak  # noqa: E402

ARTICLES, SENTENCES, ANNOTATORS = 200, 100, 5
SHARED = 0.8
VALUES = ["one", "two", "three", "four", "five"]
SINGLES = [f"question_{number}" for number in range(1, 7)]
ROWS = 5_000


def document() -> dict[str, Json]:
    """Six closed questions, one of them asked under a condition, and one each of scale, set, number and spans."""
    offered: list[Json] = [{"key": key, "label": key.capitalize()} for key in VALUES]
    singles = [{"key": key, "label": key, "type": "single", "values": offered} for key in SINGLES]
    singles[-1]["visible_if"] = {"variable": SINGLES[0], "not_in": ["five"]}
    others = [
        {"key": "scale", "label": "Scale", "type": "ordinal", "values": offered},
        {"key": "chosen", "label": "Chosen", "type": "multi", "values": offered},
        {"key": "weight", "label": "Weight", "type": "number", "min": 0, "max": 100},
        {"key": "marked", "label": "Marked", "type": "span", "values": offered},
    ]
    return dict(make.CODEBOOK) | {"variables": [*singles, *others]}


def fill() -> None:
    call_command("migrate", verbosity=0)
    lead = make.project("Large", lead=make.user("lead"))
    make.codebook(lead, document())
    text = "A long day\n\n" + " ".join(f"Sentence {n} was written down by hand." for n in range(SENTENCES))
    articles: list[Article] = [make.article(lead, text) for _ in range(ARTICLES)]
    members = [make.member(lead.project, name=f"annotator{n}") for n in range(ANNOTATORS)]
    made = open_round(lead=lead, name="Large", purpose="reliability", articles=articles, members=members)
    with transaction.atomic(), connection.cursor() as cursor:
        rows = list(labels(made))
        now = timezone.now().replace(tzinfo=None).isoformat(" ")
        for start in range(0, len(rows), ROWS):
            part = rows[start : start + ROWS]
            cursor.executemany(
                "INSERT INTO annotator_event (id, uuid, assignment_id, unit_id, variable, value, base_version,"
                f" sequence, server_time) VALUES (%s, %s, %s, %s, %s, %s, 0, 1, '{now}')",
                [(start + place, uuid4().hex, *row) for place, row in enumerate(part, start=1)],
            )
            cursor.executemany(
                "INSERT INTO annotator_label (assignment_id, unit_id, variable, value, version, last_event_id,"
                f" round_id, to_confirm, updated_at) VALUES (%s, %s, %s, %s, 1, %s, {made.pk}, FALSE, '{now}')",
                [(*row, start + place) for place, row in enumerate(part, start=1)],
            )
    Assignment.objects.filter(round=made).update(state=Assignment.State.DONE)
    print(json.dumps({"labels": len(rows), "round": made.pk}))


def labels(made: Round) -> Iterator[tuple[int, int, str, str]]:
    """(assignment, unit, variable, value): each annotator takes the unit's own value in `SHARED` of all cases."""
    random = np.random.default_rng(5)
    own: dict[tuple[int, str], list[Json]] = {}
    for assignment in made.assignments.order_by("pk"):
        units = Unit.objects.filter(text_version=assignment.text_version_id, index__gt=0, codable=True)
        for unit in units:
            for key in [*SINGLES, "scale", "chosen", "weight", "marked"]:
                truth = own.setdefault((unit.pk, key), value(key, unit, random))
                given = truth if random.random() < SHARED else value(key, unit, random)
                yield assignment.pk, unit.pk, key, json.dumps(given)


def value(key: str, unit: Unit, random: np.random.Generator) -> Json:
    if key == "chosen":
        return [v for v, taken in zip(VALUES, random.random(len(VALUES)) < 0.3, strict=True) if taken]
    if key == "weight":
        return int(random.integers(0, 101))
    if key == "marked":
        start = unit.start + int(random.integers(0, unit.end - unit.start - 6))
        return [{"start": start, "end": start + 5, "quote": "", "value": VALUES[int(random.integers(5))]}]
    return VALUES[int(random.integers(5))]


def measure() -> None:
    made = Round.objects.select_related("project").get(name="Large")
    start = perf_counter()
    frozen = frozen_report(made)
    told("read, packed and computed", start)
    for variable in frozen.report.variables:
        print(variable.key, variable.verdict, variable.pairable_units)


def told(what: str, start: float) -> None:
    print(f"{what}: {perf_counter() - start:.1f} s, peak {peak():.0f} MB", flush=True)


if __name__ == "__main__":
    {"fill": fill, "measure": measure}[sys.argv[1]]()
