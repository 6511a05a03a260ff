"""One small article with its marks, as each tool writes it: our own words, in the formats as they are published."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import cassis  # type: ignore[import-untyped]

TEXT = "Rain 🙂 closed it.\nقالت لجنة إن الجسر مغلق.\nThey praised her."
"""Too short for a guess at its language, which takes a process."""
PRAISE, NAMING = ("praised", "praise"), ("الجسر", "naming")
MARKS = (NAMING, PRAISE)
"""The words that are marked, with the value."""
ANNOTATORS = ("coder-1", "coder-2")


def place(quote: str) -> tuple[int, int]:
    start = TEXT.index(quote)
    return start, start + len(quote)


def utf16(offset: int) -> int:
    return len(TEXT[:offset].encode("utf-16-le")) // 2


def packed(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return out.getvalue()


def lines(*records: Mapping[str, object]) -> bytes:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()


@dataclass(frozen=True)
class Sample:
    """A file, the layer of its marks, and the annotators that it names."""

    name: str
    data: bytes
    layer: str
    annotators: tuple[str, ...] = ANNOTATORS
    id: str = "bridge"


def label_studio() -> Sample:
    def result(quote: str, value: str) -> dict[str, object]:
        start, end = place(quote)
        stretch = {"start": start, "end": end, "text": quote, "labels": [value]}
        return {"id": quote, "from_name": "framing", "to_name": "text", "type": "labels", "value": stretch}

    tone = {"id": "t", "from_name": "tone", "to_name": "text", "type": "choices", "value": {"choices": ["Calm"]}}
    annotations = [
        {"id": number, "completed_by": by, "was_cancelled": False, "result": [*(result(*mark) for mark in MARKS), tone]}
        for number, by in enumerate(ANNOTATORS)
    ]
    task = {"id": 7, "data": {"text": TEXT, "external_id": "bridge"}, "annotations": annotations, "predictions": []}
    return Sample("export.json", json.dumps([task]).encode(), "framing")


def label_studio_mini() -> Sample:
    rows = [
        {
            "id": "bridge",
            "text": TEXT,
            "framing": [
                # As versions before 1.5 counted in the browser.
                {"start": utf16(place(q)[0]), "end": utf16(place(q)[1]), "text": q, "labels": [v]}
                for q, v in MARKS
            ],
            "tone": "Calm",
            "annotator": by,
            "annotation_id": number,
            "created_at": "2026-01-05T09:00:00Z",
            "lead_time": 3.5,
        }
        for number, by in enumerate(ANNOTATORS)
    ]
    return Sample("min.json", json.dumps(rows).encode(), "framing")


def doccano() -> Sample:
    record = {"id": 4, "text": TEXT, "label": [[*place(quote), value] for quote, value in MARKS], "Comments": []}
    return Sample("doccano.zip", packed({f"{by}.jsonl": lines(record) for by in ANNOTATORS}), "label", id="4")


def doccano_relations() -> Sample:
    entities = [
        {"id": number, "label": value, "start_offset": place(quote)[0], "end_offset": place(quote)[1]}
        for number, (quote, value) in enumerate(MARKS)
    ]
    relations = [{"id": 9, "from_id": 0, "to_id": 1, "type": "causes"}]
    record = {"id": 4, "text": TEXT, "entities": entities, "relations": relations, "Comments": []}
    return Sample("coder-1.jsonl", lines(record), "entities", ("coder-1",), id="4")


def brat() -> Sample:
    marks = [
        f"T{number}\t{value} {place(quote)[0]} {place(quote)[1]}\t{quote}"
        for number, (quote, value) in enumerate(MARKS, start=1)
    ]
    ann = "\n".join([*marks, "A1\tIronic T2", "R1\tCauses Arg1:T1 Arg2:T2", "#1\tAnnotatorNotes T1\tsee rule 3", ""])
    files = {f"{by}/bridge{end}": text for by in ANNOTATORS for end, text in ((".txt", TEXT), (".ann", ann))}
    return Sample("brat.zip", packed(files), "entities")


def webanno_tsv() -> Sample:
    """Sentences as the lines of the text, tokens at white space and before the last full stop."""
    head = ["#FORMAT=WebAnno TSV 3.3", "#T_SP=webanno.custom.Framing|value", "", ""]
    body: list[str] = []
    for number, sentence in enumerate(TEXT.split("\n"), start=1):
        body += ["", f"#Text={sentence}"]
        at = TEXT.index(sentence)
        for count, word in enumerate(sentence.removesuffix(".").split(" "), start=1):
            start = TEXT.index(word, at)
            at = start + len(word)
            value = dict(MARKS).get(word, "_")
            body.append(f"{number}-{count}\t{utf16(start)}-{utf16(at)}\t{word}\t{value}\t")
    content = "\n".join([*head, *body]) + "\n"
    files = {f"annotation/bridge.txt/{by}.tsv": content for by in ANNOTATORS}
    return Sample("inception.zip", packed(files), "Framing.value")


def cas() -> Sample:
    system = cassis.TypeSystem()
    framing = system.create_type("webanno.custom.Framing", "uima.tcas.Annotation")
    system.create_feature(framing, "value", "uima.cas.String")
    document = cassis.Cas(system)
    document.sofa_string = TEXT
    document.sofa_mime = "text/plain"
    for quote, value in MARKS:
        start, end = place(quote)
        document.add(framing(begin=start, end=end, value=value))
    inner = packed({"CURATION.xmi": document.to_xmi(), "TypeSystem.xml": system.to_xml()})
    return Sample("cas.zip", packed({f"annotation/bridge.txt/{by}.zip": inner for by in ANNOTATORS}), "Framing.value")


def potato() -> Sample:
    def state(by: str) -> str:
        spans = [
            [{"schema": "framing", "name": value, "start": utf16(place(quote)[0]), "end": utf16(place(quote)[1]),
              "title": value}, quote]
            for quote, value in MARKS
        ]  # fmt: skip
        labels = [[{"schema": "tone", "name": "Calm"}, "true"], [{"schema": "remark", "name": "text_box"}, "fine"]]
        return json.dumps(
            {
                "user_id": by,
                "instance_id_to_label_to_value": {"bridge": labels},
                "instance_id_to_span_to_value": {"bridge": spans},
            }
        )

    files: dict[str, str | bytes] = {f"annotation_output/{by}/user_state.json": state(by) for by in ANNOTATORS}
    files["data/items.jsonl"] = lines({"id": "bridge", "text": TEXT})
    return Sample("potato.zip", packed(files), "framing")


def prodigy() -> Sample:
    spans = [{"start": place(q)[0], "end": place(q)[1], "label": v} for q, v in MARKS]
    records = [
        {"text": TEXT, "meta": {"id": "bridge"}, "spans": spans, "answer": "accept", "_annotator_id": by}
        for by in ANNOTATORS
    ]
    return Sample("prodigy.jsonl", lines(*records), "spans")


SAMPLES = {
    made.__name__: made
    for made in (
        label_studio, label_studio_mini, doccano, doccano_relations, brat, webanno_tsv, cas, potato, prodigy,
    )
}  # fmt: skip
