"""The end of a file that is being written: what goes in can be taken out again, piece by piece."""

import io

PIECE = 64 * 1024


class Outlet(io.RawIOBase):
    """It cannot be sought in: ZIP puts sizes behind its files then."""

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
