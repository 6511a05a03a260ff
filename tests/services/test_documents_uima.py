"""UIMA CAS XMI, read back by cassis: every answer is found again, whatever the text."""

import io
from pathlib import PurePosixPath

import cassis
import pytest

from tests import documents
from tests.documents import Fact, unmarked

pytestmark = pytest.mark.django_db
SEGMENTATION = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type"
LAYERS = ("attribution", "stance", "side", "tone", "weight", "remark", "framing", "frame")


def read(files: dict[str, bytes]) -> dict[tuple[str, str], cassis.Cas]:
    types = cassis.load_typesystem(io.BytesIO(files["TypeSystem.xml"]))
    paths = [PurePosixPath(name) for name in files if name.endswith(".xmi")]
    return {
        (path.parent.name, path.stem): cassis.load_cas_from_xmi(io.BytesIO(files[str(path)]), typesystem=types)
        for path in paths
    }


def facts(article: str, annotator: str, cas: cassis.Cas) -> set[Fact]:
    found = set()
    for layer in LAYERS:
        for one in cas.select(f"annotator.{layer.capitalize()}"):
            said = _features(one)
            value, unit = said.pop("source", None) or said.pop("value"), said.pop("unit")
            place = (one.begin, one.end, one.get_covered_text())
            found.add(Fact(article, annotator, int(unit), *place, layer, value, frozenset(said.items())))
    return found


def _features(one: object) -> dict[str, str]:
    skipped = {"begin", "end", "sofa"}
    names = [feature.name for feature in one.type.all_features if feature.name not in skipped]  # type: ignore[attr-defined]
    return {name: unmarked(word) for name in names if (word := getattr(one, name)) is not None}


def test_cassis_finds_every_answer_again_and_each_quote_by_its_own_offsets() -> None:
    study = documents.study()
    cases = read(documents.files_of(documents.exported(study.lead, "uima")))
    expected = {fact._replace(value=fact.value.replace("\x07", "\ufffd")) for fact in documents.facts(study)}
    assert {fact for who, cas in cases.items() for fact in facts(*who, cas)} == expected
    assert {article.external_id for article in study.articles} == {article for article, _ in cases}


def test_units_are_sentences_and_the_text_is_exact() -> None:
    study = documents.study()
    files = documents.files_of(documents.exported(study.lead, "uima"))
    cas = read(files)[(study.articles[0].external_id, study.members[0].pseudonym)]
    assert cas.sofa_string == documents.ENGLISH == files[f"source/{study.articles[0].external_id}.txt"].decode()
    spoken = [(one.begin, one.end) for one in cas.select(f"{SEGMENTATION}.Sentence")]
    assert spoken == [(unit.start, unit.end) for unit in study.units(0)]
    words = [one.get_covered_text() for one in cas.select(f"{SEGMENTATION}.Token")]
    assert "".join(words) == "".join(documents.ENGLISH.split())
    assert "👩🏽‍🚒" in words
