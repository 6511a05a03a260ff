"""The agreement report as a workbook: a summary, every figure, what they rest on. Cells are typed, never formulas."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

SUMMARY = ("Question", "Level", "Measure", "Alpha", "Low", "High", "Units", "Agreement", "Verdict", "Not defined")
WIDE = 28


def workbook(report: Mapping[str, Any], columns: Sequence[str], figures: Iterable[Sequence[object]]) -> bytes:
    """`figures` are the rows below `columns`, with numbers as numbers."""
    book = Workbook(write_only=True)
    _sheet(book.create_sheet("Report"), SUMMARY, map(_summary, report["variables"]))
    _sheet(book.create_sheet("Figures"), columns, figures)
    _sheet(book.create_sheet("About"), ("What", "Value"), _about(report))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(sheet: WriteOnlyWorksheet, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet.freeze_panes = "A2"
    sheet.column_dimensions["A"].width = WIDE
    titles = [WriteOnlyCell(sheet, title) for title in head]
    for title in titles:
        title.font = Font(bold=True)
    sheet.append(titles)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: WriteOnlyWorksheet, value: object) -> object:
    """Text stays text, whatever it begins with; signs that XML has no place for are left out."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell


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
    yield from ((f"only {part}", ", ".join(picked)) for part, picked in (report.get("selection") or {}).items())
