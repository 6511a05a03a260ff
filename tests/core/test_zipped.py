"""ZIP files go out piece by piece."""

import io
import random
import zipfile
from collections.abc import Iterator

from annotator.formats.zipped import PIECE, zip_pieces


def test_files_come_back_and_the_same_content_gives_the_same_bytes() -> None:
    noise = random.Random(1).randbytes(5 * PIECE)

    def files() -> Iterator[tuple[str, list[bytes]]]:
        yield "a/words.txt", ["قال".encode(), b" and more"]
        yield "noise.bin", [noise[at : at + 1000] for at in range(0, len(noise), 1000)]
        yield "empty.txt", []

    pieces = list(zip_pieces(files()))
    assert len(pieces) > 3
    assert b"".join(pieces) == b"".join(zip_pieces(files()))
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.namelist() == ["a/words.txt", "noise.bin", "empty.txt"]
        assert archive.read("a/words.txt").decode() == "قال and more"
        assert archive.read("noise.bin") == noise
        assert archive.testzip() is None
