import os
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotator.core.layers import LAYERS
from annotator.services.exports import FORMS, export_dataset

from ._acting import lead_of, moment, refusals_as_errors, round_named


class Command(BaseCommand):
    help = "Write a dataset to a file: CSV, TSV or JSONL by its ending. A file that exists is replaced."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project")
        parser.add_argument("--format", choices=list(FORMS), default="long")
        parser.add_argument("--out", type=Path, required=True, metavar="PATH", help="ends in .csv, .tsv or .jsonl")
        parser.add_argument("--round", help="its name; without it all rounds")
        parser.add_argument("--layer", choices=LAYERS, default="labels", help="what is written; labels without it")
        parser.add_argument("--as-of", metavar="MOMENT", help="as the labels were then, such as 2026-11-01T12:00Z")
        parser.add_argument(
            "--codebook",
            type=int,
            metavar="NUMBER",
            help="the round as it stood under this version, before it was moved",
        )

    def handle(
        self,
        *,
        project: str,
        format: str,
        out: Path,
        round: str | None,
        codebook: int | None,
        as_of: str | None,
        layer: str,
        **options: object,
    ) -> None:
        with refusals_as_errors():
            lead = lead_of(project)
            only = round_named(lead, round) if round else None
            kind = out.suffix.lower().removeprefix(".")
            if kind not in FORMS[format] or kind == "spreadsheet":
                raise CommandError(f"{out}: the format {format} is written to a file that ends in {endings(format)}.")
            at = moment(as_of)
            dataset = export_dataset(
                member=lead, format=format, kind=kind, only=only, under=codebook, at=at, layer=layer, operator=True
            )
            rows = _write(out, dataset.lines)
        self.stdout.write(f"{rows} lines are in {out}.")


def endings(format: str) -> str:
    return " or ".join(f".{kind}" for kind in FORMS[format] if kind != "spreadsheet")


def _write(out: Path, lines: Iterator[str]) -> int:
    """Write beside the place and move there at the end: nobody finds half a dataset."""
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    written = 0
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            for line in lines:
                file.write(line)
                written += 1
        draft.replace(out)
    except OSError as error:
        raise CommandError(f"{out}: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    return written
