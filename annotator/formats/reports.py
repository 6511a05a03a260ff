"""The agreement report as JSON, CSV, XLSX, a plain table, Markdown or LaTeX; each is made from the report's JSON."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Report = Mapping[str, Any]

ENDS = ("value", "low", "high")
ERRORS = ("se", "below_667", "below_800")
CSV_COLUMNS = ("variable", "kind", "level", "of", "key", "measure", *ENDS, "units", "undefined", *ERRORS)
LATEX_SIGNS = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\n": " "}
)
HEAD = ("Question", "Level", "Measure", "Alpha", "Interval", "Units", "Agree, %", "Verdict")


@dataclass(frozen=True)
class ReportFormat:
    write: Callable[[Report], str | bytes]
    content_type: str
    ending: str


def as_json(report: Report) -> str:
    return json.dumps(report, ensure_ascii=False, indent=1)


def as_csv(report: Report) -> str:
    """Every figure in a row of its own: of a variable, of one of its values, or of a pair of annotators."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for variable in report["variables"]:
        writer.writerows(_figures(variable))
    return out.getvalue()


def as_xlsx(report: Report) -> bytes:
    # Loaded late: it takes longer than all other formats together.
    from annotator.formats.report_xlsx import workbook

    rows = (row for variable in report["variables"] for row in _figures(variable))
    return workbook(report, CSV_COLUMNS, rows)


def as_table(report: Report) -> str:
    rows = [HEAD, *map(_summary, report["variables"])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, "", *_notes(report)])


def as_markdown(report: Report) -> str:
    rows = [HEAD, ("---",) * len(HEAD), *map(_summary, report["variables"])]
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([*lines, "", *_notes(report)])


def as_latex(report: Report) -> str:
    rows = [" & ".join(map(_escape, _summary(variable))) + r" \\" for variable in report["variables"]]
    head = " & ".join(map(_escape, HEAD)) + r" \\"
    notes = " ".join(_escape(note) for note in _notes(report))
    return "\n".join(
        [r"\begin{tabular}{lllrrrrl}", r"\hline", head, r"\hline", *rows, r"\hline", r"\end{tabular}", f"% {notes}"]
    )


def _figures(variable: Report) -> Iterator[tuple[object, ...]]:
    of = (variable["key"], variable["kind"], variable["level"])
    for name, figure in variable["measures"].items():
        yield (*of, "variable", "", name, *_numbers(figure, variable["pairable_units"]))
    for value in variable["values"]:
        for name in ("alpha", "char_alpha"):
            if name in value:
                figure = {part: value[f"{name}_{part}"] for part in ("low", "high", "undefined", *ERRORS)}
                yield (*of, "value", value["key"], name, *_numbers(figure | {"value": value[name]}, value["count"]))
    for pair in variable["pairs"]:
        who = f"{pair['a']}|{pair['b']}"
        for name, figure in pair["measures"].items():
            yield (*of, "pair", who, name, *_numbers(figure, pair["units"]))


def _numbers(figure: Report, units: int) -> tuple[object, ...]:
    ends, errors = ([figure[part] for part in parts] for parts in (ENDS, ERRORS))
    return (*ends, units, figure["undefined"] or "", *errors)


def _summary(variable: Report) -> tuple[str, ...]:
    figure = variable["measures"][variable["headline"]]
    agree = variable["measures"].get("percent_agreement")
    percent = "-" if agree is None or agree["value"] is None else f"{100 * agree['value']:.1f}"
    free_text = variable["level"] == "text"
    alpha = "not defined" if free_text or figure["value"] is None else short(figure["value"])
    interval = "-" if free_text or figure["low"] is None else f"{short(figure['low'])} to {short(figure['high'])}"
    units = str(variable["pairable_units"])
    name = variable["headline"].removeprefix("krippendorff_")
    return (variable["label"], variable["level"], name, alpha, interval, units, percent, variable["verdict"])


def short(number: float) -> str:
    """Three decimals without the leading nought, as the field prints coefficients: .842, -.046, 1.000."""
    written = f"{round(number, 3) + 0.0:.3f}"
    return written.replace("0.", ".", 1) if abs(number) < 1 else written


def _notes(report: Report) -> list[str]:
    of = f"Project {report['project']}, round {report['round']}" if report["project"] else f"Table {report['round']}"
    return [
        f"{of}; {report['replicates']} replicates, seed {report['seed']}, input sha256 {report['input_sha256']}.",
        "A question is reliable when the lower end of its interval reaches .800, tentative from .667.",
    ]


def _escape(text: str) -> str:
    return text.translate(LATEX_SIGNS)


REPORT_FORMATS: Mapping[str, ReportFormat] = {
    "json": ReportFormat(as_json, "application/json", "json"),
    "csv": ReportFormat(as_csv, "text/csv", "csv"),
    "xlsx": ReportFormat(as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "table": ReportFormat(as_table, "text/plain", "txt"),
    "markdown": ReportFormat(as_markdown, "text/markdown", "md"),
    "latex": ReportFormat(as_latex, "application/x-latex", "tex"),
}
