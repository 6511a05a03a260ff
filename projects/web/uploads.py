"""The one file of an upload form, refused before it is read where it is too large."""

from dataclasses import dataclass

from django.http import HttpRequest

from annotator.core.errors import InvalidError
from projects.readers.limits import UPLOAD_BYTES


@dataclass(frozen=True)
class Upload:
    name: str
    data: bytes
    encoding: str | None


def uploaded_file(request: HttpRequest, field: str = "file") -> Upload:
    """Raises InvalidError when there is no file, it is empty, or it is over the limit."""
    file = request.FILES.get(field)
    if file is None or isinstance(file, list):
        raise InvalidError("Choose a file first.")
    size = file.size or 0
    if size == 0:
        raise InvalidError(f"The file “{file.name}” is empty. Nothing was stored.")
    if size > UPLOAD_BYTES:
        limit = UPLOAD_BYTES // 1024 // 1024
        raise InvalidError(f"The file “{file.name}” is too large: {size:,} bytes, the limit is {limit} MB.")
    return Upload(file.name or "", file.read(), request.POST.get("encoding") or None)
