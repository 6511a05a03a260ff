"""ZIP files as they go out: piece by piece, in little memory, and the same content always gives the same bytes."""

import zipfile
from collections.abc import Iterable, Iterator

from annotator.formats.outlet import PIECE, Outlet

# ZIP knows no earlier day.
FIRST_DAY = (1980, 1, 1, 0, 0, 0)

File = tuple[str, Iterable[bytes]]
"""The path of a file in the archive, and its content in pieces."""


def zip_pieces(files: Iterable[File], *, large: bool = False) -> Iterator[bytes]:
    """The bytes of a ZIP file that holds these files in this order. `large` where one may have more than 2 GiB."""
    out = Outlet()
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
