"""The report in sentences: what it found, what it rests on, and what was left out."""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotator.core.agreement import VariableReport
from annotator.core.agreement.coefficient import SINGLE
from annotator.core.elsewhere import LATER, MARKED_MISSING
from annotator.queries.ratings import NOT_ASKED, NOTHING_MARKED, OTHER_EXTENT, TO_CONFIRM, UNANSWERED
from annotator.queries.reports import Report
from annotator.web.charts import in_words


def finding(report: Report) -> str:
    """The heading. Questions without a figure can't be reliable or not, so they are not counted."""
    reliable, all_of = _count(report, "reliable"), len(report.variables) - _count(report, "no figure")
    if not all_of:
        return _("No question has a figure yet")
    if all_of == 1:
        return _("The question is reliable") if reliable else _("The question is not reliable yet")
    if not reliable:
        return _("None of %(all)s questions is reliable yet") % {"all": in_words(all_of).lower()}
    if reliable == all_of:
        return _("All %(all)s questions are reliable") % {"all": in_words(all_of).lower()}
    text = ngettext(
        "%(reliable)s of %(all)s questions is reliable", "%(reliable)s of %(all)s questions are reliable", reliable
    )
    return text % {"reliable": in_words(reliable), "all": in_words(all_of).lower()}


def lede(report: Report, *, may_change: bool) -> str:
    """`may_change`: the round is open, and the report is that of today."""
    return " ".join([*standing(report), _basis(report, may_change)])


def standing(report: Report) -> list[str]:
    """What is to be said of the questions that are not reliable."""
    tentative, not_yet = _count(report, "tentative"), _count(report, "not yet")
    said = []
    if tentative:
        text = ngettext("%(n)s allows tentative conclusions.", "%(n)s allow tentative conclusions.", tentative)
        said.append(text % {"n": in_words(tentative)})
    if not_yet:
        text = ngettext("%(n)s is not there yet.", "%(n)s are not there yet.", not_yet)
        said.append(text % {"n": in_words(not_yet)})
    return said


def _basis(report: Report, may_change: bool) -> str:
    most = max(report.variables, key=lambda variable: variable.pairable_units)
    people = len(most.annotators)
    rated = ngettext(
        "%(n)s unit with two or more answers", "up to %(n)s units with two or more answers", most.pairable_units
    ) % {"n": most.pairable_units}
    who = ngettext("%(n)s annotator", "%(n)s annotators", people) % {"n": in_words(people).lower()}
    # A round that is not blind may come from elsewhere: nobody here knows who saw what.
    text = _("%(round)s: %(rated)s by %(who)s.")
    if report.blind and report.served_early:
        text = _("%(round)s: %(rated)s by %(who)s; not all of them worked blind, see below.")
    elif report.blind:
        text = _("%(round)s: %(rated)s by %(who)s, none of whom saw the others’ answers.")
    name = _("%(round)s so far") % {"round": report.round} if may_change else report.round
    return text % {"round": name, "rated": rated, "who": who}


def interval_note(report: Report) -> str:
    drawn = {variable.resampled for variable in report.variables if variable.verdict != "no figure"}
    text = _("95 %% interval, %(n)s resamples of single units or whole articles, seed %(seed)s.")
    if drawn == {"articles"}:
        text = _("95 %% interval, %(n)s resamples of whole articles, seed %(seed)s.")
    if drawn == {"units"}:
        text = _("95 %% interval, %(n)s resamples of single units, seed %(seed)s.")
    numbers = {"n": number_format(report.replicates, force_grouping=True), "seed": report.seed}
    return text % numbers


def left_out(variable: VariableReport) -> Sequence[str]:
    """A line for each reason: first units nobody could compare, then answers that are not there."""
    units = [_units_left_out(reason, n) for reason, n in variable.dropped.items() if n]
    return [*units, *(_missing(reason, n) for reason, n in variable.missing.items() if n)]


def _units_left_out(reason: str, number: int) -> str:
    texts = {SINGLE: _("only one answer"), OTHER_EXTENT: _("boundaries were mended for some of their annotators only")}
    shown = texts.get(reason, reason)
    text = ngettext("%(n)s unit left out: %(reason)s.", "%(n)s units left out: %(reason)s.", number)
    return text % {"n": number, "reason": shown}


def _missing(reason: str, number: int) -> str:
    texts = {
        NOT_ASKED: ngettext(
            "Not asked %(n)s time, because its condition did not hold.",
            "Not asked %(n)s times, because its condition did not hold.",
            number,
        ),
        UNANSWERED: ngettext("Asked %(n)s time without an answer.", "Asked %(n)s times without an answer.", number),
        TO_CONFIRM: ngettext(
            "%(n)s answer waits to be confirmed, because a boundary was mended under it.",
            "%(n)s answers wait to be confirmed, because a boundary was mended under them.",
            number,
        ),
        LATER: ngettext(
            "%(n)s answer of a later occasion, which is not compared.",
            "%(n)s answers of later occasions, which are not compared.",
            number,
        ),
        MARKED_MISSING: ngettext("%(n)s cell is missing.", "%(n)s cells are missing.", number),
        NOTHING_MARKED: ngettext(
            "Passed over %(n)s time on a finished unit, which counts as nothing marked.",
            "Passed over %(n)s times on finished units, which counts as nothing marked.",
            number,
        ),
    }
    return texts.get(reason, f"{reason}: %(n)s") % {"n": number}


def _count(report: Report, wanted: str) -> int:
    return sum(variable.verdict == wanted for variable in report.variables)
