"""`manage.py serve`: starts, stops, keeps its children, and refuses what is unsafe."""

import os
import re
import signal
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from threading import Event

import pytest
from django.core.management import CommandError, call_command

from annotator.management.commands import serve
from tests.site import Site, site

MOST_MEMORY_MB = 300
CHILDREN = 3  # two web workers and the job worker
needs_proc = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="NOT RUN: needs Linux's /proc")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as made:
        made.migrate()
        made.start()
        yield made


def get(running: Site, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", running.port, timeout=20)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), body


def children(running: Site) -> set[int]:
    assert running.process is not None
    pid = running.process.pid
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def whole_family(running: Site) -> set[int]:
    """The children, once they are all there: the master listens before it has them."""
    wait_until(lambda: len(children(running)) == CHILDREN)
    return children(running)


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until(condition: object) -> None:
    """Poll with a limit: other processes tell nobody when they have died."""
    assert callable(condition)
    for _ in range(200):
        if condition():
            return
        Event().wait(0.05)
    pytest.fail("waited 10 s in vain")


def test_the_site_answers_with_hashed_and_compressed_files_and_a_kept_connection(running: Site) -> None:
    assert get(running, "/healthz")[0] == 200
    status, headers, body = get(running, "/accounts/login/", Connection="keep-alive")
    assert (status, headers["Connection"]) == (200, "keep-alive")
    style = re.search(rb'href="(/static/annotator/css/[\w.-]+\.[0-9a-f]{12}\.css)"', body)
    assert style is not None
    status, headers, _ = get(running, style[1].decode(), **{"Accept-Encoding": "gzip"})
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in headers["Cache-Control"]


@needs_proc
def test_a_polite_stop_ends_every_process(running: Site) -> None:
    family = whole_family(running)
    assert running.stop() == 0
    wait_until(lambda: not any(is_alive(child) for child in family))


@needs_proc
def test_children_that_die_are_replaced(running: Site) -> None:
    before = whole_family(running)
    for child in before:
        os.kill(child, signal.SIGKILL)
    wait_until(lambda: len(children(running) - before) == CHILDREN)
    assert get(running, "/healthz")[0] == 200


@needs_proc
def test_no_child_outlives_a_killed_master(running: Site) -> None:
    family = whole_family(running)
    assert running.process is not None
    running.process.kill()
    running.process.wait()
    wait_until(lambda: not any(is_alive(child) for child in family))


@needs_proc
def test_the_idle_server_and_its_job_worker_need_little_memory(running: Site) -> None:
    """Proportional set size over all processes, after each web worker has had work."""
    for _ in range(20):
        assert get(running, "/accounts/login/")[0] == 200
    assert running.process is not None
    family = {running.process.pid, *whole_family(running)}
    total = sum(pss(pid) for pid in family)
    assert 0 < total / 1024 < MOST_MEMORY_MB


def pss(pid: int) -> int:
    """Proportional set size of a process, in kB."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


def test_a_database_without_its_tables_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with site(tmp_path) as bare:
        done = bare.manage("serve", "--port", str(bare.port))
    assert done.returncode == 1
    assert "manage.py migrate" in done.stderr


UNSAFE = {
    "DEBUG": {"DEBUG": True},
    "admits every name": {"ALLOWED_HOSTS": ["*"]},
    "no name by which others": {"ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]"]},
    "SECRET_KEY is shorter": {"SECRET_KEY": "short"},
}


@pytest.mark.parametrize("fault", UNSAFE)
def test_unsafe_settings_are_refused_off_loopback(settings: object, fault: str) -> None:
    safe = {"DEBUG": False, "ALLOWED_HOSTS": ["labels.example.org"], "SECRET_KEY": "k" * 50}
    for name, value in (safe | UNSAFE[fault]).items():
        setattr(settings, name, value)
    with pytest.raises(CommandError, match=fault):
        call_command("serve", host="0.0.0.0")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_loopback_is_told_from_the_rest(host: str, loopback: bool) -> None:
    assert serve.is_loopback(host) is loopback
