"""Files in a file: ZIP archives and the office formats, which are such. Sizes are checked before unpacking."""

import io
import stat
import struct
import zipfile
import zlib
from collections import Counter

from projects.readers import limits
from projects.readers.base import ReadError

_PIECE = 65536
# What the module raises for a damaged archive, besides what it should.
_BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, RuntimeError, OverflowError, struct.error)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Archive:
    """The entries of an archive that was checked; `what` names it in messages: "archive", "Word document"."""

    def __init__(self, data: bytes, what: str, *, most: int = limits.OFFICE_PARTS) -> None:
        """Open and check an archive; raises `ReadError` for a damaged, locked, oversized or treacherous one."""
        self.what = what
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise self._damaged() from error
        self.infos = [info for info in self._zip.infolist() if not info.is_dir()]
        self._check_number(most)
        for info in self.infos:
            self._check(info)

    @property
    def names(self) -> list[str]:
        return [info.filename for info in self.infos]

    @property
    def size(self) -> int:
        """What all entries say that they unpack to, in bytes."""
        return sum(info.file_size for info in self.infos)

    def read(self, name: str) -> bytes:
        """Unpack one entry. No more than the size that was checked is ever unpacked; a longer one is damaged."""
        try:
            with self._zip.open(name) as entry:
                # Piece by piece: asked for all, the module unpacks beyond the stated size before it cuts.
                return b"".join(iter(lambda: entry.read(_PIECE), b""))
        except _BROKEN as error:
            raise self._damaged(name) from error

    def _check_number(self, most: int) -> None:
        if len(self.infos) > most:
            raise ReadError(f"the {self.what} has {len(self.infos)} entries, which is too many: the limit is {most}")
        if self.size > limits.UNPACKED_BYTES:
            megabytes = limits.UNPACKED_BYTES // limits.MEGABYTE
            raise ReadError(f"the {self.what} is too large when it is unpacked: the limit is {megabytes} MB")
        if twice := [name for name, count in Counter(self.names).items() if count > 1]:
            raise ReadError(f"the {self.what} is damaged: an entry is there twice", shown(twice[0]))

    def _check(self, info: zipfile.ZipInfo) -> None:
        where = shown(info.filename)
        if info.flag_bits & 0x1:
            raise ReadError(f"an entry of the {self.what} is under a password (encrypted): save it without", where)
        if info.compress_type not in _METHODS:
            raise ReadError(f"an entry of the {self.what} is packed in a way that is not read: pack it as ZIP", where)
        # orig_filename: the module turns backslashes into slashes on some systems.
        parts = info.orig_filename.replace("\\", "/").split("/")
        if ".." in parts or parts[0] == "" or parts[0].endswith(":"):
            raise ReadError(f"the name of an entry of the {self.what} is a path that leads out of it", where)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise ReadError(f"an entry of the {self.what} is a link, not a file", where)

    def _damaged(self, name: str = "") -> ReadError:
        return ReadError(f"the {self.what} is damaged or incomplete and can't be read", shown(name))


def shown(name: str) -> str:
    """Return an entry's name fit for a message: printable and short."""
    printable = "".join(character for character in name if character.isprintable())
    return printable if len(printable) <= 100 else f"{printable[:60]}…{printable[-30:]}"
