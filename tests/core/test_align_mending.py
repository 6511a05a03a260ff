"""Edits of the units of a text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.mending import (
    MOST_EDITS,
    Draft,
    Edit,
    MendingError,
    Merge,
    Move,
    Offer,
    Piece,
    Retype,
    Reword,
    Split,
    mend,
    proven,
    read_edits,
    written,
)
from annotator.core.sentences import KINDS

TEXT = "Bridge reopens\n\nIt rained at 4 p.m. Rahim Street flooded. Nobody came.\nREAD MORE: Ferries"
PIECES = [
    Piece(0, 14, "headline"),
    Piece(16, 35, "sentence"),
    Piece(36, 57, "sentence"),
    Piece(58, 70, "sentence"),
    Piece(71, 89, "promo", codable=False),
]


@pytest.fixture
def draft() -> Draft:
    return Draft.of(TEXT, PIECES)


def words(draft: Draft) -> list[str]:
    return [draft.words(piece) for piece in draft.pieces]


def test_the_sample_is_proven(draft: Draft) -> None:
    assert proven(draft).units == 5


def test_a_split_trims_both_halves_and_keeps_the_kind(draft: Draft) -> None:
    made = mend(draft, [Split(48)])
    assert words(made)[2:4] == ["Rahim Street", "flooded."]
    assert [piece.kind for piece in made.pieces[2:4]] == ["sentence", "sentence"]


def test_a_merge_takes_the_kind_of_the_first(draft: Draft) -> None:
    made = mend(draft, [Merge(36)])
    assert words(made)[1] == "It rained at 4 p.m. Rahim Street flooded."
    assert len(made.pieces) == 4


def test_a_boundary_moves_inside_its_two_units(draft: Draft) -> None:
    assert words(mend(draft, [Move(36, 48)]))[1:3] == ["It rained at 4 p.m. Rahim Street", "flooded."]
    assert words(mend(draft, [Move(36, 28)]))[1:3] == ["It rained at", "4 p.m. Rahim Street flooded."]


def test_a_kind_decides_what_is_offered(draft: Draft) -> None:
    made = mend(draft, [Retype(58, "promo"), Retype(71, "subhead")], lambda kind: kind != "promo")
    assert [(piece.kind, piece.codable) for piece in made.pieces[3:]] == [("promo", False), ("subhead", True)]


def test_a_unit_is_left_out_and_taken_in_again(draft: Draft) -> None:
    assert not mend(draft, [Offer(16, False)]).pieces[1].codable
    assert mend(draft, [Offer(16, False), Offer(16, True)]).pieces == draft.pieces


def test_a_corrected_word_moves_every_unit_behind_it(draft: Draft) -> None:
    made = mend(draft, [Reword(16, "It had rained at 4 p.m.")])
    assert words(made)[1:3] == ["It had rained at 4 p.m.", "Rahim Street flooded."]
    assert made.alignment.unchanged(36, 57) == (40, 61)
    assert proven(made).units == 5


def test_a_correction_keeps_a_line_end_inside_its_unit(draft: Draft) -> None:
    made = mend(draft, [Merge(71), Reword(58, "Nobody came.\r\nREAD MORE: Ferries ")])
    assert words(made)[3] == "Nobody came.\nREAD MORE: Ferries"


@pytest.mark.parametrize(
    "edit",
    [
        Split(16),
        Split(15),
        Split(35),
        Split(999),
        Split(-3),
        Merge(0),
        Merge(17),
        Move(0, 3),
        Move(36, 16),
        Move(36, 57),
        Retype(16, "poem"),
        Retype(17, "promo"),
        Offer(1, False),
        Reword(16, " \n "),
        Reword(16, "\0"),
        Reword(16, "x" * 20_001),
    ],
)
def test_what_can_not_be_done_is_refused(draft: Draft, edit: Edit) -> None:
    with pytest.raises(MendingError):
        mend(draft, [edit])


def test_a_draft_has_an_end(draft: Draft) -> None:
    with pytest.raises(MendingError, match="Apply these first"):
        mend(draft, [Split(48)] * (MOST_EDITS + 1))


EDITS = st.lists(
    st.one_of(
        st.builds(Split, st.integers(0, 95)),
        st.builds(Merge, st.integers(0, 95)),
        st.builds(Move, st.integers(0, 95), st.integers(0, 95)),
        st.builds(Retype, st.integers(0, 95), st.sampled_from(KINDS)),
        st.builds(Offer, st.integers(0, 95), st.booleans()),
        st.builds(Reword, st.integers(0, 95), st.text(max_size=12)),
    ),
    max_size=8,
)


@given(EDITS)
def test_whatever_is_edited_the_units_cover_the_text(edits: list[Edit]) -> None:
    draft = Draft.of(TEXT, PIECES)
    for edit in edits:
        try:
            draft = mend(draft, [edit])
        except MendingError:
            continue
    proven(draft)
    assert draft.alignment.new_length == len(draft.text)
    for block in draft.alignment.blocks:
        assert TEXT[block.old : block.old + block.length] == draft.text[block.new : block.new + block.length]


@given(EDITS)
def test_edits_are_written_and_read_back(edits: list[Edit]) -> None:
    assert read_edits(json.loads(json.dumps(written(edits)))) == edits


@pytest.mark.parametrize(
    "rows",
    [
        *({}, "split", None, [[]], ["split"], [["split"]], [["split", "4"]], [["split", True]], [["offer", 3, 1]]),
        *([["poem", 3]], [["split", 4, 5]], [[["split"], 4]], [["split", 1]] * (MOST_EDITS + 1)),
    ],
)
def test_what_is_no_edit_is_not_read(rows: object) -> None:
    with pytest.raises(MendingError, match="can't be read"):
        read_edits(rows)
