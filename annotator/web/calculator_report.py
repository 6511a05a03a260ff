"""The report of a table from elsewhere as its page shows it."""

from django.utils.translation import ngettext

from annotator.queries.disagreements import matrix_of
from annotator.queries.reports import Report
from annotator.services.calculator import Calculation
from annotator.web.charts import in_words
from annotator.web.findings import standing
from annotator.web.report_downloads import all_formats
from annotator.web.report_figures import figures_of, overview


def report_context(made: Calculation) -> dict[str, object]:
    pairs = zip(made.report.variables, made.ratings, strict=True)
    return {
        **overview(made.report),
        "lede": _lede(made.report),
        "doubts": made.doubts,
        "details": [
            figures_of(variable, {}, matrix_of(ratings, {}), f"question-{number}")
            for number, (variable, ratings) in enumerate(pairs, start=1)
        ],
        "formats": all_formats(),
    }


def _lede(report: Report) -> str:
    units = max(variable.pairable_units for variable in report.variables)
    people = len({name for variable in report.variables for name in variable.annotators})
    said = ngettext(
        "%(name)s: %(n)s unit with two or more answers, %(who)s.",
        "%(name)s: up to %(n)s units with two or more answers, %(who)s.",
        units,
    )
    who = ngettext("%(n)s annotator", "%(n)s annotators", people) % {"n": in_words(people).lower()}
    return " ".join([*standing(report), said % {"name": report.round, "n": units, "who": who}])
