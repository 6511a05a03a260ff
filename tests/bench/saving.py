"""The whole save service against the least that a durable save can be: one INSERT and its commit."""

import sqlite3
from itertools import count

from annotator.queries.coding import own_unit
from annotator.services.labels import save_label
from tests import make
from tests.bench.timing import Race
from tests.settings import DATA_DIR_OF_TESTS

SAVES = 200
TONES = ("-1", "0", "1")


def races() -> list[Race]:
    study = make.study(annotators=1)
    assignment, unit = study.assignment(), study.units()[0]
    user = assignment.member.user_id
    assert user is not None
    versions = count()

    def save() -> None:
        for _ in range(SAVES):
            base = next(versions)
            found, asked = own_unit(user, assignment.pk, unit.pk, slug=study.slug)
            save_label(assignment=found, choice=make.choice(unit, "tone", TONES[base % 3], base), unit=asked)

    bare = sqlite3.connect(DATA_DIR_OF_TESTS / "bare.sqlite3", isolation_level=None)
    bare.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE label (unit, variable, value)")

    def insert() -> None:
        for number in range(SAVES):
            bare.execute("INSERT INTO label VALUES (?, ?, ?)", (unit.pk, "tone", TONES[number % 3]))

    return [Race("Saving labels", "saves", SAVES, save, insert, "a bare INSERT with the same durability")]
