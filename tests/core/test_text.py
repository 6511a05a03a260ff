"""Bytes to text, the few changes made to it, and the ways to count in it."""

import doctest
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core import text as module
from annotator.core.text import TextError, UndecodableError, clean, clean_field, decode, from_utf16, to_utf16

ANY_TEXT = st.text(st.characters(codec="utf-8"))


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_against_the_declared_encoding(encoding: str) -> None:
    decoded = decode("Señal".encode(encoding), "windows-1256")

    assert decoded.text == "\ufeffSeñal"


def test_bytes_that_are_not_utf8_are_refused_with_their_place() -> None:
    with pytest.raises(UndecodableError, match=r"byte 0xE9 on line 2 \(byte 9 of the file\)"):
        decode(b"One.\ncaf\xe9")


@pytest.mark.parametrize("name", ["no-such-charset", "unicode-escape", "idna", "rot13", "utf-7", "a\0b"])
def test_an_encoding_that_is_no_character_set_is_refused(name: str) -> None:
    with pytest.raises(TextError, match="unknown encoding"):
        decode(b"text", name)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x85", "\x0c", "\x0b", "\u2028", "\u2029"])
def test_every_line_end_becomes_a_line_feed(end: str) -> None:
    cleaned = clean(f"One.{end}Two.")

    assert cleaned.text == "One.\nTwo."
    assert [str(change) for change in cleaned.changes] == ["1 line end written as line feed"]


def test_changes_are_counted_by_their_kind() -> None:
    changes = clean("\ufeff\ufeffa\x01\x02\ufdd0\U0001ffff\r\n").changes

    assert {change.kind: change.count for change in changes} == {
        "byte_order_mark": 1,
        "line_ends": 1,
        "controls": 2,
        "noncharacters": 2,
    }


def test_what_is_invisible_but_meant_stays() -> None:
    kept = "\ta\u00ad\u200b\u200d\u200e\u202e\u2066\U000e0067\x7f e\u0301 \u00a0"

    assert clean(kept) == module.Cleaned(kept, ())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a\nb\0", r"NUL character on line 2 \(character 4\)"),
        ("a\ud83d", "lone surrogate"),
        ("a" + "\u0301" * 17, "16 combining marks"),
        ("\x07 \n", "empty"),
        ("", "empty"),
    ],
)
def test_what_cannot_be_kept_is_refused(text: str, reason: str) -> None:
    with pytest.raises(TextError, match=reason):
        clean(text)


def test_sixteen_marks_are_allowed_and_begin_anew_after_a_letter() -> None:
    stacked = ("a" + "\u0301" * 16) * 3

    assert clean(stacked).text == stacked


def test_marks_stacked_among_symbols_are_found() -> None:
    with pytest.raises(TextError, match="combining"):
        clean("→" * 30 + "\u0301" * 17)


def test_every_combining_mark_counts() -> None:
    marks = (chr(code) for code in range(sys.maxunicode) if unicodedata.category(chr(code)).startswith("M"))

    for mark in marks:
        with pytest.raises(TextError, match="combining"):
            clean("a" + mark * 17)


@given(ANY_TEXT)
def test_a_cleaned_text_needs_no_more_changes_but_for_another_byte_order_mark(text: str) -> None:
    try:
        once = clean_field(text).text
    except TextError:
        return

    assert clean_field(once).text == once.removeprefix("\ufeff")


@given(ANY_TEXT)
def test_offsets_come_back_from_utf16(text: str) -> None:
    offsets = range(len(text) + 1)
    wide = to_utf16(text, offsets)

    assert wide == [len(text[:offset].encode("utf-16-le")) // 2 for offset in offsets]
    assert from_utf16(text, wide) == list(offsets)


@pytest.mark.parametrize(("offset", "reason"), [(1, "inside a character"), (3, "outside"), (-1, "outside")])
def test_an_offset_that_no_character_begins_at_is_refused(offset: int, reason: str) -> None:
    with pytest.raises(TextError, match=reason):
        from_utf16("🙂", [offset])
