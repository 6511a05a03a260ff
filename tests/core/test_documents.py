"""Names and words of documents, whatever the keys, external ids and texts are."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.documents import file_stem, identifier, tokens

HOSTILE = (
    "../../etc/passwd",
    "..",
    ".hidden",
    "a/b\\c",
    "C:x",
    "a" * 300,
    "é" * 200,
    "",
    " ",
    "x\n.txt",
    "خبر ١",
    "end.",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_name_stays_in_its_folder_and_fits_every_file_system(name: str) -> None:
    stem = file_stem(name)
    assert re.fullmatch(r"[\w@-][\w.@~-]*", stem)
    assert not stem.endswith(".")
    assert len(stem.encode()) < 128


def test_names_that_can_stand_as_they_are_stay_and_no_two_become_one() -> None:
    plain = ("bridge-3", "bridge@2", "2024.05", "خبر_١")
    assert [file_stem(name) for name in plain] == list(plain)
    assert len({file_stem(name) for name in HOSTILE}) == len(HOSTILE)
    keys = ("stance", "who's there", "who?s there", "who_s_there", "١", "1", "v_1")
    assert len({identifier(key).casefold() for key in keys}) == len(keys)
    assert all(re.fullmatch(r"[A-Za-z]\w*", identifier(key), re.ASCII) for key in keys)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.lists(st.integers(0, 40), max_size=4))
@settings(max_examples=50)
def test_words_cover_all_but_white_space_in_order_and_none_crosses_a_cut(text: str, cuts: list[int]) -> None:
    found = list(tokens(text, 0, len(text), cuts))
    assert "".join(text[start:end] for start, end in found) == re.sub(r"\s+", "", text)
    assert [place for place in cuts for start, end in found if start < place < end] == []
    assert sorted(found) == found
