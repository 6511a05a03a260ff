"""Units that repeat each other are found, whatever their case and signs, in any script."""

from annotator.core.repeats import repeats
from annotator.core.sentences import split
from tests.shared import SHARED, needs_shared

LORRIES = "The truce was meant to let forty lorries a week into the town."


def test_same_words_are_grouped_whatever_their_signs() -> None:
    found = repeats([LORRIES, "Nobody came to help.", LORRIES.upper().replace(".", "!")])
    assert {place: list(repeat.same) for place, repeat in found.items()} == {0: [0, 2], 2: [0, 2]}


def test_one_other_word_makes_a_near_repeat() -> None:
    found = repeats([LORRIES, LORRIES.replace("forty", "fifty"), LORRIES, "Forty men left the town a week ago."])
    assert (found[0].same, found[0].nearly) == ([0, 2], [0, 1, 2])
    assert (found[1].same, found[1].nearly) == ([1], [0, 1, 2])
    assert 3 not in found


def test_the_order_of_words_counts() -> None:
    assert repeats(["The army blamed the mayor for it.", "It for mayor the blamed army the."]) == {}


def test_short_units_repeat_by_chance() -> None:
    assert repeats(["He said so.", "He said so.", "***", "***", ""]) == {}


def test_arabic_and_unspaced_scripts() -> None:
    arabic = "وصلت الشاحنات إلى المدينة أمس"
    assert sorted(repeats([arabic, "桥在洪水后重新开放", f"{arabic}!", "桥在洪水后重新开放。"])) == [0, 1, 2, 3]


def test_thousands_of_like_units_share_their_lists() -> None:
    found = repeats([f"The ferry number {n} left the old harbour at noon." for n in range(3000)])
    assert len(found) == 3000
    assert found[0].nearly is found[2999].nearly


@needs_shared
def test_the_seed_article_repeats_itself_in_lines_2_and_9() -> None:
    (path,) = (SHARED / "seeds").glob("*.txt")
    units = split(path.read_text(encoding="utf-8"))
    found = repeats([unit.text for unit in units])
    assert sorted(place + 1 for place in found) == [2, 9]
    assert all([place + 1 for place in repeat.same] == [2, 9] for repeat in found.values())
