"""Who needs help: everybody is compared with the others, and with himself."""

from dataclasses import replace

import pytest

from annotator.core.needing_help import Course, Kind, needing_help

USUAL = Course(left=10, lately=100, before=100, idle=0, seconds_each=8, agrees=0.8, gold=0.95, flags=1)


@pytest.mark.parametrize(
    ("odd", "kind"),
    [
        (replace(USUAL, lately=0, before=0, idle=2, begun=False), "not begun"),
        (replace(USUAL, idle=5), "stopped"),
        (replace(USUAL, lately=49), "falling"),
        (replace(USUAL, seconds_each=16.1), "slow"),
        (replace(USUAL, agrees=0.69), "apart"),
        (replace(USUAL, gold=0.79), "gold"),
        (replace(USUAL, flags=5), "unsure"),
    ],
)
def test_each_mark_has_its_reason(odd: Course, kind: Kind) -> None:
    crowd = dict.fromkeys("abcd", USUAL)
    assert needing_help(crowd) == {}
    [(who, [reason])] = needing_help(crowd | {"odd": odd}).items()
    assert (who, reason.kind) == ("odd", kind)


def test_whoever_is_done_rests_and_of_two_nobody_is_usual() -> None:
    done = replace(USUAL, left=0, idle=20, lately=1)
    assert needing_help({"a": USUAL, "b": USUAL, "c": done}) == {}
    assert needing_help({"a": USUAL, "b": replace(USUAL, seconds_each=90, agrees=0.1, flags=90)}) == {}


def test_too_few_units_say_nothing_of_speed() -> None:
    few = replace(USUAL, lately=10, before=9, seconds_each=90)
    assert needing_help(dict.fromkeys("abc", USUAL) | {"d": few}) == {}
