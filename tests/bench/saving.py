"""The whole save service against the least that a durable save can be, also after 3,000 labels and among sixteen."""

import sqlite3
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import median
from threading import Thread
from time import perf_counter
from uuid import uuid4

from annotator.queries.coding import own_unit
from annotator.services.labels import save_label
from tests import make
from tests.bench.texts import long_texts
from tests.bench.timing import Race, seconds, spread
from tests.live_site import Annotator
from tests.settings import DATA_DIR_OF_TESTS
from tests.site import site

SAVES = 200
TONES = ("-1", "0", "1")
MANY, PART = 3000, 300
VARIABLES = {"tone": "0", "stance": "for", "attribution": []}
ANNOTATORS, EACH = 16, 100


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

    bare = bare_table()

    def insert() -> None:
        for number in range(SAVES):
            bare.execute("INSERT INTO event VALUES (?, ?, ?)", (unit.pk, "tone", TONES[number % 3]))

    return [Race("Saving labels", "saves", SAVES, save, insert, "a bare INSERT with the same durability")]


def bare_table() -> sqlite3.Connection:
    bare = sqlite3.connect(DATA_DIR_OF_TESTS / "bare.sqlite3", isolation_level=None)
    bare.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
    bare.executescript("CREATE TABLE IF NOT EXISTS event (unit, variable, value)")
    return bare


def lines() -> Iterator[str]:
    for race in races():
        yield race.run()
    yield from growth()
    yield from crowd()


def growth() -> Iterator[str]:
    """Whether a save takes longer the more its annotator has saved."""
    study = make.study(1, long_texts(1, MANY // len(VARIABLES) * 2))
    assignment = study.assignment()
    user = assignment.member.user_id
    assert user is not None
    bare, times, least = bare_table(), list[float](), list[float]()
    for unit in study.units()[: MANY // len(VARIABLES)]:
        for variable, value in VARIABLES.items():

            def save(unit=unit, variable=variable, value=value) -> None:
                found, asked = own_unit(user, assignment.pk, unit.pk, slug=study.slug)
                save_label(assignment=found, choice=make.choice(unit, variable, value), unit=asked)

            times.append(1000 * seconds(save))
            least.append(1000 * seconds(lambda: bare.execute("INSERT INTO event VALUES (1, 'tone', '0')")))
    first, last = median(times[:PART]), median(times[-PART:])
    yield f"Each of {len(times):,} labels: {spread(times)}, {median(times) / median(least):.1f} times a bare INSERT"
    yield f"The last {PART} of them: {last / first:.2f} times the first {PART} ({last:.1f} ms against {first:.1f} ms)"


def crowd() -> Iterator[str]:
    """Annotators who save without a pause, on a server as an operator runs it, against one of them alone."""
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as running:
        made = running.fill(ANNOTATORS)
        running.start("--no-worker")
        annotators = [Annotator(running, made, **writer) for writer in made.writers]
        alone = EACH / seconds(lambda: save_often(annotators[0], []))
        statuses: list[int] = []
        threads = [Thread(target=save_often, args=(annotator, statuses)) for annotator in annotators]
        begun = perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        together = len(statuses) / (perf_counter() - begun)
    errors = sum(status != 200 for status in statuses)
    yield (
        f"{ANNOTATORS} annotators without a pause: {together / alone:.2f} times one alone"
        f" ({together:,.0f} against {alone:,.0f} saves a second), {errors} errors"
    )


def save_often(annotator: Annotator, statuses: list[int]) -> None:
    for _ in range(EACH):
        statuses.append(annotator.save(str(uuid4()))[0])
