import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotator.core import sentences
from annotator.core.sentences import Doubt, SplitOptions, Unit
from annotator.core.text import TextError, clean, decode


class Command(BaseCommand):
    help = "Split a text file into units; offsets are code points of the text as it would be stored."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a UTF-8 text file, or - for standard input")
        parser.add_argument("--language", default="en")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--doubts", action="store_true", help="list the doubtful boundaries too")
        parser.add_argument("--never-split-after", action="append", default=[], metavar="WORD", help="may be repeated")
        parser.add_argument("--keep-quotations-whole", action="store_true")
        parser.add_argument("--minimum-length", type=int, default=0, metavar="N", help="characters; join shorter ones")
        parser.add_argument(
            "--soft-maximum-length", type=int, default=0, metavar="N", help="characters; cut longer ones at semicolons"
        )

    def handle(
        self,
        *,
        file: Path,
        language: str,
        json: bool,
        doubts: bool,
        never_split_after: list[str],
        keep_quotations_whole: bool,
        minimum_length: int,
        soft_maximum_length: int,
        **options: object,
    ) -> None:
        text = _text(file)
        wishes = SplitOptions(tuple(never_split_after), keep_quotations_whole, minimum_length, soft_maximum_length)
        units = sentences.split(text, language, options=wishes)
        found = sentences.doubts(text, language, options=wishes) if doubts else None
        self.stdout.write(_as_json(units, found) if json else _as_lines(text, units, found or []))


def _text(file: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return clean(decode(data).text).text
    except TextError as error:
        raise CommandError(f"{file}: {error}") from error
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error


def _as_json(units: Sequence[Unit], doubts: Sequence[Doubt] | None) -> str:
    answer: dict[str, object] = {
        "splitter": sentences.SPLITTER,
        "units": [{"start": u.start, "end": u.end, "kind": u.kind, "text": u.text, "why": list(u.why)} for u in units],
    }
    if doubts is not None:
        answer["doubts"] = [{"offset": d.offset, "split": d.split, "reason": d.reason} for d in doubts]
    return json.dumps(answer, ensure_ascii=False, indent=1)


def _as_lines(text: str, units: Sequence[Unit], doubts: Sequence[Doubt]) -> str:
    lines = [f"{i:>4} {u.kind:<12} {u.text}" for i, u in enumerate(units, start=1)]
    lines += [f"{_sign(d):>10} {_around(text, d.offset)}  ({d.reason})" for d in doubts]
    return "\n".join(lines)


def _sign(doubt: Doubt) -> str:
    return "split" if doubt.split else "not split"


def _around(text: str, offset: int) -> str:
    return f"{text[max(0, offset - 30) : offset]}|{text[offset : offset + 20]}".replace("\n", " ")
