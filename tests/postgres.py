"""A PostgreSQL server for one command: `python -m tests.postgres pytest tests/services`.

The server is made in a temporary directory, listens on 127.0.0.1 only, keeps its durable defaults (the site refuses
to run without them) and is gone when the command ends. The command finds it in TEST_DATABASE_URL.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def program(name: str) -> str | None:
    """The path of a PostgreSQL program. Debian keeps them off the search path, one folder a version."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    places = [*map(str, debian), "/opt/homebrew/bin", "/usr/local/bin", os.environ.get("PATH", "")]
    return shutil.which(name, path=os.pathsep.join(places))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server() -> Iterator[str]:
    """Run a server and give the address of its database."""
    with tempfile.TemporaryDirectory(prefix="annotator-postgres-") as folder:
        data, password = Path(folder) / "data", secrets.token_hex(8)
        port, owner = free_port(), _owner(Path(folder))
        secret = Path(folder) / "password"
        secret.write_text(password)
        shutil.chown(secret, owner)
        _run(
            owner, ["initdb", "-D", str(data), "-U", "tests", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8"]
        )
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
        _run(owner, ["pg_ctl", "start", "-w", "-D", str(data), "-l", f"{folder}/log", "-o", options])
        try:
            yield f"postgres://tests:{password}@127.0.0.1:{port}/postgres"
        finally:
            _run(owner, ["pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(data)])


def _owner(folder: Path) -> str:
    """PostgreSQL refuses to run as root; the account of the Debian package does it then."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    shutil.chown(folder, "postgres")
    return "postgres"


def _run(owner: str, command: list[str]) -> None:
    path = program(command[0])
    if path is None:
        raise SystemExit(f"{command[0]} of PostgreSQL is not installed here.")
    prefix = ["runuser", "-u", owner, "--"] if os.geteuid() == 0 else []
    # pg_ctl leaves a child behind, which would keep a pipe open for ever: the output goes to a file.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [*prefix, path, *command[1:]], stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/"
        )
        output.seek(0)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{output.read().decode(errors='replace')}")


def main(command: list[str]) -> int:
    with server() as url:
        return subprocess.run(command, env=os.environ | {"TEST_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(program("initdb") is None if sys.argv[1:] == ["--is-here"] else main(sys.argv[1:]))
