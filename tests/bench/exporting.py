"""Datasets out: 10,000 units with 2,000 labels, and a round with a million labels against a bare cursor.

`DATA_DIR=... python -m tests.bench.exporting PART` reads one part of a round that `tests.bench.large_round` has made.
"""

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from statistics import median
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.settings")
django.setup()

from django.db import connection  # noqa: E402

from annotator.services.exports import export_dataset  # noqa: E402
from projects.models import Membership, Role  # noqa: E402
from tests import make  # noqa: E402
from tests.bench.timing import ROUNDS, peak, seconds  # noqa: E402

UNITS, LABELS, ARTICLE = 10_000, 2_000, 500
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


def lines() -> Iterator[str]:
    yield small()
    with tempfile.TemporaryDirectory() as folder:
        bare = None
        run_in(folder, "tests.bench.large_round", "fill")
        for part in PARTS:
            told = json.loads(run_in(folder, "tests.bench.exporting", part))
            bare = bare or told["seconds"]
            yield told_of(part, told, bare)


def told_of(part: str, told: Mapping[str, float], bare: float) -> str:
    return (
        f"A million labels, {part}: {told['seconds']:.1f} s, {told['seconds'] / bare:.2f} times the bare cursor;"
        f" first byte after {told['first']:.2f} s, {told['written']:.0f} MB written, grown by {told['growth']:.0f} MB"
    )


def run_in(folder: str, module: str, *arguments: str) -> str:
    """A process of its own, on a site of its own: what this one has read doesn't count as its memory."""
    site = os.environ | {"DJANGO_SETTINGS_MODULE": "annotator.settings", "DATA_DIR": folder}
    done = subprocess.run([sys.executable, "-m", module, *arguments], env=site, capture_output=True, check=True)
    return done.stdout.decode().splitlines()[-1]


def small() -> str:
    """20 articles of 500 sentences, and an answer to one question on each fifth of them."""
    text = " ".join(f"Sentence {n} was written down by hand." for n in range(ARTICLE))
    study = make.study(annotators=1, texts=[text] * (UNITS // ARTICLE))
    for number in range(len(study.articles)):
        share = study.assignment(0, number)
        for unit in study.units(number)[:: UNITS // LABELS]:
            make.label(share, unit, "stance", "for")
    taken = median(seconds(lambda: deque(export_dataset(member=study.lead).chunks, 0)) for _ in range(ROUNDS))
    return (
        f"{UNITS:,} units with {LABELS:,} labels, long CSV: {taken:.2f} s (Potato 0.55, Label Studio 1.9, doccano 19.6)"
    )


if __name__ == "__main__":
    print(json.dumps(measure(" ".join(sys.argv[1:]))))
