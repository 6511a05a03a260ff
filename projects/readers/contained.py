"""Work on a file in a process of its own, with a limit on time and memory.

Formats that need large libraries, or unpack, are read there: what these libraries take is given back at once, a file
made to exhaust a machine or to break a parser written in C takes that process with it and not the site, and what such
a file may break into holds neither the site's secrets nor its connections. Languages are guessed there for the sake of
memory alone.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from annotator.core.annotated import Annotated
from projects.readers import limits, wire
from projects.readers.base import Document, ReadError, Rows

_ROOT = Path(__file__).resolve().parents[2]
_KEPT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")

_BROKE = "the file can't be read: it is damaged, or too large for the memory that a file may take"

log = logging.getLogger(__name__)


def read(name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    """Read a file as articles in a child process; raises `ReadError` as the format's reader does, and at a limit."""
    answer = _run("read", wire.request(name, data, encoding, mapping))
    if answer is None:
        raise ReadError(_BROKE)
    return wire.answered(answer)


def first_rows(name: str, data: bytes) -> Rows:
    """Read the beginning of a spreadsheet in a child process; raises `ReadError`."""
    return _rows("first_rows", name, data)


def all_rows(name: str, data: bytes) -> Rows:
    """Read a spreadsheet in a child process; raises `ReadError`."""
    return _rows("all_rows", name, data)


def read_annotated(name: str, data: bytes) -> Annotated:
    """Read the export of another annotation tool in a child process; raises `ReadError`."""
    answer = _run("annotated", wire.request(name, data, None, None))
    if answer is None:
        raise ReadError(_BROKE)
    return wire.answered_annotated(answer)


def _rows(task: str, name: str, data: bytes) -> Rows:
    answer = _run(task, wire.request(name, data, None, None))
    if answer is None:
        raise ReadError(_BROKE)
    return wire.answered_rows(answer)


def likely_languages(samples: Sequence[str]) -> list[str]:
    """Guess the language of each sample in a child process; empty texts where the guess could not be made."""
    answer = _run("languages", json.dumps(samples).encode())
    found: list[str] = json.loads(answer) if answer is not None else [""] * len(samples)
    return found


def _run(task: str, sent: bytes) -> bytes | None:
    """Return what the child answers, or None where it broke; raises `ReadError` at the limit of time."""
    # One thread for the arithmetic: each would reserve memory of its own.
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | {"OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "projects.readers.child", task],
            input=sent,
            capture_output=True,
            cwd=_ROOT,
            env=environment,
            timeout=limits.READ_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        most = limits.READ_SECONDS
        raise ReadError(f"reading the file took longer than the limit of {most} seconds: split it") from error
    if done.returncode == 0:
        return done.stdout
    log.error("Child “%s” ended with %s: %s", task, done.returncode, done.stderr.decode(errors="replace")[-4000:])
    return None
