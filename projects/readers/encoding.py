"""Bytes to text for all readers, and the likely encoding where the bytes are in none that we may assume."""

import chardet

from annotator.core.text import BYTE_ORDER_MARK, Change, TextError, UndecodableError, decode
from projects.readers.base import EncodingError, ReadError, Source

_SAMPLE = 200_000
"""Bytes that the guess is made on; more takes long and changes nothing."""

_LANGUAGES = {
    "1250": "Central European", "1251": "Cyrillic", "1252": "Western European", "1253": "Greek", "1254": "Turkish",
    "1255": "Hebrew", "1256": "Arabic", "8859-1": "Western European, Latin 1", "8859-2": "Central European",
    "8859-5": "Cyrillic", "8859-6": "Arabic", "8859-9": "Turkish", "koi8": "Cyrillic",
}  # fmt: skip


def read_text(name: str, data: bytes, encoding: str | None) -> tuple[str, Source]:
    """Decode a file whole. The text keeps its byte order mark; raises `EncodingError` with a guess."""
    try:
        decoded = decode(data, encoding)
    except UndecodableError as error:
        raise _undecodable(error, data) from error
    except TextError as error:
        raise ReadError(f"{error}. Choose another encoding.") from error
    return decoded.text, Source(name, decoded.sha256, decoded.encoding)


def read_table_text(name: str, data: bytes, encoding: str | None) -> tuple[str, Source]:
    """Decode a file that holds several articles; its byte order mark belongs to the file, not to the first of them."""
    text, source = read_text(name, data, encoding)
    if not text.startswith(BYTE_ORDER_MARK):
        return text, source
    return text[1:], Source(name, source.sha256, source.encoding, (Change("byte_order_mark", 1),))


def likely_encodings(data: bytes) -> tuple[str, ...]:
    """Name the encodings that the bytes are likely to be in, best first; only such as decode them."""
    found = [str(guess["encoding"]) for guess in chardet.detect_all(data[:_SAMPLE]) if guess["encoding"]]
    return tuple(dict.fromkeys(name.lower() for name in found if _decodes(data, name)))[:3]


def beginning(data: bytes, encoding: str, characters: int) -> str:
    """Return the beginning of a file as it would read in `encoding`; raises `ReadError` where it can't."""
    text, _ = read_text("", data, encoding)
    return text.removeprefix(BYTE_ORDER_MARK)[:characters]


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        decode(data, encoding)
    except TextError:
        return False
    return True


def _undecodable(error: UndecodableError, data: bytes) -> EncodingError:
    likely = likely_encodings(data)
    guess = f"It is likely to be in {_described(likely[0])}." if likely else "It may be damaged, or not a text file."
    advice = "Choose the encoding and look at the preview, or save the file as UTF-8."
    return EncodingError(f"the file is {error}. {guess} {advice}", likely)


def _described(encoding: str) -> str:
    language = next((language for sign, language in _LANGUAGES.items() if encoding.endswith(sign)), "")
    return f"the encoding {encoding} ({language})" if language else f"the encoding {encoding}"
