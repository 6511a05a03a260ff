"""Reads a file in a process of its own, with a limit on time and memory.

Formats that need large libraries, or unpack, are read there: what these libraries take is given back at once, a file
made to exhaust a machine or to break a parser written in C takes that process with it and not the site, and what such
a file may break into holds neither the site's secrets nor its connections.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from projects.readers import limits, wire
from projects.readers.base import Document, ReadError

_ROOT = Path(__file__).resolve().parents[2]
_KEPT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")

log = logging.getLogger(__name__)


def read(name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    """Read a file as articles in a child process; raises `ReadError` as the format's reader does, and at a limit."""
    # One thread for the arithmetic: each would reserve memory of its own.
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | {"OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "projects.readers.child"],
            input=wire.request(name, data, encoding, mapping),
            capture_output=True,
            cwd=_ROOT,
            env=environment,
            timeout=limits.READ_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        most = limits.READ_SECONDS
        raise ReadError(f"reading the file took longer than the limit of {most} seconds: split it") from error
    if done.returncode:
        log.error("Reading ended with status %s: %s", done.returncode, done.stderr.decode(errors="replace")[-4000:])
        raise ReadError("the file can't be read: it is damaged, or too large for the memory that a file may take")
    return wire.answered(done.stdout)
