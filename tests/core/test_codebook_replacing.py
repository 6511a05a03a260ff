"""Values merged and split in a draft, and what offering them again takes back."""

import copy
from collections.abc import Callable

import pytest

from annotator.core.codebook import changes, parse
from annotator.core.codebook.editing import Document, EditError, Place, add_entry, identities, remove_entry
from annotator.core.codebook.replacing import merge_entry, split_entry, take_back
from tests import make

STANCES: Place = ("variables", 1, "values")
FOR: Place = (*STANCES, 2)
PUBLISHED = frozenset(identities(make.CODEBOOK))


def values(document: Document) -> list[tuple[str, object]]:
    """The keys of the stances and what became of each."""
    parse(document)
    return [(value["key"], value.get("became")) for value in document["variables"][1]["values"]]  # type: ignore[call-overload, index, union-attr]


def test_a_published_value_is_retired_and_says_what_it_became() -> None:
    merged = merge_entry(make.CODEBOOK, FOR, "against", PUBLISHED)
    assert values(merged) == [("against", None), ("neutral", None), ("for", ["against"])]
    assert [change.what for change in changes(make.CODEBOOK, merged)] == ["merged"]


def test_a_value_of_the_draft_alone_goes_without_trace_and_hands_on_what_became_it() -> None:
    draft = add_entry(make.CODEBOOK, STANCES, "Torn")
    draft = merge_entry(draft, FOR, "torn", PUBLISHED)
    gone = merge_entry(draft, (*STANCES, 3), "neutral", PUBLISHED)
    assert values(gone) == [("against", None), ("neutral", None), ("for", ["neutral"])]


def test_a_split_adds_two_values_right_after() -> None:
    split = split_entry(make.CODEBOOK, (*STANCES, 0), [" Mildly against ", "Against"])
    keys = ["against", "mildly_against", "against_2", "neutral", "for"]
    assert [key for key, _ in values(split)] == keys
    assert values(split)[0][1] == ["mildly_against", "against_2"]


@pytest.mark.parametrize("into", ["for", "nobody", "", "neutral"])
def test_a_value_is_merged_into_another_one_that_is_offered(into: str) -> None:
    retired = remove_entry(make.CODEBOOK, (*STANCES, 1), PUBLISHED)
    with pytest.raises(EditError, match="still offered"):
        merge_entry(retired, FOR, into, PUBLISHED)


def test_a_split_names_two_values() -> None:
    with pytest.raises(EditError, match="Name the two values"):
        split_entry(make.CODEBOOK, FOR, ["Only one", "  "])


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: merge_entry(d, FOR, "against", PUBLISHED),
        lambda d: split_entry(d, FOR, ["Mildly", "Strongly"]),
        lambda d: remove_entry(d, FOR, PUBLISHED),
    ],
)
def test_offering_it_again_takes_everything_back(edit: Callable[[Document], Document]) -> None:
    assert take_back(edit(make.CODEBOOK), FOR, PUBLISHED) == make.CODEBOOK


def test_a_half_into_which_something_was_written_stays() -> None:
    split = copy.deepcopy(split_entry(make.CODEBOOK, FOR, ["Mildly", "Strongly"]))
    split["variables"][1]["values"][3]["definition"] = "A little."  # type: ignore[call-overload, index]
    assert [key for key, _ in values(take_back(split, FOR, PUBLISHED))] == ["against", "neutral", "for", "mildly"]


def test_what_others_became_is_not_removed() -> None:
    split = split_entry(make.CODEBOOK, FOR, ["Mildly", "Strongly"])
    with pytest.raises(EditError, match="“For” was merged or split into this value"):
        remove_entry(split, (*STANCES, 3), PUBLISHED)
