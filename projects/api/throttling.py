"""How many requests a minute a token, a user and an address may send; counted for all processes of a machine together.

Each request appends a byte to a file of its minute, so that the length of the file is the count: no lock, no database.
A cache in memory would count for one process alone, and a row of the database would cost a save as much again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from projects.models import Token, User

if TYPE_CHECKING:
    # The views import their default throttle, which is here.
    from rest_framework.views import APIView

MINUTE = 60


class Throttle(BaseThrottle):
    """For those who are known. A user may send as much as two of his tokens."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        return all(_count(who) <= most for who, most in _counted(request)) if _most() else True

    def wait(self) -> float:
        return _left()


def refuse_flood(request: Request) -> None:
    """Whoever is not known, by his address: raises Throttled. A tenth of what a token may."""
    address = hashlib.sha256(str(request.META.get("REMOTE_ADDR", "")).encode()).hexdigest()[:32]
    if _most() and _count(f"address-{address}") > max(1, _most() // 10):
        raise Throttled(wait=_left())


def _counted(request: Request) -> Iterator[tuple[str, int]]:
    if isinstance(request.auth, Token):
        yield f"token-{request.auth.pk}", _most()
    if isinstance(request.user, User):
        yield f"user-{request.user.pk}", 2 * _most()


def _most() -> int:
    """0 = any number."""
    most: int = settings.API_REQUESTS_A_MINUTE
    return most


def _left() -> float:
    return MINUTE - time() % MINUTE


def _count(who: str) -> int:
    folder = settings.DATA_DIR / "throttle" / str(int(time() // MINUTE))
    try:
        return _append(folder / who)
    except FileNotFoundError:
        _begin(folder)
        return _append(folder / who)


def _append(path: Path) -> int:
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, b".")
        return os.fstat(file).st_size
    finally:
        os.close(file)


def _begin(folder: Path) -> None:
    """The first request of a minute drops the counts of those before."""
    folder.mkdir(parents=True, exist_ok=True)
    for other in folder.parent.iterdir():
        if other.name < folder.name:
            shutil.rmtree(other, ignore_errors=True)
