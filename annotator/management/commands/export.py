from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotator.core.layers import LAYERS
from annotator.core.tables import Selection
from annotator.services.export_formats import MAKERS, make
from annotator.services.exports import FORMS, TABLES

from ._acting import lead_of, moment, refusals_as_errors, round_named
from ._files import write_whole

ENDINGS = tuple(f".{kind}" for kind in FORMS if kind != "spreadsheet")


class Command(BaseCommand):
    help = f"Write a dataset to a file, a table as its ending says ({', '.join(ENDINGS)}). One that exists is replaced."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project")
        parser.add_argument("--format", choices=list(MAKERS), default="long", help="the table or format; long without")
        parser.add_argument("--out", type=Path, required=True, metavar="PATH", help="where to")
        parser.add_argument(
            "--round", action="append", default=[], help="its name; may come several times; all without"
        )
        parser.add_argument("--layer", choices=LAYERS, default="labels", help="what is written; labels without it")
        parser.add_argument("--variable", action="append", default=[], help="the key of a question; all without")
        parser.add_argument("--kind", action="append", default=[], help="a kind of unit; all without")
        parser.add_argument("--annotator", action="append", default=[], help="a pseudonym; all without")
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
        round: list[str],
        layer: str,
        variable: list[str],
        kind: list[str],
        annotator: list[str],
        as_of: str | None,
        codebook: int | None,
        **options: object,
    ) -> None:
        with refusals_as_errors():
            lead = lead_of(project)
            selection = Selection(
                rounds=tuple(round_named(lead, name).pk for name in round),
                variables=tuple(variable),
                kinds=tuple(kind),
                annotators=tuple(annotator),
                at=moment(as_of),
                under=codebook,
            )
            form = kind_of(out) if format in (*TABLES, "spreadsheet") else ""
            dataset = make(member=lead, format=format, kind=form, selection=selection, layer=layer, operator=True)
            write_whole(out, dataset.chunks)
        self.stdout.write(f"{dataset.rows.count} rows are in {out}." if form else f"It is in {out}.")


def kind_of(out: Path) -> str:
    if out.suffix.lower() not in ENDINGS:
        raise CommandError(f"{out}: a table is written to a file that ends in {', '.join(ENDINGS)}.")
    return out.suffix.lower().removeprefix(".")
