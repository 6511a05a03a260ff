"""The bundle of a report: its scripts, run as a reviewer would, print the report's figures."""

import hashlib
import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from annotator.core.agreement import Resample, VariableRatings, attribution_parts, report_variable
from annotator.core.ratings_table import packed, question, ratings_lines
from annotator.formats.bundle import Basis, bundle

VALUES = ["for", "so-so", "مع", "a, “b”", 'say "no"\nnow']
# Pseudonyms may hold anything; the last rated next to nothing.
ANNOTATORS = ["ann|1", "ann-2", "أمل", "a,b", "rarely"]
UNITS, LENGTH = 60, 40
SCRIPTS = {"agreement.R": ["Rscript", "--vanilla"], "agreement.py": [sys.executable], "intervals.py": [sys.executable]}


def variables(annotators: Sequence[str], seed: int) -> list[VariableRatings]:
    """One of each kind, with answers missing, empty, overlapping and unknown to the codebook."""
    draw = random.Random(seed)
    extents = [(n * LENGTH, (n + 1) * LENGTH - 3) for n in range(UNITS)]
    articles = [f"article {min(n // 4, 12)}" for n in range(UNITS)]

    def rows(answer: Any) -> list[list[object]]:
        own = [answer(unit) for unit in range(UNITS)]
        shares = [0.85] * (len(annotators) - 1) + [0.04 if len(annotators) > 2 else 0.85]
        return [
            [None if draw.random() > asked else own[u] if draw.random() < 0.6 else answer(u) for u in range(UNITS)]
            for asked in shares
        ]

    def spans(unit: int, key: str = "value") -> list[dict[str, object]]:
        start, _end = extents[unit]
        found = []
        for _ in range(draw.choice([0, 0, 1, 2])):
            at = start + draw.randrange(0, 30)
            found.append({"start": at, "end": at + draw.randint(1, 7), key: draw.choice(VALUES[:3])})
        return found

    def attribution(unit: int) -> list[dict[str, object]]:
        named = [(draw.choice(VALUES), draw.choice([*VALUES[:2], None])) for _ in range(draw.choice([0, 1, 1, 2]))]
        role = {"start": extents[unit][0], "end": extents[unit][0] + draw.randint(1, 9), "role": "cue"}
        return [{"source": source, "manner": manner, "stance": None, "spans": [role]} for source, manner in named]

    def made(key: str, kind: str, answer: Any, **more: Any) -> VariableRatings:
        shown = {"units": list(range(UNITS)), "articles": articles, "extents": extents}
        return VariableRatings(key, kind, annotators, rows(answer), **shown, **more)

    parts = attribution_parts(made("said", "attribution", attribution), sources=VALUES, manners=VALUES[:2])
    return [
        made("stance", "single", lambda _: draw.choice([*VALUES, "retired"]), values=[*VALUES, "never"]),
        made(
            "scale", "ordinal", lambda _: draw.choice(["lo", "hi", "7"]), values=["lo", "7", "hi"], codes={"lo": -1.5}
        ),
        made("alike", "single", lambda _: "for", values=VALUES),
        made("sides", "multi", lambda _: draw.sample(VALUES, draw.choice([0, 1, 1, 2])), values=VALUES),
        made("kinds", "multi", lambda _: draw.sample(VALUES, draw.randint(0, 3)), values=VALUES, level="jaccard"),
        made("size", "number", lambda _: draw.choice([0, 0.1, 12, 1e6, 3.75])),
        made("part", "number", lambda _: draw.randint(1, 9) / 7, level="ratio"),
        made("remark", "text", lambda _: draw.choice(["a\r\nb", "=1+1", " c ", "NA", "d;e"])),
        made("marked", "span", spans, values=VALUES[:3]),
        made("silent", "span", lambda _: [], values=VALUES[:3]),
        *parts,
    ]


def bundled(compared: Sequence[VariableRatings], replicates: int = 50, resample: Resample | None = None) -> bytes:
    numbers = {unit: unit % 4 for unit in range(UNITS)}
    report = {
        "project": "p",
        "round": "R",
        "seed": 3,
        "replicates": replicates,
        "input_sha256": packed(ratings_lines(compared, numbers)).sha256,
        "variables": [
            report_variable(item, replicates=replicates, seed=3, resample=resample).as_dict() for item in compared
        ],
    }
    questions = [question(item) for item in compared]
    return bundle(report, Basis(compared[0].annotators, questions, ratings_lines(compared, numbers)))


def unpacked(data: bytes, to: Path) -> Path:
    zipfile.ZipFile(io.BytesIO(data)).extractall(to)
    return to / "agreement"


def said_by(script: str, folder: Path) -> str:
    if shutil.which(SCRIPTS[script][0]) is None:
        pytest.skip("there is no R here")
    # Another language of the machine must not change a digit.
    run = subprocess.run(
        [*SCRIPTS[script], script], cwd=folder, capture_output=True, text=True, check=False, env={"LC_ALL": "C.UTF-8"}
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    return run.stdout


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(("annotators", "resample"), [(ANNOTATORS, None), (ANNOTATORS[:2], "units")])
def test_each_script_prints_the_figures_of_the_report(
    script: str, annotators: list[str], resample: Resample | None, tmp_path: Path
) -> None:
    made = bundled(variables(annotators, len(annotators)), resample=resample)
    said = said_by(script, unpacked(made, tmp_path))
    assert "not recomputed" not in said
    assert int(said.splitlines()[-1].split()[0]) > 100


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_changed_rating_is_noticed(script: str, tmp_path: Path) -> None:
    folder = unpacked(bundled(variables(ANNOTATORS[:3], 4)[:1]), tmp_path)
    ratings = folder / "ratings.csv"
    ratings.write_text(ratings.read_text().replace(",for,", ",so-so,", 5))
    with pytest.raises(AssertionError, match="differ"):
        said_by(script, folder)


def test_the_hash_is_that_of_the_ratings_and_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    data = bundled(variables(ANNOTATORS, 5)[:2], 0)
    assert bundled(variables(ANNOTATORS, 5)[:2], 0) == data
    folder = unpacked(data, tmp_path)
    said = json.loads((folder / "report.json").read_text())["input_sha256"]
    assert hashlib.sha256((folder / "ratings.csv").read_bytes()).hexdigest() == said
