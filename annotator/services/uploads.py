"""Files that are kept between the preview and the import, or until a job has read them; each opens to its sender only.

They lie in the site's file storage, so that a job worker on another machine finds them where that is shared.
"""

import contextlib
import json
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from annotator.core.errors import InvalidError
from projects.models import Membership

KEPT_FOR = timedelta(hours=24)
FOLDER = "imports"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)


@dataclass(frozen=True)
class Kept:
    token: str
    name: str
    data: bytes


def keep(*, member: Membership, name: str, data: bytes) -> str:
    """Keep a file for a day; the token by which its sender, and nobody else, gets it back."""
    clear_old(FOLDER, KEPT_FOR)
    token = secrets.token_urlsafe(24)
    head = json.dumps({"name": name}).encode()
    default_storage.save(_path(member.pk, token), ContentFile(head + b"\n" + data))
    return token


def kept(*, member: Membership, token: str) -> Kept:
    if not _TOKEN.fullmatch(token):
        raise InvalidError("Choose the file once more.")
    try:
        with default_storage.open(_path(member.pk, token)) as file:
            head, _, data = file.read().partition(b"\n")
    except FileNotFoundError as error:
        raise InvalidError("The file is not kept any longer. Choose it once more.") from error
    return Kept(token, str(json.loads(head)["name"]), data)


def forget(*, member: Membership, token: str) -> None:
    if _TOKEN.fullmatch(token):
        default_storage.delete(_path(member.pk, token))


def _path(member_id: int, token: str) -> str:
    return f"{FOLDER}/{member_id}.{token}"


def clear_old(folder: str, kept_for: timedelta) -> None:
    """Delete what has lain in a folder of the storage for longer; another process may do the same."""
    with contextlib.suppress(FileNotFoundError):
        for name in default_storage.listdir(folder)[1]:
            with contextlib.suppress(FileNotFoundError):
                if default_storage.get_modified_time(f"{folder}/{name}") < timezone.now() - kept_for:
                    default_storage.delete(f"{folder}/{name}")


def forget_all(members: Collection[int]) -> None:
    """Delete what these members have sent and not imported."""
    with contextlib.suppress(FileNotFoundError):
        for name in default_storage.listdir(FOLDER)[1]:
            if name.partition(".")[0] in {str(pk) for pk in members}:
                default_storage.delete(f"{FOLDER}/{name}")
