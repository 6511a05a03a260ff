"""Ten thousand labels of every closed kind go on to a codebook that renames, merges, splits and retires, and back."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.management import call_command

from annotator.core.codebook import Json
from annotator.models import Label
from annotator.queries.codebook_moves import outlook
from annotator.services.codebook_moves import move_round, undo_move
from annotator.services.stored_labels import Checked, store_labels
from projects.models import Assignment, Unit
from tests import make, moved

pytestmark = pytest.mark.django_db

ANNOTATORS, ARTICLES, LABELS = 4, 5, 10_000
TEXT = "".join(f"The regime blamed town {n} and praised nobody at all.\n" for n in range(1, 105))
LATER = moved.later(
    {
        "stance": {"values.for": ["against"], "values.neutral": ["calm", "torn"]},
        "side": {"values.town": ["state"], "values.army": None},
        "framing": {"values.naming_state": ["praise"]},
        "attribution": {
            "sources.mayor": ["army"],
            "manners.direct": ["quoted", "indirect"],
            "stances.accusing": ["neutral"],
        },
        "tone": {"values.0": ["1"]},
    },
    {"stance.values": ["calm", "torn"], "attribution.manners": ["quoted"]},
    title="Renamed",
)


def answers(unit: Unit, chance: random.Random) -> dict[str, Json]:
    def mark(start: int, quote: str, **more: Json) -> Json:
        return {"start": unit.start + start, "end": unit.start + start + len(quote), "quote": quote, **more}

    framings = ["naming_state", "praise"]
    sources = chance.sample(["mayor", "residents", "army"], chance.randrange(3))
    said: list[Json] = [
        {
            "source": source,
            "manner": chance.choice(["direct", "indirect"]),
            "stance": chance.choice(["neutral", "accusing"]),
            "spans": [mark(11, "blamed", role="cue")],
        }
        for source in sources
    ]
    return {
        "stance": chance.choice(["for", "against", "neutral"]),
        "side": [key for key in ("town", "state", "army") if chance.random() < 0.5],
        "framing": [
            mark(4, "regime", value=chance.choice(framings)),
            mark(11, "blamed", value=chance.choice(framings)),
        ],
        "attribution": said,
        "tone": chance.choice(["-1", "0", "1"]),
    }


@pytest.fixture
def study() -> make.Study:
    study = make.study(annotators=ANNOTATORS, texts=[f"Town {n}\n\n{TEXT}" for n in range(ARTICLES)])
    chance = random.Random(7)
    units = [unit for n in range(ARTICLES) for unit in study.units(n)]
    checked = [
        Checked(unit, member, variable, value)
        for unit in units
        for member in study.members
        for variable, value in answers(unit, chance).items()
    ]
    store_labels(study.round, study.book, checked[:LABELS])
    return study


def exported(study: make.Study, path: Path, *more: str) -> bytes:
    call_command("export", study.slug, "--round", "Round 1", "--out", str(path), *more)
    return path.read_bytes()


def values(study: make.Study) -> Sequence[tuple[object, ...]]:
    rows = Label.objects.filter(round=study.round).order_by("assignment", "unit", "variable")
    return list(rows.values_list("assignment", "unit", "variable", "value", "to_confirm"))


def progress(study: make.Study) -> Sequence[tuple[object, ...]]:
    return list(Assignment.objects.order_by("pk").values_list("pk", "units_done", "units_total", "state"))


def test_ten_thousand_labels_go_on_and_come_back(study: make.Study, tmp_path: Path) -> None:
    before, labels, counted = moved.events(), values(study), progress(study)
    assert len(labels) == LABELS
    first = exported(study, tmp_path / "first.csv")
    version = moved.publish(study, LATER)
    told = outlook(study.round, version)

    move = move_round(member=study.lead, round=study.round, version=version)
    assert moved.events()[: len(before)] == before
    after = values(study)
    assert [row[:3] for row in after] == [row[:3] for row in labels]
    assert sum(a != b for a, b in zip(after, labels, strict=True)) == move.changed == told.changed + told.asked
    assert sum(row[4] for row in after) == move.asked == told.asked
    assert all(row[3] is None for row in after if row[2] == "stance" and row[4])
    stood = [row for row in after if not row[4]]
    for variable, gone in (
        ("stance", '"for"'),
        ("side", "town"),
        ("framing", "naming_state"),
        ("attribution", "mayor"),
    ):
        assert not [row for row in stood if row[2] == variable and gone in str(row[3])]
    assert moved.is_sound()
    assert exported(study, tmp_path / "under.csv", "--codebook", "1") == first
    assert exported(study, tmp_path / "now.csv") != first

    undo_move(member=study.lead, move=move)
    assert values(study) == labels
    assert progress(study) == counted
    assert moved.events()[: len(before)] == before
    assert moved.is_sound()
