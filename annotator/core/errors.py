"""What a service may refuse. Web and API each map these once to an answer."""


class DomainError(Exception):
    """A refusal with a message for the person who asked."""


class NotFoundError(DomainError):
    """There is no such thing, or the asker may not know of it: the two are never told apart."""


class NotAllowedError(DomainError):
    """The asker knows the thing, but his role doesn't allow the act."""


class InvalidError(DomainError):
    """The input can't be taken. `problems` says one by one where and why."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class ConflictError(DomainError):
    """Somebody else wrote in between, or the key of a request was used for other content."""
