"""A server killed while 16 annotators save loses nothing that it has acknowledged."""

from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from threading import Event, Lock, Thread
from uuid import uuid4

from tests.live_site import Annotator, Save
from tests.site import Site, site

WRITERS = 16
KILL_AFTER = 300  # acknowledged saves


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
    return {event: Save(*row) for event, row in killed.told("events").items()}


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
