"""The codebook and the lexicons that we ship."""

import json
import re
from pathlib import Path

import pytest

from annotator.core import codebook
from annotator.core.codebook.model import KINDS
from tests.shared import SHARED, needs_shared

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
LEXICONS = FIXTURES / "lexicons"


@pytest.fixture(scope="module")
def default():
    return codebook.parse(codebook.load((FIXTURES / "codebook_conflict_news.json").read_bytes()))


@pytest.fixture(scope="module")
def contrast_sets():
    return json.loads((LEXICONS / "contrast_sets.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def reporting_cues():
    return json.loads((LEXICONS / "reporting_cues.json").read_text("utf-8"))


def test_the_default_codebook_shows_every_kind_and_has_no_stray_field(default):
    assert {variable.kind for variable in default.variables} == set(KINDS)
    assert default.ignored == ()


def test_only_the_attribution_is_required(default):
    assert [variable.key for variable in default.variables if variable.required] == ["attribution"]


def test_every_value_says_what_it_is_with_an_example_on_either_side(default):
    for variable in default.variables:
        assert variable.definition, variable.key
        assert variable.rule, variable.key
        for value in (*variable.choices, *variable.manners, *variable.stances):
            parts = (value.definition, value.positive, value.negative, value.edge_rule)
            assert all(part.strip() for part in parts), (variable.key, value.key)
            assert value.positive != value.negative, (variable.key, value.key)


def test_every_value_has_a_shortcut_of_its_own(default):
    for variable in default.variables:
        for values in (variable.choices, variable.manners, variable.stances):
            assert all(value.shortcut for value in values), variable.key


def test_a_sentence_of_the_narrator_is_done_with_one_answer(default):
    assert codebook.is_done(default, "sentence", {"attribution": []})


def test_the_contrast_sets_propose_values_of_the_default_codebook(default, contrast_sets):
    framing = default.variable("framing")
    favours = {value.key for value in framing.span_attributes[0].values}

    assert {entry["maps_to"] for entry in contrast_sets["sets"]} <= {value.key for value in framing.values}
    assert {party for party in contrast_sets["favours_maps_to"].values() if party} <= favours


def test_the_reporting_cues_propose_parts_of_an_attribution(default, reporting_cues):
    attribution = default.variable("attribution")
    cues = [*reporting_cues["english_verbs"], *reporting_cues["english_phrases"], *reporting_cues["arabic"]]

    assert {cue["stance"] for cue in cues} <= {value.key for value in attribution.stances}
    manners = {cue["manner"] for cue in reporting_cues["english_phrases"]} - {None}
    assert manners <= {value.key for value in attribution.manners}


def test_the_patterns_of_the_lexicons_compile(contrast_sets, reporting_cues):
    patterns = [term["pattern"] for entry in contrast_sets["sets"] for term in entry["terms"]]
    patterns += [phrase["pattern"] for phrase in reporting_cues["english_phrases"]]

    assert len(patterns) > 150
    for pattern in patterns:
        re.compile(pattern)


@needs_shared
def test_no_five_words_in_a_row_come_from_the_real_article():
    article = " ".join(path.read_text("utf-8") for path in (SHARED / "seeds").rglob("*.txt"))
    real = re.findall(r"\w+", article.casefold())
    assert len(real) > 300
    runs = {tuple(real[i : i + 5]) for i in range(len(real) - 4)}
    for path in FIXTURES.rglob("*.json"):
        words = re.findall(r"\w+", path.read_text("utf-8").casefold())
        assert not runs & {tuple(words[i : i + 5]) for i in range(len(words) - 4)}, path.name
