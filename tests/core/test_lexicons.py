"""Lexicons: three formats, patterns as wordings, and where their hints go in a codebook."""

import json
from pathlib import Path

import pytest

from annotator.core import codebook
from annotator.core.codebook import CodebookError
from annotator.core.lexicons import aim, parse
from annotator.core.wordings import PatternError, wordings
from tests.shared import SHARED, needs_shared

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def read(name: str, folder: Path = FIXTURES):
    return parse(json.loads((folder / "lexicons" / f"{name}.json").read_text("utf-8")))


def book(name: str):
    return codebook.parse(codebook.load((FIXTURES / f"codebook_{name}.json").read_bytes()))


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"\bgovernment(?:s|al)?\b", ["government", "governments", "governmental"]),
        (r"\b(?:recaptur|retak)(?:e[sd]?|ing)\b|\bretook\b", 9),
        (r"\b[A-Z][\w-]+['’]s (?:forces|troops)\b", ["*'s forces", "*'s troops", "*’s forces", "*’s troops"]),
        (r"\b\w+-backed\b", ["*-backed"]),
        (r"a\.b", ["a.b"]),
    ],
)
def test_a_pattern_stands_for_its_wordings(pattern: str, found: list[str] | int) -> None:
    assert (wordings(pattern) if isinstance(found, list) else len(wordings(pattern))) == found


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "a{2,}", "(?:a", "a)", r"\d+", "[^a]", ".*", "(?:a?" * 9 + ")" * 9 + "[" * 99]
)
def test_a_pattern_without_an_end_of_wordings_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        wordings(pattern)


def test_every_wording_of_a_pattern_is_counted_before_it_is_made() -> None:
    with pytest.raises(PatternError, match="500"):
        wordings("[abcdefghij]" * 30)


def test_a_lexicon_proposes_no_more_values_than_a_page_can_show() -> None:
    terms = [{"term": f"word {number}", "value": f"v{number}"} for number in range(501)]
    with pytest.raises(CodebookError, match="500"):
        parse({"key": "long", "title": "Long", "terms": terms})
    assert len(parse({"key": "long", "title": "Long", "terms": terms[1:]}).groups) == 500


def test_the_ready_lexicons_speak_to_the_ready_codebooks() -> None:
    sets, cues = read("contrast_sets"), read("reporting_cues")
    assert [len(aim(lexicon, book("conflict_news")).values) for lexicon in (sets, cues)] == [12, 6]
    assert aim(cues, book("stance")).variable.key == "attribution"
    assert aim(cues, book("short")) is None


def test_cues_are_found_with_the_stance_they_imply() -> None:
    text = "The mayor accused them; it was, according to her, reportedly so. وأعلن المجلس"
    hits = read("reporting_cues").compiled().find(text)
    assert [(text[hit.start : hit.end], hit.what.group, hit.what.manner) for hit in hits] == [
        ("accused", "accusing", ""),
        ("according to", "neutral", "according_to"),
        ("reportedly", "distancing", "according_to"),
        ("وأعلن", "neutral", ""),
    ]


def test_a_group_goes_to_the_value_that_the_document_says() -> None:
    document = json.loads((FIXTURES / "lexicons" / "reporting_cues.json").read_text("utf-8"))
    mapped = parse(document | {"maps": {"accusing": "charged", "distancing": "doubts"}})
    values = aim(mapped, book("stance")).values
    assert values == {"neutral": "neutral", "accusing": "charged", "distancing": "doubts"}


@needs_shared
@pytest.mark.parametrize("name", ["contrast_sets", "reporting_cues"])
def test_the_lists_of_the_reference_data_are_read(name: str) -> None:
    lexicon = read(name, SHARED / "reference" / "science")
    assert len(lexicon.terms) > 150
    model = codebook.load((SHARED / "reference" / "science" / "codebook_conflict_news.json").read_bytes())
    assert aim(lexicon, codebook.parse(model)) is not None
