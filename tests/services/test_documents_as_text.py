"""brat, WebAnno TSV and CoNLL, each read by a strict reader of the published format: every answer is found again."""

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import pytest

from annotator.core.text import from_utf16
from tests import documents
from tests.documents import Fact, unmarked

pytestmark = pytest.mark.django_db
TEXTS = (documents.ENGLISH, documents.ARABIC)


def read(files: dict[str, bytes], ending: str) -> Iterator[tuple[PurePosixPath, str]]:
    return ((PurePosixPath(name), data.decode()) for name, data in files.items() if name.endswith(ending))


def text_of(study: Any, article: str) -> str:
    return dict(zip([one.external_id for one in study.articles], TEXTS, strict=True))[article]


def test_brat_annotations_hold_every_answer_at_the_words_of_the_text_beside_them() -> None:
    study = documents.study()
    files = documents.files_of(documents.exported(study.lead, "brat"))
    types, attributes = _brat_configuration(files["annotation.conf"].decode())
    answers, marks = [], set()
    for path, annotations in read(files, ".ann"):
        text = files[str(path.with_suffix(".txt"))].decode()
        assert text == text_of(study, path.stem)
        for kind, pieces, note, said in _brat(annotations):
            assert kind in types
            assert said <= attributes
            start, end = pieces[0][0], pieces[-1][1]
            who = path.stem, path.parent.name
            for key, value in note.get("answers", {}).items():
                answers.append((*who, note["unit"], key, json.dumps(value, sort_keys=True)))
            if variable := note.pop("variable", ""):
                value = note.pop("source" if variable == "attribution" else "value")
                more = frozenset((name, unmarked(word)) for name, word in note.items() if name != "unit")
                place = int(note["unit"]), start, end, text[start:end]
                marks.add(Fact(*who, *place, variable, unmarked(value), more))
    said_of_words = {"attribution", "framing"}
    assert marks == {fact for fact in documents.facts(study) if fact.variable in said_of_words}
    assert sorted(answers) == sorted(one for one in documents.answers(study) if one[3] not in said_of_words)


def _brat_configuration(text: str) -> tuple[set[str], set[tuple[str, str]]]:
    """The types, and the attributes with each value that they may have."""
    sections = dict(re.findall(r"\[(\w+)\]\n(.*?)(?=\n\[|\Z)", text, re.DOTALL))
    attributes = set()
    for line in filter(None, sections["attributes"].splitlines()):
        name, arguments = line.split("\t")
        assert re.fullmatch(r"[\w-]+", name, re.ASCII)
        values = arguments.partition("Value:")[2]
        attributes |= {(name, value) for value in values.split("|")}
    return set(sections["entities"].split()), attributes


def _brat(annotations: str) -> Iterator[tuple[str, list[list[int]], dict[str, Any], set[tuple[str, str]]]]:
    stretches, notes, attributes = {}, {}, dict[str, set[tuple[str, str]]]()
    for line in annotations.splitlines():
        sign, said, *rest = line.split("\t", 2)
        kind, *words = said.split(" ")
        if sign[0] == "T":
            pieces = [list(map(int, piece.split(" "))) for piece in said.split(" ", 1)[1].split(";")]
            stretches[sign] = kind, pieces
        elif sign[0] == "A":
            attributes.setdefault(words[0], set()).add((kind, words[1] if len(words) > 1 else ""))
        elif sign[0] == "#":
            notes[words[0]] = json.loads(rest[0])
        else:
            assert [re.fullmatch(r"Arg[12]:(T\d+)", word)[1] in stretches for word in words] == [True, True]  # type: ignore[index]
    assert set(notes) == set(stretches)
    return ((*stretches[sign], notes[sign], attributes.get(sign, set())) for sign in stretches)


def test_webanno_cells_add_up_to_every_answer() -> None:
    study = documents.study()
    files = documents.files_of(documents.exported(study.lead, "webanno_tsv"))
    found = set()
    for path, content in read(files, ".tsv"):
        text = text_of(study, path.parent.name)
        for layer, start, end, said in _webanno(content, text):
            value, unit = said.pop("source", None) or said.pop("value"), int(said.pop("unit"))
            place = unit, start, end, text[start:end], layer.removeprefix("annotator.").lower()
            found.add(Fact(path.parent.name, path.stem, *place, value, frozenset(said.items())))
    assert found == set(map(_trimmed, documents.facts(study)))


def _trimmed(fact: Fact) -> Fact:
    """The format has no place for white space at the end of a whole article."""
    quote = fact.quote.rstrip()
    return fact._replace(quote=quote, end=fact.start + len(quote))


def _webanno(content: str, text: str) -> Iterator[tuple[str, int, int, dict[str, str]]]:
    """The annotations: cells of one layer and number are one; the words, and the text of sentences, are checked."""
    header, *sentences = content.split("\n\n")
    first, *declared = header.split("\n")
    assert first == "#FORMAT=WebAnno TSV 3.3"
    layers = [line.removeprefix("#T_SP=").split("|") for line in declared]
    columns = [(layer, feature) for layer, *features in layers for feature in features]
    found: dict[Any, tuple[list[int], dict[str, str]]] = {}
    for sentence in filter(None, sentences):
        lines = sentence.strip("\n").split("\n")
        words = [line.split("\t") for line in lines if not line.startswith("#Text=")]
        places = [from_utf16(text, map(int, word[1].split("-"))) for word in words]
        shown = "\n".join(line.removeprefix("#Text=") for line in lines if line.startswith("#Text="))
        assert shown.replace("\\\\", "\\") == text[places[0][0] : places[-1][1]]
        for word, (start, end) in zip(words, places, strict=True):
            assert word[2] == text[start:end]
            for (layer, feature), cell in zip(columns, word[3:-1], strict=True):
                for stacked in re.split(r"(?<!\\)\|", cell) if cell != "_" else []:
                    value, number = re.fullmatch(r"(.*?)(?:(?<!\\)\[(\d+)\])?", stacked, re.DOTALL).groups()  # type: ignore[union-attr]
                    span, said = found.setdefault((layer, number or word[0]), ([start, end], {}))
                    span[:] = min(span[0], start), max(span[1], end)
                    if value != "*":
                        said[feature] = unmarked(re.sub(r"\\(->|.)", _unescaped, value))
    return ((layer, *span, said) for (layer, _), (span, said) in found.items())


def _unescaped(match: re.Match[str]) -> str:
    return {"t": "\t", "n": "\n"}.get(match[1], match[1])


def test_conll_tags_are_the_longest_marks_and_comments_every_answer() -> None:
    study = documents.study()
    files = documents.files_of(documents.exported(study.lead, "conll"))
    answers, tagged = [], set()
    for path, content in read(files, ".conll"):
        text, who = text_of(study, path.parent.name), (path.parent.name, path.stem)
        unit = 0
        columns = content.split("\n", 1)[0].removeprefix("# global.columns = ").split(" ")
        rows: list[list[str]] = []
        for line in content.split("\n"):
            key, _sign, value = line.removeprefix("# ").partition(" = ")
            if not line.startswith("# ") and line:
                rows.append(line.split("\t"))
            elif key == "unit":
                unit = int(value)
            elif _sign and key not in {"global.columns", "article", "annotator", "kind"}:
                answers.append((*who, unit, key, json.dumps(json.loads(value), sort_keys=True)))
        assert [row[0] for row in rows] == [text[int(row[1]) : int(row[2])] for row in rows]
        for number, column in enumerate(columns[3:], 3):
            tagged |= {(*who, column, *mark) for mark in _tagged([(*row[1:3], row[number]) for row in rows])}
    assert sorted(answers) == sorted(documents.answers(study))
    expected = [fact for fact in documents.facts(study) if _column(fact)]
    marks = {(fact.article, fact.annotator, _column(fact), fact.value, fact.start, fact.end) for fact in expected}
    assert tagged < marks
    # Two of the three overlapping ones have no tag.
    assert {mark[3] for mark in marks - tagged} == {"naming_state", "who's:there?"}
    assert f"Of {len(expected)} marks in these files 2 have no tag of their own." in files["README.txt"].decode()


def _column(fact: Fact) -> str:
    more = dict(fact.more)
    if fact.variable == "framing":
        return "framing" if "item" in more else ""
    return f"{fact.variable}.{more['role']}" if "role" in more else ""


def _tagged(rows: list[tuple[str, ...]]) -> Iterator[tuple[str, int, int]]:
    for number, (start, end, tag) in enumerate(rows):
        if tag.startswith("B-"):
            inside = f"I-{tag[2:]}"
            last = end
            for _, last_end, following in rows[number + 1 :]:
                if following != inside:
                    break
                last = last_end
            yield tag[2:], int(start), int(last)
