"""Messages to other hosts: to those alone that the operator has named, without a redirect, and soon over.

The address is resolved once, looked at and connected to as it is: a name that means another address a moment later
leads nowhere else.
"""

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Thread
from urllib.parse import SplitResult, urlsplit

import urllib3
from django.conf import settings

from annotator.core.errors import InvalidError

CONNECT, READ = 5.0, 10.0
LONGEST = 20.0
LONGEST_ANSWER = 200
PRIVATE = "private:"
"""Before a host in WEBHOOK_HOSTS: it may be of the operator's own network."""


@dataclass(frozen=True)
class Answer:
    status: int
    beginning: str


class UnreachedError(Exception):
    """No answer came."""


def check_url(url: str) -> SplitResult:
    """Raises InvalidError where nothing may be sent there."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise InvalidError("This is no address. Write one such as https://hooks.example.org/annotator.") from error
    if (
        parts.scheme not in ("http", "https")
        or not host
        or parts.username is not None
        or not (url.isascii() and url.isprintable())
    ):
        raise InvalidError("This is no address. Write one such as https://hooks.example.org/annotator.")
    if not _named(parts) & _allowed():
        named = host if port is None else f"{host}:{port}"
        raise InvalidError(
            f"The operator of this site lets nothing be sent to {named[:80]}. He names hosts in WEBHOOK_HOSTS."
        )
    if parts.scheme == "http" and not _is_loopback(host):
        raise InvalidError("The address has to begin with https://, or lead to this machine.")
    return parts


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send it, and read the beginning of the answer. Raises UnreachedError, or InvalidError as `check_url`."""
    parts = check_url(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _resolved(host, port, private=bool(_named(parts) & _private()))
    if parts.scheme == "https":
        pool: urllib3.HTTPConnectionPool = urllib3.HTTPSConnectionPool(
            address, port, server_hostname=host, assert_hostname=host, cert_reqs="CERT_REQUIRED"
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port)
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    with pool:
        return _sent(pool, target, body, {**headers, "Host": parts.netloc})


def _sent(pool: urllib3.HTTPConnectionPool, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """In a thread that is not waited for long: the limits of a socket begin anew with each byte that comes."""
    found: list[Answer | UnreachedError] = []

    def ask() -> None:
        try:
            found.append(_answered(pool, target, body, headers))
        except UnreachedError as error:
            found.append(error)

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(LONGEST)
    answer = found[0] if found else UnreachedError("The answer took too long.")
    if isinstance(answer, UnreachedError):
        raise answer
    return answer


def _answered(pool: urllib3.HTTPConnectionPool, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    timeout = urllib3.Timeout(connect=CONNECT, read=READ, total=CONNECT + READ)
    try:
        answer = pool.request(
            "POST",
            target,
            body=body,
            headers=dict(headers),
            redirect=False,
            retries=False,
            timeout=timeout,
            preload_content=False,
            decode_content=False,
        )
        beginning = answer.read(LONGEST_ANSWER).decode("utf-8", "replace")
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise UnreachedError(str(error)) from error
    answer.close()
    return Answer(answer.status, "".join(sign for sign in beginning if sign.isprintable()))


def _resolved(host: str, port: int, *, private: bool) -> str:
    try:
        found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise UnreachedError(f"{host} has no address: {error}") from error
    may_be_private = private or _is_literal(host) or host == "localhost"
    public = [one for one in found if ipaddress.ip_address(one).is_global]
    if not may_be_private and len(public) < len(found):
        raise UnreachedError(f"{host} leads into a private network.")
    return found[0]


def _named(parts: SplitResult) -> set[str]:
    """As the operator may name it: the host alone, or with its port; an address of IPv6 in brackets or without."""
    host, port = parts.hostname or "", parts.port
    written = {host, f"[{host}]"} if ":" in host else {host}
    return written if port is None else written | {f"{one}:{port}" for one in written}


def _private() -> set[str]:
    return {host.removeprefix(PRIVATE) for host in settings.WEBHOOK_HOSTS if host.startswith(PRIVATE)}


def _allowed() -> set[str]:
    return {host.removeprefix(PRIVATE) for host in settings.WEBHOOK_HOSTS}


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_literal(host) and ipaddress.ip_address(host).is_loopback)


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
