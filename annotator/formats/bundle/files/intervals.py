"""Draws the bootstrap intervals of report.csv again and prints both. Needs numpy alone:  python intervals.py

Whoever wants the same digits must draw the same numbers, so this runs the code that made the report: its folder
`program`, as it was. Only what the report holds beside the labels is read from the report: the seed.
"""

import csv
import json
import sys
from pathlib import Path

from program import VariableRatings, report_variable

csv.field_size_limit(10**9)
SETS = ("masi", "jaccard")


def table(name):
    with Path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ratings_of(question, values, rows, annotators):
    known = [row for row in values if row["variable"] == question["variable"] and row["in_codebook"] == "yes"]
    units = {}
    for row in rows:
        unit = units.setdefault((row["article"], row["sentence"], row["unit_start"], row["unit_end"]), {})
        answer = unit.setdefault(row["annotator"], [])
        if row["state"] != "none":
            answer.append(row)
    kind, number = question["kind"], question["kind"] == "number"
    return VariableRatings(
        key=question["variable"],
        kind=kind,
        level=question["level"],
        annotators=annotators,
        ratings=[[answer_of(kind, number, unit.get(name)) for unit in units.values()] for name in annotators],
        units=list(units),
        articles=[at[0] for at in units],
        values=[row["value"] for row in known],
        codes={row["value"]: float(row["code"]) for row in known if row["code"]},
        extents=[(int(at[2]), int(at[3])) for at in units],
    )


def answer_of(kind, number, rows):
    if rows is None:
        return None
    if kind == "multi":
        return [row["value"] for row in rows]
    if kind == "span":
        return [{"start": int(r["span_start"]), "end": int(r["span_end"]), "value": r["value"] or None} for r in rows]
    (row,) = rows
    return float(row["value"]) if number else row["value"]


def intervals(report):
    """(of, key, measure) -> (low, high) of one variable."""
    found = {("variable", "", name): (c["low"], c["high"]) for name, c in report["measures"].items()}
    for value in report["values"]:
        for name in ("alpha", "char_alpha"):
            if name in value:
                found["value", value["key"], name] = value[f"{name}_low"], value[f"{name}_high"]
    return found


def main():
    whole = json.loads(Path("report.json").read_text(encoding="utf-8"))
    resampled = {variable["key"]: variable["resampled"] for variable in whole["variables"]}
    values, annotators = table("values.csv"), [row["annotator"] for row in table("annotators.csv")]
    rows, report = table("ratings.csv"), table("report.csv")
    worst, compared = 0.0, 0
    print("variable,of,key,measure,low,high,reported_low,reported_high")
    for question in table("questions.csv"):
        key = question["variable"]
        own = ratings_of(question, values, [row for row in rows if row["variable"] == key], annotators)
        replicates, seed = whole["replicates"] or None, whole["seed"]
        made = report_variable(own, replicates=replicates, seed=seed, resample=resampled[key])
        drawn = intervals(made.as_dict())
        for line in (line for line in report if line["variable"] == key and line["low"]):
            low, high = drawn[line["of"], line["key"], line["measure"]]
            print(f'{key},{line["of"]},"{line["key"]}",{line["measure"]},{low},{high},{line["low"]},{line["high"]}')
            worst = max(worst, abs(low - float(line["low"])), abs(high - float(line["high"])))
            compared += 1
    print(f"{compared} intervals; largest difference {worst:.2g}")
    if worst > 1e-9:
        sys.exit("The intervals differ.")


if __name__ == "__main__":
    main()
