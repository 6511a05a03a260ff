"""Reports that were stored stay readable: a field that is added later needs a default."""

import json
from typing import Any

from annotator.core.agreement import Coefficient, VariableRatings, VariableReport, report_variable
from annotator.core.plain import plain, rebuilt

FIGURE = {"value": 0.5, "units": 12, "low": 0.4, "high": 0.6, "undefined": None, "dropped": {}, "replicates": 9}
# As the first version wrote it.
STORED: dict[str, Any] = {
    "key": "stance",
    "label": "Stance",
    "kind": "single",
    "level": "nominal",
    "units": 14,
    "pairable_units": 12,
    "dropped": {"fewer than two ratings": 2},
    "missing": {},
    "annotators": ["a", "b"],
    "headline": "krippendorff_alpha_nominal",
    "verdict": "not yet",
    "measures": {"krippendorff_alpha_nominal": FIGURE},
    "values": [{"key": "for", "count": 7, "alpha": FIGURE, "char_alpha": None}],
    "pairs": [{"a": "a", "b": "b", "units": 12, "measures": {"cohen_kappa": FIGURE}}],
    "pairs_left_out": 0,
    "resampled": "units",
    "warnings": ["Only 12 units."],
    "a field of another version": [1],
}


def test_what_the_first_version_stored_is_read() -> None:
    read = rebuilt(VariableReport, json.loads(json.dumps(STORED)))
    assert read.measures["krippendorff_alpha_nominal"] == Coefficient(
        value=0.5, units=12, low=0.4, high=0.6, replicates=9
    )
    assert (read.values[0].alpha.value, read.pairs[0].measures["cohen_kappa"].value) == (0.5, 0.5)
    assert read.annotators == ("a", "b")


def test_a_report_comes_back_as_it_was() -> None:
    spans = [[[{"start": 0, "end": 2, "value": "x"}], [], None], [[{"start": 1, "end": 2, "value": "y"}], [], []]]
    ratings = VariableRatings(
        "marked", "span", ["a", "b"], spans, [1, 2, 3], ["p", "p", "q"], values=["x", "y"], extents=[(0, 9)] * 3
    )
    report = report_variable(ratings, replicates=20, seed=1)
    assert rebuilt(VariableReport, json.loads(json.dumps(plain(report)))) == report
