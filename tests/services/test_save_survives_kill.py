"""A server killed while 16 annotators save loses nothing that it has acknowledged."""

import json
import random
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Lock, Thread
from urllib.parse import urlencode
from uuid import uuid4

from tests.site import Filled, Site, site

WRITERS = 16
KILL_AFTER = 300  # acknowledged saves
CSRF = "t" * 32
STANCES = ("against", "neutral", "for")


@dataclass(frozen=True)
class Save:
    assignment: str
    unit: int
    value: str
    version: int


@dataclass
class Annotator:
    """One annotator's browser: one connection, kept open."""

    site: Site
    filled: Filled
    assignment: str
    session: str
    versions: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.site.port, timeout=20)

    def save(self, event: str) -> tuple[int, Save]:
        """Answer a question on some sentence; the status of the answer, and what was asked for."""
        unit, value = random.choice(self.filled.units), random.choice(STANCES)
        base = self.versions.get(unit, 0)
        form = {"event": event, "unit": unit, "variable": "stance", "value": json.dumps(value), "base_version": base}
        self.connection.request(
            "POST",
            f"/p/{self.filled.slug}/code/{self.assignment}/save/",
            urlencode(form | {"csrfmiddlewaretoken": CSRF}),
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
            },
        )
        answer = self.connection.getresponse()
        answer.read()
        self.versions[unit] = base + 1
        return answer.status, Save(self.assignment, unit, value, base + 1)


@dataclass
class Acknowledged:
    """What the server has said that it stored, by uuid; `enough` is set when it is time to kill it."""

    saves: dict[str, Save] = field(default_factory=dict)
    refused: list[tuple[int, Save]] = field(default_factory=list)
    enough: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def note(self, event: str, status: int, save: Save) -> None:
        with self.lock:
            if status == 200:
                self.saves[event] = save
            else:
                self.refused.append((status, save))
            if self.refused or len(self.saves) >= KILL_AFTER:
                self.enough.set()

    def save_until_killed(self, annotator: Annotator) -> None:
        try:
            while not self.refused:
                event = str(uuid4())
                self.note(event, *annotator.save(event))
        except (OSError, HTTPException):
            return  # the server is gone


def stored(killed: Site) -> dict[str, Save]:
    done = killed.run("-m", "tests.fill", "events")
    assert done.returncode == 0, done.stderr
    return {event: Save(*row) for event, row in json.loads(done.stdout).items()}


def test_no_acknowledged_save_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    with site(tmp_path) as running:
        made = running.fill(WRITERS)
        running.start()
        acknowledged = Acknowledged()
        annotators = [Annotator(running, made, **writer) for writer in made.writers]
        threads = [Thread(target=acknowledged.save_until_killed, args=(annotator,)) for annotator in annotators]
        for thread in threads:
            thread.start()
        assert acknowledged.enough.wait(timeout=60)
        running.kill()
        for thread in threads:
            thread.join()
        assert not acknowledged.refused
        events = stored(running)
        assert {event: events.get(event) for event in acknowledged.saves} == acknowledged.saves
        replayed = running.manage("rebuild_labels", "--check")
        assert replayed.returncode == 0, replayed.stdout


def test_a_killed_server_starts_again_and_takes_the_next_save(tmp_path: Path) -> None:
    with site(tmp_path) as running:
        made = running.fill(1)
        versions: dict[int, int] = {}
        for _ in range(2):
            running.start()
            status, _save = Annotator(running, made, **made.writers[0], versions=versions).save(str(uuid4()))
            assert status == 200
            running.kill()
        assert len(stored(running)) == 2
