"""A paragraph on agreement for a paper, in English plain text: who, what, how, the figures, and the works to cite."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotator.formats.reports import Report, short

NAMES = {
    "krippendorff_alpha_nominal": "nominal alpha",
    "krippendorff_alpha_ordinal": "ordinal alpha",
    "krippendorff_alpha_interval": "interval alpha",
    "krippendorff_alpha_ratio": "ratio alpha",
    "krippendorff_alpha_masi": "alpha for sets (MASI distance)",
    "krippendorff_alpha_jaccard": "alpha for sets (Jaccard distance)",
    "char_alpha": "character-level alpha",
    "percent_agreement": "agreement",
}
KRIPPENDORFF = "Krippendorff, K. (2018). Content analysis: An introduction to its methodology (4th ed.). Sage."
ARTICLES_CITED = {
    "krippendorff_alpha_masi": (
        "Passonneau, R. J. (2006). Measuring agreement on set-valued items (MASI) for semantic and pragmatic"
        " annotation. Proceedings of LREC 2006."
    ),
    "char_alpha": (
        "Krippendorff, K., Mathet, Y., Bouvry, S., & Widlöcher, A. (2016). On the reliability of unitizing textual"
        " continua: Further developments. Quality & Quantity, 50, 2347-2364."
    ),
}
BOOTSTRAP = "Efron, B., & Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & Hall."


def methods(report: Report) -> str:
    """Ready to paste; what a reader has to fill in himself is not there."""
    figured = [
        v for v in report["variables"] if v["level"] != "text" and v["measures"][v["headline"]]["value"] is not None
    ]
    sentences = [*_who(report), *_how(report, figured), *_figures(report, figured), _made(report)]
    cited = "\n".join(["References", *_references(report, figured)])
    return f"{' '.join(sentences)}\n\n{cited}\n"


def _who(report: Report) -> Iterator[str]:
    names = sorted({name for variable in report["variables"] for name in variable["annotators"]})
    units = max((variable["pairable_units"] for variable in report["variables"]), default=0)
    who = f"{_number(len(names)).capitalize()} annotator{'' if len(names) == 1 else 's'}{_listed(names)}"
    what = "round" if report["project"] else "table"
    yield f"{who} coded the {what} “{report['round']}”{_blind(report)}."
    yield f"Up to {units} units were answered by two or more of them."
    book = report.get("codebook")
    if book:
        which = f"version {book['number']} of the codebook “{book['key']}” (sha256 {book['sha256'][:12]})"
        yield f"They worked with {which}."
    for part, picked in (report.get("selection") or {}).items():
        if part != "resample":
            yield f"Only these {part} are reported: {', '.join(picked)}."


def _blind(report: Report) -> str:
    """Whether they worked blind, and who didn't: the log of the site knows what was served to whom."""
    if report.get("blind") is None:
        return ""
    early = report.get("served_early") or []
    if not early:
        return "; none of them saw the others' answers" if report["blind"] else "; the round was not blind"
    seen = ", ".join(f"{one['annotator']} ({one['what']}, from {one['since'][:10]} on)" for one in early)
    base = "they worked blind, but" if report["blind"] else "the round was not blind:"
    return f"; {base} these were served others' answers before they had finished: {seen}"


def _how(report: Report, figured: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not figured:
        return
    yield "Agreement is given as Krippendorff's alpha, which corrects for chance and allows for missing answers."
    yield "Units with fewer than two answers were left out."
    if report["replicates"]:
        drawn = {variable["resampled"] for variable in figured}
        what = "whole articles" if drawn == {"articles"} else "units" if drawn == {"units"} else "articles or units"
        yield (
            f"Intervals in brackets are 95 % percentile intervals from {report['replicates']} bootstrap replicates that"
            f" draw {what} with replacement (seed {report['seed']})."
        )


def _figures(report: Report, figured: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if figured:
        yield "; ".join(map(_figure, figured)) + "."
    for variable in report["variables"]:
        reason = variable["measures"][variable["headline"]]["undefined"]
        if reason:
            yield f"{variable['label']}: not defined ({reason})."
        elif variable["level"] == "text":
            yield f"{variable['label']} is free text and has no coefficient."


def _figure(variable: Mapping[str, Any]) -> str:
    found = variable["measures"][variable["headline"]]
    name = NAMES.get(variable["headline"], variable["headline"])
    bounds = "" if found["low"] is None else f" [{short(found['low'])}, {short(found['high'])}]"
    return f"{variable['label']}: {name} = {short(found['value'])}{bounds}, n = {variable['pairable_units']}"


def _made(report: Report) -> str:
    made = report.get("software") or "this program"
    return f"The figures were computed with {made} from ratings with the sha256 {report['input_sha256']}."


def _references(report: Report, figured: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    used = {variable["headline"] for variable in figured}
    if used:
        yield KRIPPENDORFF
    yield from (work for headline, work in ARTICLES_CITED.items() if headline in used)
    if used and report["replicates"]:
        yield BOOTSTRAP


def _number(number: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[number] if number < len(words) else str(number)


def _listed(names: Sequence[str]) -> str:
    return f" ({', '.join(names)})" if 0 < len(names) <= 12 else ""
