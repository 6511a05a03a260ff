"""Files that commands write."""

import os
from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import CommandError


def write_whole(out: Path, chunks: Iterable[bytes]) -> None:
    """Write beside the place and move there at the end: nobody finds half a file."""
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.writelines(chunks)
        draft.replace(out)
    except OSError as error:
        raise CommandError(f"{out}: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
