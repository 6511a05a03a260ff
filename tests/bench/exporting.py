"""Datasets out: 10,000 units with 2,000 labels, and a round with a million labels against a bare cursor.

`DATA_DIR=... python -m tests.bench.exporting PART` reads one part of a round that `tests.bench.large_round` has made.
"""

import csv
import io
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator, Mapping
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.settings")
django.setup()

from django.db import connection  # noqa: E402

from annotator.services.exports import export_dataset  # noqa: E402
from projects.models import Membership, Role  # noqa: E402

BARE = """
    SELECT article.external_id || ':' || unit."index", substr(text.text, unit.start + 1, unit."end" - unit.start),
        member.pseudonym, label.variable, label.value, share.occasion, member."group",
        CASE WHEN CAST(label.value AS text) = '[]' THEN 'none' ELSE 'answered' END, article.external_id, unit."index",
        unit.start, unit."end", unit.kind, round.name, book.number, label.version, label.updated_at
    FROM annotator_label label
    JOIN projects_assignment share ON share.id = label.assignment_id
    JOIN projects_membership member ON member.id = share.member_id
    JOIN projects_unit unit ON unit.id = label.unit_id
    JOIN projects_textversion text ON text.id = unit.text_version_id
    JOIN projects_article article ON article.id = text.article_id
    JOIN projects_round round ON round.id = label.round_id
    JOIN projects_codebookversion book ON book.id = round.codebook_version_id
    WHERE round.name = 'Large'
"""
"""What a script would ask the database for: the columns of the long table, in no order."""


def bare() -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(BARE)
        while rows := cursor.fetchmany(2000):
            out = io.StringIO()
            csv.writer(out).writerows(rows)
            yield out.getvalue().encode()


def table(kind: str, name: str = "long") -> Iterator[bytes]:
    lead = Membership.objects.get(project__title="Large", role=Role.LEAD)
    return export_dataset(member=lead, format=name, kind=kind).chunks


PARTS: Mapping[str, Callable[[], Iterator[bytes]]] = {
    "bare cursor": bare,
    "long CSV": lambda: table("csv"),
    "long Parquet": lambda: table("parquet"),
    "long JSON Lines": lambda: table("jsonl"),
    "wide CSV": lambda: table("csv", "wide"),
    "spans CSV": lambda: table("csv", "spans"),
    "events CSV": lambda: table("csv", "events"),
}


def measure(part: str) -> dict[str, float]:
    """Seconds to the first byte and to the last, megabytes written, and by how many the process grew."""
    before = peak()
    start = perf_counter()
    chunks = PARTS[part]()
    size = len(next(chunks))
    first = perf_counter() - start
    size += sum(map(len, chunks))
    return {"first": first, "seconds": perf_counter() - start, "written": size / 1e6, "growth": peak() - before}


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(measure(" ".join(sys.argv[1:]))))
