"""How long a server takes for a long import by its own form, and for the saves of annotators meanwhile.

`python -m tests.bench.importing_live` on SQLite, `python -m tests.postgres python -m tests.bench.importing_live` on
PostgreSQL.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from time import monotonic, sleep

from annotator.core.sentences import split
from tests.bench.texts import long_texts
from tests.live_site import Annotator, Running, figures, memory, upload
from tests.site import site

WRITERS = 5
PAUSE = 1.0
"""Seconds between two answers of an annotator, who would take longer."""


def main(articles: int) -> None:
    texts = long_texts(articles)
    rows = ({"external_id": f"a{n}", "text": text, "language": "en"} for n, text in enumerate(texts))
    data = "\n".join(map(json.dumps, rows)).encode()
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as made:
        running = made, made.fill(WRITERS)
        made.start()
        sleep(3)
        before = memory(made)
        taken, saves = measured(running, lambda: finished_import(running, data))
        sentences = sum(len(split(text)) for text in texts)
        print(f"{articles:,} articles, {sentences:,} sentences: {taken:.1f} s")
        print(f"{len(saves)} saves meanwhile: median {median(saves):.0f} ms, p99 {quantiles(saves, n=100)[98]:.0f} ms")
        print(f"Memory of all processes: {memory(made) - before} MB more than the {before} MB before")


def finished_import(running: Running, data: bytes) -> None:
    _, headers, _ = upload(running, "many.jsonl", iter([data]), len(data))
    while (end := figures(running, headers["Location"]))["state"] in {"waiting", "running"}:
        sleep(0.1)
    assert end["state"] == "done", end


def measured(running: Running, work: Callable[[], None]) -> tuple[float, list[float]]:
    """The seconds of the work, and the milliseconds of each save that annotators did meanwhile."""
    stop, saves = Event(), list[float]()
    writers = [Thread(target=write, args=(Annotator(*running, **who), stop, saves)) for who in running[1].writers]
    for writer in writers:
        writer.start()
    begun = monotonic()
    work()
    taken = monotonic() - begun
    stop.set()
    for writer in writers:
        writer.join()
    return taken, saves


def write(annotator: Annotator, stop: Event, saves: list[float]) -> None:
    while not stop.wait(PAUSE):
        begun = monotonic()
        status, _ = annotator.save(os.urandom(16).hex())
        assert status == 200, status
        saves.append((monotonic() - begun) * 1000)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4000)
