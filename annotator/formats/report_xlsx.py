"""The agreement report as a workbook: a summary, every figure, what they rest on. Cells are typed, never formulas."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from xlsxwriter import Workbook

SUMMARY = ("Question", "Level", "Measure", "Alpha", "Low", "High", "Units", "Agreement", "Verdict", "Not defined")
WIDE = 28


def workbook(report: Mapping[str, Any], columns: Sequence[str], figures: Iterable[Sequence[object]]) -> bytes:
    """`figures` are the rows below `columns`, with numbers as numbers."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        _sheet(book, "Report", SUMMARY, map(_summary, report["variables"]))
        _sheet(book, "Figures", columns, figures)
        _sheet(book, "About", ("What", "Value"), _about(report))
    return out.getvalue()


def _sheet(book: Workbook, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, WIDE)
    sheet.write_row(0, 0, head, book.add_format({"bold": True}))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            # Text stays text, whatever it begins with.
            write = sheet.write_string if isinstance(value, str) else sheet.write
            write(number, column, value)


def _summary(variable: Mapping[str, Any]) -> Sequence[object]:
    headline = variable["headline"]
    figure, agree = variable["measures"][headline], variable["measures"].get("percent_agreement", {})
    # Free text has a percentage, which is no coefficient.
    numbers = (None, None, None) if variable["level"] == "text" else (figure["value"], figure["low"], figure["high"])
    of = (variable["label"], variable["level"], headline, *numbers, variable["pairable_units"], agree.get("value"))
    return (*of, variable["verdict"], figure["undefined"])


def _about(report: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    for name in ("project", "round", "replicates", "seed", "input_sha256", "software"):
        yield name, report.get(name)
    book = report.get("codebook") or {}
    yield from ((f"codebook {name}", value) for name, value in book.items())
    yield from ((part, ", ".join(picked)) for part, picked in (report.get("selection") or {}).items())
