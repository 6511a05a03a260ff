"""Imports through a server as an operator runs it: large files, the job worker, and its death."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from tests import hostile, make
from tests.live_site import Annotator, Running, family, figures, memory, upload
from tests.shared import needs_shared
from tests.site import Site, site

MOST_GROWTH_MB = 150
needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="NOT RUN: needs Linux's /proc")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with site(tmp_path) as made:
        filled = made.fill(1)
        made.start()
        # The master listens before its children are there: two for the web, and the job worker.
        until(lambda: len(family(made)) == 4)
        yield made, filled


def until(condition: object, seconds: float = 60) -> None:
    assert callable(condition)
    end = monotonic() + seconds
    while not condition():
        assert monotonic() < end, "waited in vain"
        threading.Event().wait(0.05)


def long_file(rows: int) -> bytes:
    found = ({"external_id": f"a{n}", "title": f"No. {n}", "text": make.TEXT * 5} for n in range(rows))
    return "\n".join(map(json.dumps, found)).encode()


@needs_proc
@needs_shared
def test_a_stream_far_over_the_limit_is_refused_without_filling_memory_or_disk(running: Running) -> None:
    (case,) = [case for case in hostile.cases("article_upload") if case.id == "stream-300mb"]
    stream = case.content()
    upload(running, "first.txt", iter([b"One came."]), 9)
    before, begun = memory(running[0]), monotonic()
    status, _, page = upload(running, case.filename, iter(stream), stream.length)
    assert status in case.raw["status"]
    assert monotonic() - begun < case.raw["answer_within_seconds"]
    assert memory(running[0]) - before < MOST_GROWTH_MB
    case.check_refusal(page)
    assert not list((running[0].data / "uploads").glob("**/*.*"))


@needs_proc
def test_a_long_import_is_done_by_the_worker_while_annotators_save(running: Running) -> None:
    data = long_file(1000)
    saved: list[float] = []
    annotator = Annotator(*running, **running[1].writers[0])
    status, headers, _ = upload(running, "many.jsonl", iter([data]), len(data))
    assert status == 202
    while figures(running, headers["Location"])["state"] in {"waiting", "running"}:
        begun = monotonic()
        assert annotator.save(os.urandom(16).hex())[0] == 200
        saved.append(monotonic() - begun)
    end = figures(running, headers["Location"])
    assert (end["state"], end["result"]["articles"]) == ("done", 1000), end  # type: ignore[index]
    assert len(saved) > 5
    assert max(saved) < 2


@needs_proc
def test_an_import_whose_worker_is_killed_is_finished_by_the_next_one(running: Running) -> None:
    data = long_file(3000)
    _, headers, _ = upload(running, "many.jsonl", iter([data]), len(data))
    address = headers["Location"]
    until(lambda: 0 < int(str(figures(running, address)["done"])) < 3000)
    os.kill(worker(running[0]), signal.SIGKILL)
    until(lambda: figures(running, address)["state"] not in {"waiting", "running"})
    end = figures(running, address)
    assert (end["state"], end["result"]["articles"]) == ("done", 3000), end  # type: ignore[index]


def worker(site: Site) -> int:
    """The process of the job worker, as its job says."""
    code = "from annotator.models import Job; print(Job.objects.get().worker.rpartition(':')[2])"
    done = site.run("manage.py", "shell", "-v0", "-c", code)
    return int(done.stdout)
