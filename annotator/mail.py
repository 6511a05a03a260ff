"""Which server sends the site's e-mail, out of one address such as smtps://name:password@mail.example.org."""

from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
BACKENDS = "django.core.mail.backends."


@dataclass(frozen=True)
class MailServer:
    backend: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starts_tls: bool = False
    is_tls: bool = False


def mail_server(address: str, *, debug: bool) -> MailServer | None:
    """None where no address is given. `console:` prints e-mail, links that set passwords among them: for debugging."""
    if not address:
        return None
    if address == "console:":
        if not debug:
            raise ImproperlyConfigured("EMAIL_URL=console: would print links that set passwords. It needs DEBUG=1.")
        return MailServer(f"{BACKENDS}console.EmailBackend")
    parts = urlsplit(address)
    if parts.scheme not in PORTS or not parts.hostname or not _has_number_as_port(parts):
        known = ", ".join(f"{scheme}://user:password@host" for scheme in PORTS)
        raise ImproperlyConfigured(
            f"EMAIL_URL is none of {known}; signs such as # or / in it are written as %23 or %2F."
        )
    return MailServer(
        f"{BACKENDS}smtp.EmailBackend",
        parts.hostname,
        parts.port or PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        starts_tls=parts.scheme == "smtp+tls",
        is_tls=parts.scheme == "smtps",
    )


def _has_number_as_port(parts: SplitResult) -> bool:
    """What Python says of another port would show a piece of the password."""
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False
