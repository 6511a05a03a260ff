"""Whether the content of a file is of the kind that its name says."""

from projects.readers.base import ReadError

_SIGNATURES = (
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document (docx, xlsx, odt)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document (doc, xls), or one under a password"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3\0", "a database"),
)
_PROGRAM = b"MZ"
_PACKED = (b"PK\x03\x04", b"PK\x05\x06")
_BINARY = {
    "docx": ("a Word document", _PACKED),
    "xlsx": ("an Excel workbook", _PACKED),
    "ods": ("an OpenDocument spreadsheet", _PACKED),
    "zip": ("a ZIP archive", _PACKED),
    "pdf": ("a PDF document", (b"%PDF-",)),
    "rtf": ("an RTF document", (b"{\\rtf",)),
}


def check_content(data: bytes, ending: str) -> None:
    """Refuse a file whose content is not what its name says; what the browser says its type is decides nothing."""
    if ending in _BINARY:
        _check_binary(data, ending)
    elif found := _kind(data):
        raise ReadError(f"the file is named .{ending} but its content is of another type: {found}, not text")


def is_packed(data: bytes) -> bool:
    """Whether the file is an archive by its content: ZIP, and with it every office document."""
    return data.startswith(_PACKED)


def _check_binary(data: bytes, ending: str) -> None:
    kind, signatures = _BINARY[ending]
    # Readers of PDF allow the mark anywhere in the first 1024 bytes; the other formats begin with theirs.
    begins = signatures[0] in data[:1024] if ending == "pdf" else data.startswith(signatures)
    if not begins:
        found = _kind(data) or "text, or damaged"
        raise ReadError(f"the file is named .{ending} but its content is not {kind}: it is {found}")


def _kind(data: bytes) -> str:
    found = next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), "")
    # "MZ" alone could begin a text; a program's header is full of NULs.
    if not found and data.startswith(_PROGRAM) and b"\0" in data[:128]:
        return "a program"
    return found
