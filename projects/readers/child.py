"""The process that reads one file: the request comes by standard input, the answer leaves by standard output."""

import contextlib
import resource
import sys

from projects import readers
from projects.readers import limits, wire


def main() -> None:
    _limit_this_process()
    asked, data = wire.asked(sys.stdin.buffer.read())
    try:
        found = readers.read_here(asked["name"], data, encoding=asked["encoding"], mapping=asked["mapping"])
        sent = wire.answer(found)
    except readers.ReadError as error:
        sent = wire.refusal(error)
    sys.stdout.buffer.write(sent)


def _limit_this_process() -> None:
    # macOS refuses some limits; the time limit of the parent holds everywhere.
    wanted = (
        (resource.RLIMIT_AS, limits.READ_MEMORY_BYTES),
        (resource.RLIMIT_CPU, limits.READ_SECONDS),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
