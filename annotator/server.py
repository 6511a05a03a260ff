"""The production server: gunicorn with a job worker beside its web workers.

One process loads the site and forks the others, so that they share its memory. Whoever stops or dies takes the others
along: web workers notice that their master is gone by themselves, the job worker watches for it here.
"""

import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer

MOST_RESTARTS, WITHIN_SECONDS = 5, 60.0
# How often the job worker looks for waiting jobs, and for those of dead workers.
POLL_SECONDS, LOST_SECONDS = 0.5, 30


@dataclass(frozen=True)
class Options:
    host: str
    port: int
    workers: int
    with_jobs: bool

    @property
    def bind(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass
class JobWorker:
    """The child that works off background jobs; started again when it dies."""

    starts: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_RESTARTS))
    pid: int = 0

    def keep(self, in_child: Callable[[], None]) -> None:
        """Start the worker if it is not there. `in_child` lets go of what only the master may hold."""
        if self.pid and _is_alive(self.pid):
            return
        now = time.monotonic()
        if len(self.starts) == MOST_RESTARTS and now - self.starts[0] < WITHIN_SECONDS:
            raise HaltServer(f"the job worker died {MOST_RESTARTS} times within a minute", 1)
        if self.pid:
            print(f"The job worker (process {self.pid}) ended; starting another.", file=sys.stderr)  # noqa: T201
        self.starts.append(now)
        master = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            in_child()
            _work(master)

    def stop(self) -> None:
        if self.pid and _is_alive(self.pid):
            os.kill(self.pid, signal.SIGTERM)


class Master(Arbiter):
    """gunicorn's master process, which also looks after the job worker."""

    def __init__(self, app: "Site") -> None:
        super().__init__(app)
        self.jobs = JobWorker() if app.options.with_jobs else None

    def manage_workers(self) -> None:
        super().manage_workers()
        if self.jobs is not None:
            self.jobs.keep(self._let_go)

    def stop(self, graceful: bool = True) -> None:
        if self.jobs is not None:
            self.jobs.stop()
        super().stop(graceful)

    def _let_go(self) -> None:
        for name in self.SIGNALS:
            signal.signal(name, signal.SIG_DFL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for listener in self.LISTENERS:
            listener.close()


class Site(BaseApplication):
    def __init__(self, options: Options, when_ready: Callable[[], None]) -> None:
        self.options = options
        self.when_ready = when_ready
        super().__init__()

    def load_config(self) -> None:
        shared_memory = Path("/dev/shm")
        settings = {
            "bind": self.options.bind,
            "workers": self.options.workers,
            "worker_class": "gthread",
            "threads": 8,
            # The default of 2 s made clients write into connections that were just closing.
            "keepalive": 75,
            "timeout": 120,
            "preload_app": True,
            "loglevel": "warning",
            "control_socket_disable": True,
            # The heartbeat of the workers must not wait for a disk.
            "worker_tmp_dir": str(shared_memory) if os.access(shared_memory, os.W_OK) else None,
            "when_ready": lambda master: self.when_ready(),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        application = get_wsgi_application()
        # Loads every view now, once, and not in each worker at its first request.
        from django.urls import get_resolver

        _ = get_resolver().url_patterns
        connections.close_all()
        return application

    def run(self) -> None:
        Master(self).run()


def _work(master: int) -> None:
    threading.Thread(target=_stop_without, args=(master,), daemon=True).start()
    try:
        _work_off_jobs()
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else 1)
    except BaseException:  # noqa: BLE001  Nothing may unwind into the master's loop, of which this is a forked copy.
        sys.excepthook(*sys.exc_info())
    os._exit(1)


def _work_off_jobs() -> None:
    """Look for waiting jobs with a plain read, since each poll of the worker itself would take SQLite's write lock."""
    from django_tasks_db.models import DBTaskResult

    from annotator.services import jobs

    looked = float("-inf")
    while True:
        if time.monotonic() - looked > LOST_SECONDS:
            jobs.take_up_lost()
            looked = time.monotonic()
        if DBTaskResult.objects.ready().exists():
            call_command("db_worker", batch=True, startup_delay=False, reload=False, verbosity=0)
        close_old_connections()
        time.sleep(POLL_SECONDS)


def _stop_without(master: int) -> None:
    """End this process when its parent is gone: an orphan would work on beside the next server's worker."""
    while os.getppid() == master:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _is_alive(pid: int) -> bool:
    """Whether our child still runs. The master reaps its dead children before it asks."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
