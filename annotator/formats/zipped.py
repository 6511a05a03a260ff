"""ZIP files as they go out: piece by piece, in little memory, and the same content always gives the same bytes."""

import io
import zipfile
from collections.abc import Iterable, Iterator

# ZIP knows no earlier day.
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
PIECE = 64 * 1024

File = tuple[str, Iterable[bytes]]
"""The path of a file in the archive, and its content in pieces."""


def zip_pieces(files: Iterable[File], *, large: bool = False) -> Iterator[bytes]:
    """The bytes of a ZIP file that holds these files in this order. `large` where one may have more than 2 GiB."""
    out = _Outlet()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, pieces in files:
            with archive.open(_entry(path), "w", force_zip64=large) as file:
                for piece in pieces:
                    file.write(piece)
                    if out.waiting() >= PIECE:
                        yield out.taken()
    yield out.taken()


def _entry(path: str) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(path, FIRST_DAY)
    found.compress_type = zipfile.ZIP_DEFLATED
    found.external_attr = 0o644 << 16
    return found


class _Outlet(io.RawIOBase):
    """What is written to it waits to be taken; it cannot be sought in, so that ZIP puts sizes behind the files."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._waiting = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._pieces.append(piece)
        self._waiting += len(piece)
        return len(piece)

    def waiting(self) -> int:
        return self._waiting

    def taken(self) -> bytes:
        piece = b"".join(self._pieces)
        self._pieces, self._waiting = [], 0
        return piece
