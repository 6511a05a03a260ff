import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotator.core import sentences
from annotator.core.text import TextError, clean, decode


class Command(BaseCommand):
    help = "Split a text file into units; offsets are code points of the text as it would be stored."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a UTF-8 text file, or - for standard input")
        parser.add_argument("--language", default="en")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file: Path, language: str, json: bool, **options: object) -> None:
        text = _text(file)
        units = sentences.split(text, language)
        self.stdout.write(_as_json(units) if json else _as_lines(units))


def _text(file: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return clean(decode(data).text).text
    except TextError as error:
        raise CommandError(f"{file}: {error}") from error
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error


def _as_json(units: Sequence[sentences.Unit]) -> str:
    answer = {
        "splitter": sentences.SPLITTER,
        "units": [{"start": u.start, "end": u.end, "kind": u.kind, "text": u.text, "why": list(u.why)} for u in units],
    }
    return json.dumps(answer, ensure_ascii=False, indent=1)


def _as_lines(units: Sequence[sentences.Unit]) -> str:
    return "\n".join(f"{i:>4} {u.kind:<12} {u.text}" for i, u in enumerate(units, start=1))
