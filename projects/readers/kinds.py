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
    (b"\xd0\xcf\x11\xe0", "an old office document (doc, xls)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3\0", "a database"),
)
_PROGRAM = b"MZ"


def check_content(data: bytes, ending: str) -> None:
    """Refuse a binary file under the name of a text format; what the browser says its type is decides nothing."""
    found = next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), "")
    # "MZ" alone could begin a text; a program's header is full of NULs.
    if not found and data.startswith(_PROGRAM) and b"\0" in data[:128]:
        found = "a program"
    if found:
        raise ReadError(f"the file is named .{ending} but its content is of another type: {found}, not text")
