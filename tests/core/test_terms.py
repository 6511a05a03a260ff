"""Terms in texts: whole words, folded, longest first, offsets of the text as it is."""

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.terms import Form, Terms, key

PREFIXES = ("و", "ف", "ب", "ل", "ك", "ال")
WORDS = st.text(alphabet="aAbéÉßç'’-مُأاَلو😀\u0301", min_size=1, max_size=5)
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


def found(text: str, *forms: str, cased: bool = False, **affixes: tuple[str, ...]) -> list[str]:
    terms = Terms([Form(form, form, cased) for form in forms], **affixes)
    return [text[hit.start : hit.end] for hit in terms.find(text)]


def test_case_accents_and_quotes_do_not_count() -> None:
    assert found("The MAYOR’S aide saw Café Noir.", "mayor's aide", "cafe noir") == ["MAYOR’S aide", "Café Noir"]


def test_only_whole_words_are_found() -> None:
    assert found("Portions of the port; seaport", "port") == ["port"]


def test_the_longest_term_wins_and_those_inside_it_are_dropped() -> None:
    assert found("the town council met", "town", "council", "town council") == ["town council"]
    assert found("the town hall met", "town", "town council") == ["town"]


def test_words_of_a_term_stand_side_by_side() -> None:
    assert found("the town. Council met, town-council", "town council") == []
    assert found("the town \u00a0 council", "town council") == ["town \u00a0 council"]


def test_one_extent_may_stand_for_two_things() -> None:
    terms = Terms([Form("held", "territory"), Form("Held", "control")])
    assert [hit.what for hit in terms.find("they held it")] == ["territory", "control"]


def test_capitals_count_where_the_term_says_so() -> None:
    assert found("the March march", "March", cased=True) == ["March"]
    assert found("The Varn regime and their regime", "* regime", cased=True) == ["Varn regime"]


def test_a_star_stands_for_one_word() -> None:
    assert found("the Kessary-backed group, backed by all", "*-backed") == ["Kessary-backed"]


def test_arabic_without_vowel_signs_and_with_prefixes() -> None:
    assert found("وقالَ المجلسُ", "قال", prefixes=PREFIXES) == ["وقالَ"]
    assert found("للحكومة وبالحكومة", "الحكومة", prefixes=PREFIXES) == ["للحكومة", "وبالحكومة"]
    assert found("قالت أمريكا", "قال", "أمر", prefixes=PREFIXES, endings=("ت",)) == ["قالت"]
    assert found("وقال", "قال") == []


def test_forms_without_a_word_are_never_found() -> None:
    assert found("— … *", "…", "") == []


@given(PHRASES, st.lists(PHRASES, max_size=4))
def test_what_is_found_folds_to_the_term(text: str, forms: list[str]) -> None:
    hits = Terms([Form(form, form) for form in forms]).find(text)
    assert all(key(text[hit.start : hit.end]) == key(hit.what) for hit in hits)
    assert all(one.end <= next_.start for one, next_ in pairwise(hits) if one[:2] != next_[:2])


@given(PHRASES, PHRASES, PHRASES)
def test_a_term_is_found_between_any_words(before: str, term: str, after: str) -> None:
    text = f"{before} | {term} | {after}"
    ends = [hit.end for hit in Terms([Form(term, 1)]).find(text)]
    assert not key(term) or any(end > len(before) for end in ends)


def test_a_long_text_takes_time_by_its_length_alone() -> None:
    """Terms that all begin alike, and a text that begins them at every word."""
    terms = Terms([Form("a " * n + f"b{n}", n) for n in range(1, 11)])
    seconds = []
    for length in (20_000, 80_000):
        start = time.perf_counter()
        assert terms.find("a " * length) == []
        seconds.append(time.perf_counter() - start)
    assert seconds[1] < 8 * seconds[0] + 0.5
