"""Recomputes the figures of report.csv from ratings.csv and prints both. Needs numpy alone:  python agreement.py

It shares no code with the program that made the report; intervals are the work of intervals.py.
"""

import csv
import sys
from pathlib import Path

import coefficients as of

csv.field_size_limit(10**9)
OPEN = 2000  # more different answers are no closed list; the report gives their percentage alone
TOLERANCE = 1e-9
SETS = ("masi", "jaccard")
SKIPPED = "skipped"


def table(name):
    with Path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- One variable -----------------------------------------------------------------------------------------------------


def of_raters(units, who):
    return [kept for unit in units if (kept := {name: unit[name] for name in who if name in unit})]


def spans_of_raters(units, who):
    kept = [(start, end, {name: by[name] for name in who if name in by}) for start, end, by in units]
    return [unit for unit in kept if len(unit[2]) > 1]


def figure_of_spans(units, measure):
    if not any(own for unit in units for own in unit[2].values()):
        return None
    return {
        "char_alpha": lambda: of.char_alpha(units, lambda labels: labels),
        "char_alpha_binary": lambda: of.char_alpha(units, bool),
        "u_alpha": lambda: of.u_alpha(units, lambda labels: labels),
        "u_alpha_binary": lambda: of.u_alpha(units, bool),
        "span_f1_exact": lambda: of.span_f1(units, of.same),
        "span_f1_exact_unlabelled": lambda: of.span_f1(of.bare(units), of.same),
        "span_f1_overlap": lambda: of.span_f1(units, of.meets),
        "span_f1_overlap_unlabelled": lambda: of.span_f1(of.bare(units), of.meets),
    }.get(measure, lambda: SKIPPED)()


def figure_of_answers(units, level, values, number, who, measure):
    # Where the codebook lists no values, those that occur count; sets are told apart as wholes.
    values = values if values and level not in ("masi", "jaccard") else {v for unit in units for v in unit.values()}
    is_open = level == "text" or (level not in ("interval", "ratio") and len(values) > OPEN)
    present = [name for name in who if any(name in unit for unit in units)]
    return {
        "percent_agreement": lambda: of.percent(units),
        "percent_agreement_pairable": lambda: of.percent(units, by_answers=True),
        "krippendorff_alpha_nominal": lambda: None if is_open else of.alpha(units, of.differs),
        "krippendorff_alpha_ordinal": lambda: of.ordinal(units, values),
        "krippendorff_alpha_interval": lambda: of.interval(units, number),
        "krippendorff_alpha_ratio": lambda: of.ratio(units, number),
        "krippendorff_alpha_masi": lambda: of.alpha(units, of.set_distance(masi=True)),
        "krippendorff_alpha_jaccard": lambda: of.alpha(units, of.set_distance(masi=False)),
        "fleiss_kappa": lambda: of.corrected(units, values, "fleiss"),
        "gwet_ac": lambda: of.corrected(units, values, "ac"),
        "brennan_prediger": lambda: of.corrected(units, values, "bp"),
        "cohen_kappa": lambda: of.two_raters(units, present),
        "scott_pi": lambda: of.two_raters(units, present, pooled=True),
        "icc_1": lambda: of.icc_1(units, number),
        "icc_a1": lambda: of.icc_a1(units, number, present),
    }.get(measure, lambda: SKIPPED)()


class Variable:
    """The ratings of one variable, and the figures of lines of the report."""

    def __init__(self, key, level, values, rows, annotators):
        self.level, self.annotators = level, annotators
        self.pairs = {f"{a}|{b}": (a, b) for a in annotators for b in annotators}
        self.values = [row["value"] for row in values]
        self.number = {row["value"]: float(row["number"]) for row in values if row["number"]}
        found = {}
        for row in rows:
            unit = found.setdefault((row["article"], row["sentence"], row["unit_start"], row["unit_end"]), {})
            given = unit.setdefault(row["annotator"], [])
            if row["state"] != "none":
                given.append(row)
        self.spans = []
        if level == "span":
            self.spans = [
                (int(at[2]), int(at[3]), {who: spans_of(own) for who, own in by.items()}) for at, by in found.items()
            ]
        self.units = [{who: self.answer(own) for who, own in by.items()} for by in found.values()]

    def answer(self, rows):
        if self.level in (*SETS, "span"):
            return frozenset(row["value"] for row in rows)
        (row,) = rows
        if not self.values and self.level in ("interval", "ratio"):
            self.number[row["value"]] = float(row["value"])
        return row["value"]

    def figure(self, line):
        """What the scripts say to a line of the report: a number, None for "not defined", or SKIPPED."""
        who = self.pairs[line["key"]] if line["of"] == "pair" else self.annotators
        if line["measure"] == "char_alpha" and line["of"] == "value":
            units = spans_of_raters(self.spans, who)
            some = any(own for unit in units for own in unit[2].values())
            return of.char_alpha(units, lambda labels: line["key"] in labels) if some else None
        if line["of"] == "value":
            return of.alpha(
                [{name: self.holds(line, given) for name, given in unit.items()} for unit in self.units], of.differs
            )
        if self.level == "span":
            return figure_of_spans(spans_of_raters(self.spans, who), line["measure"])
        return figure_of_answers(of_raters(self.units, who), self.level, self.values, self.number, who, line["measure"])

    def holds(self, line, given):
        return line["key"] in given if isinstance(given, frozenset) else line["key"] == given


def spans_of(rows):
    return {(int(row["span_start"]), int(row["span_end"]), row["value"]) for row in rows}


# --- The report, line by line -----------------------------------------------------------------------------------------


def shown(figure):
    return "not defined" if figure is None else repr(figure)


def main():
    report, questions, values = table("report.csv"), table("questions.csv"), table("values.csv")
    annotators = [row["annotator"] for row in table("annotators.csv")]
    by_variable = {row["variable"]: [] for row in questions}
    for row in table("ratings.csv"):
        by_variable[row["variable"]].append(row)
    worst, wrong, skipped = 0.0, 0, 0
    print("variable,of,key,measure,recomputed,reported")
    for question in questions:
        key = question["variable"]
        known = [row for row in values if row["variable"] == key]
        variable = Variable(key, question["level"], known, by_variable.pop(key), annotators)
        for line in (line for line in report if line["variable"] == key):
            found = variable.figure(line)
            if found == SKIPPED:
                skipped += 1
                continue
            said = float(line["value"]) if line["value"] else None
            print(f'{key},{line["of"]},"{line["key"]}",{line["measure"]},{shown(found)},{shown(said)}')
            if found is None or said is None:
                wrong += found is not said
            else:
                worst = max(worst, abs(found - said))
    print(f"{len(report) - skipped} figures; largest difference {worst:.2g}")
    if skipped:
        print(f"{skipped} figures are not recomputed by this script; README.txt says which.")
    if wrong or worst > TOLERANCE:
        sys.exit(f"{wrong} figures are defined on one side only.")


if __name__ == "__main__":
    main()
