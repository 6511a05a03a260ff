"""Two texts side by side."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.differences import MOST_WORDS, Piece, Row, Side, side_by_side

SENTENCES = st.lists(st.sampled_from(["a b c d", "a b x d", "e f", "g h i j k", "a b c", ""]), max_size=12)


@given(SENTENCES, SENTENCES)
def test_each_sentence_stands_once_on_its_side_and_pieces_join_to_it(left: list[str], right: list[str]) -> None:
    rows = side_by_side(left, right)
    for text, sides in ((left, [row.left for row in rows]), (right, [row.right for row in rows])):
        numbers = [n for side in sides if side for n in range(side.first, side.last + 1)]
        assert numbers == list(range(1, len(text) + 1))
        for side in sides:
            if side and side.pieces:
                assert "".join(piece.text for piece in side.pieces) == text[side.first - 1]


@given(SENTENCES)
def test_a_text_beside_itself_is_one_row(text: list[str]) -> None:
    rows = side_by_side(text, text)
    assert [row.same for row in rows] == ([True] if text else [])


@given(SENTENCES, SENTENCES)
def test_what_both_sides_show_as_common_is_common(left: list[str], right: list[str]) -> None:
    for row in side_by_side(left, right):
        if row.left and row.right and not row.same:
            common = [[p.text.split() for p in side.pieces if not p.own] for side in (row.left, row.right)]
            assert common[0] == common[1]


def test_a_sentence_put_in_stands_alone() -> None:
    assert side_by_side(["One.", "Two."], ["One.", "New words here.", "Two."])[1] == Row(
        None, Side(2, 2, (Piece("New words here.", True),))
    )


def test_sentences_with_nothing_in_common_are_not_mixed() -> None:
    rows = side_by_side(["The port is shut today."], ["Nobody came home again."])
    assert [(row.left is None, row.right is None) for row in rows] == [(False, True), (True, False)]


def test_a_very_long_sentence_is_shown_whole() -> None:
    long = "word " * MOST_WORDS
    assert [row.same for row in side_by_side([long + "a"], [long + "b"])] == [False, False]


def test_no_more_sentences_are_compared_than_said() -> None:
    rows = side_by_side(["a"] * 9, ["a"] * 9, most=4)
    assert rows[0].left == Side(1, 4)
