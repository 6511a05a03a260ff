"""A doubt is asked until a person has decided, and found again wherever its words went."""

from annotator.core.mending import Draft, Edit, Merge, Piece, Retype, Reword, Split, mend
from annotator.core.proofreading import doubts_of, open_doubts
from annotator.core.sentences import split

TEXT = """Port news

They waited... Nothing 🚢 came. He met Mr. Reed et al. Nobody knows.
and it went on. The rest is silence.
"""


def places(*edits: Edit, left: tuple[int, ...] = ()) -> list[str]:
    """The last word before each open doubt."""
    pieces = [Piece(unit.start, unit.end, unit.kind) for unit in split(TEXT)]
    draft = mend(Draft.of(TEXT, pieces), edits)
    found = list(open_doubts(draft, doubts_of(TEXT, "en"), left))
    assert all(draft.pieces[one.unit].end == one.place for one in found if one.doubt.split)
    return [draft.text[: one.place].split()[-1] for one in found]


def test_each_doubt_of_the_splitter_is_open_at_first() -> None:
    assert places() == ["waited...", "al.", "knows."]


def test_a_boundary_drawn_or_taken_away_is_decided() -> None:
    assert places(Merge(TEXT.index("Nothing"))) == ["al.", "knows."]
    assert places(Merge(TEXT.index("Nothing")), Split(TEXT.index("Nothing"))) == places()


def test_what_was_left_or_given_another_kind_is_decided() -> None:
    assert places(left=(TEXT.index(" Nothing"),)) == ["al.", "knows."]
    assert places(Retype(TEXT.index("Nobody knows"), "caption")) == ["waited...", "al."]


def test_a_correction_moves_the_doubts_after_it() -> None:
    assert places(Reword(0, "Port news of the whole week 🚢")) == places()
    assert places(Reword(TEXT.index("They"), "They left")) == ["al.", "knows."]
