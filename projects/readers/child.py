"""The process that `contained` starts: its work comes by standard input, the answer leaves by standard output."""

import contextlib
import json
import resource
import sys

from projects import readers
from projects.readers import language, limits, wire


def main() -> None:
    _limit_this_process()
    tasks = {"read": _read, "languages": _languages, "first_rows": _rows, "all_rows": _rows, "annotated": _annotated}
    work = tasks[sys.argv[1]]
    sys.stdout.buffer.write(work(sys.stdin.buffer.read()))


def _read(sent: bytes) -> bytes:
    asked, data = wire.asked(sent)
    try:
        found = readers.read_here(asked["name"], data, encoding=asked["encoding"], mapping=asked["mapping"])
    except readers.ReadError as error:
        return wire.refusal(error)
    return wire.answer(language.with_languages(found, language.likely_languages))


def _rows(sent: bytes) -> bytes:
    from projects.readers import spreadsheet

    wanted = spreadsheet.first_rows if sys.argv[1] == "first_rows" else spreadsheet.all_rows
    try:
        return wire.rows_answer(wanted(wire.asked(sent)[1]))
    except readers.ReadError as error:
        return wire.refusal(error)


def _annotated(sent: bytes) -> bytes:
    from projects.readers import annotated

    asked, data = wire.asked(sent)
    try:
        return wire.annotated_answer(annotated.read_here(asked["name"], data))
    except readers.ReadError as error:
        return wire.refusal(error)


def _languages(sent: bytes) -> bytes:
    return json.dumps(language.likely_languages(json.loads(sent))).encode()


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
