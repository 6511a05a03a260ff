"""The one file of an upload form. What is too large never reaches a disk or the memory."""

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from annotator.core.errors import InvalidError
from projects.readers.limits import UPLOAD_BYTES
from projects.web.numbers import number

_TOO_LARGE = "UPLOAD_TOO_LARGE"


class LimitedUpload(FileUploadHandler):
    """Lets pass what is within the limit; the rest of a larger file is read past, and its name noted on the request.

    Hanging up would be quicker, but then a browser shows an error of the network in place of our message.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > UPLOAD_BYTES or self._is_announced_as_too_large():
            assert self.request is not None
            self.request.META[_TOO_LARGE] = self.file_name
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None

    def _is_announced_as_too_large(self) -> bool:
        """By the length of the whole form, which is not much more than its file."""
        assert self.request is not None
        return (number(str(self.request.META.get("CONTENT_LENGTH", ""))) or 0) > 2 * UPLOAD_BYTES


@dataclass(frozen=True)
class Upload:
    name: str
    data: bytes
    encoding: str | None


def uploaded_file(request: HttpRequest, field: str = "file") -> Upload:
    """Raises InvalidError when there is no file, it is empty, or it is over the limit."""
    file = request.FILES.get(field)
    if file is None and (name := request.META.get(_TOO_LARGE)):
        raise InvalidError(f"The file “{name}” is too large: the limit is {UPLOAD_BYTES // 1024 // 1024} MB.")
    if file is None or isinstance(file, list):
        raise InvalidError("Choose a file first.")
    size = file.size or 0
    if size == 0:
        raise InvalidError(f"The file “{file.name}” is empty. Nothing was stored.")
    return Upload(file.name or "", file.read(), request.POST.get("encoding") or None)
