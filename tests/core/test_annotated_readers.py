"""Exports of other tools: each says the same of the same article."""

import json

import pytest

from projects.readers import ReadError, annotated
from tests import annotated_files as files


@pytest.mark.parametrize("tool", files.SAMPLES)
def test_every_tool_s_marks_come_out_at_the_same_words(tool: str) -> None:
    sample = files.SAMPLES[tool]()
    found = annotated.read_here(sample.name, sample.data)
    assert found.problems == ()
    (document,) = found.documents
    assert (document.external_id, document.text) == (sample.id, files.TEXT)
    assert tuple(by.annotator for by in document.by) == sample.annotators
    for annotator in sample.annotators:
        marks = [mark for mark in document.marks if mark.annotator == annotator and mark.layer == sample.layer]
        assert [(document.text[mark.start : mark.end], mark.value) for mark in marks] == list(files.MARKS)


def test_what_a_tool_says_beside_its_marks_comes_along_or_is_counted() -> None:
    said = {
        tool: {(mark.layer, mark.value) for document in read.documents for mark in document.marks}
        for tool in ("label_studio", "brat", "potato")
        if (read := annotated.read_here((sample := files.SAMPLES[tool]()).name, sample.data))
    }
    assert ("tone", "Calm") in said["label_studio"] & said["potato"]
    assert {("Ironic", "true"), ("notes", "see rule 3")} <= said["brat"]
    assert ("remark", "fine") in said["potato"]


def test_line_ends_are_written_as_ours_and_the_marks_move_along() -> None:
    text = "One.\r\nTwo three."
    data = files.lines({"id": 1, "text": text, "label": [[10, 15, "x"]]})
    (document,) = (found := annotated.read_here("a.jsonl", data)).documents
    (mark,) = document.marks
    assert document.text == "One.\nTwo three."
    assert document.text[mark.start : mark.end] == text[10:15]
    assert sum(found.lost.values()) == 1


BAD = {
    "a mark outside the text": (
        files.lines({"id": 1, "text": "Short.", "label": [[2, 99, "x"]]}), "a.jsonl, line 1, label 1: 2 to 99"),
    "a mark that runs backwards": (files.lines({"id": 1, "text": "Short.", "label": [[4, 2, "x"]]}), "4 to 2"),
    "other words than the file says": (
        json.dumps([{"id": 5, "data": {"text": "Short."}, "annotations": [{"completed_by": 1, "result": [
            {"type": "labels", "from_name": "f", "value": {"start": 0, "end": 3, "text": "Sho!", "labels": ["x"]}}
        ]}]}]).encode(), "task 5, result 1: the text from 0 to 3 is “Sho”"),
    "a relation to no mark": (
        files.packed({"a.txt": "Short.", "a.ann": "R1\tCauses Arg1:T1 Arg2:T2\n"}), "a.ann, line 1: there is no mark"),
    "a line that is none": (files.packed({"a.txt": "Short.", "a.ann": "what\n"}), "a.ann, line 1"),
    "a place of thousands of digits": (
        files.packed({"a.txt": "Short.", "a.ann": f"T1\tX 0 {'9' * 5000}\tSh\n"}), "a.ann, line 1"),
    "an .ann without its text": (files.packed({"a.ann": "T1\tX 0 2\tSh\n"}), "there is no a.txt"),
    "a token that is not there": (
        b"#FORMAT=WebAnno TSV 3.3\n#T_SP=a.B|c\n\n\n#Text=Short.\n1-1\t0-5\tLong\t_\n", "line 6: the text there"),
    "a text that can't be kept": (files.lines({"id": 1, "text": "a\0b", "label": []}), "NUL"),
    "two texts of one id": (
        files.lines({"id": 1, "text": "One.", "label": []}, {"id": 1, "text": "Two.", "label": []}), "another text"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_with_a_mark_is_told_by_its_place(case: str) -> None:
    data, message = BAD[case]
    name = "a.zip" if data.startswith(b"PK") else "a.tsv" if data.startswith(b"#") else "a.jsonl"
    name = "a.json" if data.startswith(b"[") else name
    (problem,) = annotated.read_here(name, data).problems
    assert message in problem


SYSTEM = b'<?xml version="1.0"?><typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"/>'
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;">]>'
REFUSED = {
    "an empty file": ("a.json", b"", "empty"),
    "no tool's file": ("a.json", b'{"hello": 1}', "which tool"),
    "broken JSON": ("a.jsonl", b'{"text": "One', "not valid JSON"),
    "JSON that is nested too deep": ("a.json", b"[" * 5000, "nested"),
    "a line of 10 MB that is no JSON": ("a.jsonl", b"x" * 10_000_000, "not valid JSON"),
    "an .xmi alone": ("a.xmi", b"<xmi/>", "TypeSystem.xml"),
    "an entity bomb in a CAS": ("a.zip", files.packed({"a.xmi": BOMB + b"<x/>", "TypeSystem.xml": SYSTEM}), "DTD"),
    "an entity in a type system": ("a.zip", files.packed({"a.xmi": b"<x/>", "TypeSystem.xml": BOMB + b"<x/>"}), "DTD"),
    "a CAS that is no XML": ("a.zip", files.packed({"a.xmi": b"<x", "TypeSystem.xml": SYSTEM}), "damaged"),
    "a CAS of another kind of XML": ("a.zip", files.packed({"a.xmi": b"<x/>", "TypeSystem.xml": SYSTEM}), "a.xmi"),
    "a ZIP bomb": ("a.zip", files.packed({"a.ann": b"0" * 60_000_000}), "too large"),
    "a bomb inside": (
        "a.zip", files.packed({f"{n}.zip": files.packed({"a.xmi": b"0" * 30_000_000}) for n in range(3)}), "too large"),
    "a path out of the archive": ("a.zip", files.packed({"../a.ann": b"T1"}), "path"),
    "bytes in another encoding": ("a.jsonl", '{"text": "café"}'.encode("latin-1"), "encoding"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_hostile_files_are_refused_with_what_is_wrong(case: str) -> None:
    name, data, message = REFUSED[case]
    with pytest.raises(ReadError, match=message):
        annotated.read_here(name, data)
