"""What a browser sends to a site as an operator runs it, and what the system tells of its processes."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from urllib.parse import urlencode

from tests.site import Filled, Site

CSRF = "t" * 32
BOUNDARY = "form-of-the-tests"
STANCES = ("against", "neutral", "for")
Stream = Iterator[bytes]
Running = tuple[Site, Filled]
Answer = tuple[int, HTTPMessage, str]


def request(running: Running, method: str, path: str, body: object = None, **headers: str) -> Answer:
    site, filled = running
    connection = HTTPConnection("127.0.0.1", site.port, timeout=120)
    cookie = f"sessionid={filled.lead}; csrftoken={CSRF}"
    connection.request(method, path, body, {"Cookie": cookie, **headers})  # type: ignore[arg-type]
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, text


def form(name: str) -> tuple[bytes, bytes]:
    """What stands before and behind the file."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{CSRF}\r\n'
    head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode(), f"\r\n--{BOUNDARY}--\r\n".encode()


def upload(running: Running, name: str, chunks: Stream, length: int) -> Answer:
    head, tail = form(name)

    def body() -> Stream:
        yield head
        yield from chunks
        yield tail

    return request(
        running,
        "POST",
        f"/p/{running[1].slug}/articles/import/",
        body(),
        **{
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Content-Length": str(len(head) + length + len(tail)),
        },
    )


def family(site: Site) -> list[int]:
    assert site.process is not None
    pid = site.process.pid
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def memory(site: Site) -> int:
    """The most that the server's processes have ever held, added up, in MB."""
    peaks = [re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in family(site)]
    return sum(int(peak[1]) for peak in peaks if peak) // 1024


def figures(running: Running, address: str) -> dict[str, object]:
    return json.loads(request(running, "GET", address, Accept="application/json")[2])


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
