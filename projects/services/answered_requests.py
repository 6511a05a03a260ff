"""Requests that must not be done twice: whoever sends one again with the same key gets the first one's answer."""

from datetime import timedelta

from django.db import IntegrityError
from django.utils import timezone

from annotator.core.errors import ConflictError
from projects.models import AnsweredRequest, User

from .transaction import write

KEPT_FOR = timedelta(hours=24)


class OtherRequestError(ConflictError):
    """The key was used for another request before: a fault of the sender's."""

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request before. Make a new one and send again.")


def claim(*, user: User, key_hash: str, request_sha256: str) -> tuple[AnsweredRequest, bool]:
    """The row of this key, and whether it is new: then the request is to be done now, and `answer` or `let_go` ends it.

    Raises OtherRequestError, or ConflictError where the first request is still at work.
    """
    fields = {"user_id": user.pk, "key_hash": key_hash}
    try:
        with write():
            AnsweredRequest.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
            return AnsweredRequest.objects.create(request_sha256=request_sha256, **fields), True
    except IntegrityError:
        found = AnsweredRequest.objects.filter(**fields).first()
    if found is not None and found.request_sha256 != request_sha256:
        raise OtherRequestError
    if found is None or found.status is None:
        raise ConflictError(
            "The first request with this Idempotency-Key is still at work, or was cut off. Look whether it was done."
        )
    return found, False


def answer(*, claimed: AnsweredRequest, status: int, answer: object) -> None:
    with write():
        AnsweredRequest.objects.filter(pk=claimed.pk).update(status=status, answer=answer)


def let_go(*, claimed: AnsweredRequest) -> None:
    """The request was refused and did nothing: it may be sent again."""
    with write():
        AnsweredRequest.objects.filter(pk=claimed.pk).delete()
