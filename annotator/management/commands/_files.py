"""Files that commands write."""

import os
from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import CommandError


def write_whole(out: Path, chunks: Iterable[bytes], *, mode: int = 0o666) -> None:
    """Write beside the place and move there at the end: nobody finds half a file. `mode` less the umask is its mode."""
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with open(draft, "wb", opener=lambda path, flags: os.open(path, flags, mode)) as file:
            file.writelines(chunks)
        draft.replace(out)
    except OSError as error:
        raise CommandError(f"{out}: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
