"""Files to documents, on files of our own."""

import doctest

import pytest

from projects import readers
from projects.readers import limits, txt
from projects.readers.base import EncodingError, ReadError

CSV = "external_id,title,text,outlet,desk\na1,One,It rained.,The Mail,city\na2,Two,Nobody came.,,\n"


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(txt).failed == 0


def test_a_text_file_is_one_article_named_after_the_file() -> None:
    [read] = readers.read("../x/may\t3.txt", b"\n  Ferry leaves \nIt rained.")

    assert (read.external_id, read.title) == ("may3", "Ferry leaves")
    assert read.text == "\n  Ferry leaves \nIt rained."


def test_a_table_keeps_known_and_own_columns_as_metadata() -> None:
    first, second = readers.read("a.csv", CSV.encode())

    assert first.metadata == {"outlet": "The Mail", "desk": "city"}
    assert (second.external_id, second.title, second.text) == ("a2", "Two", "Nobody came.")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "external_id;text\na1;It rained, hard.\n"),
        ("a.tsv", "external_id\ttext\na1\tIt rained, hard.\n"),
        ("a.json", '[{"external_id": 1, "text": "It rained, hard."}]'),
        ("a.json", '{"external_id": "a1", "text": "It rained, hard."}'),
        ("a.jsonl", '\n{"external_id": "a1", "text": "It rained, hard."}\n\n'),
        ("A.JSONL", '\ufeff{"external_id": "a1", "text": "It rained, hard."}'),
    ],
)
def test_every_format_gives_the_same_text(name: str, content: str) -> None:
    assert [read.text for read in readers.read(name, content.encode())] == ["It rained, hard."]


def test_columns_take_the_names_of_the_mapping() -> None:
    mapping = {"nr": "external_id", "body": "text"}

    assert readers.read("a.csv", b"nr,body\n7,It rained.\n", mapping=mapping)[0].external_id == "7"
    assert readers.read("a.jsonl", b'{"nr": "7", "body": "It rained."}', mapping=mapping)[0].external_id == "7"


def test_an_article_longer_than_the_csv_module_allows_is_read() -> None:
    long = "It rained. " * 20_000

    assert readers.read("a.csv", f"external_id,text\na1,{long}\n".encode())[0].text == long


def test_a_separator_inside_a_json_string_ends_no_line() -> None:
    assert readers.read("a.jsonl", '{"external_id": "a", "text": "One.\u2028Two."}'.encode())[0].text == "One.\nTwo."


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "external_id,text\na1,One.\na1,Two.\n", r"row 3 \(line 3\).*“a1” is a duplicate of row 2"),
        ("a.csv", "id,text\na1,One.\n", "“external_id” is missing; the header has “id”, “text”"),
        ("a.csv", "external_id,text\n,One.\n", "row 2.*external_id is empty"),
        ("a.jsonl", '{"external_id": "a", "text": "x"}\n{', "line 2: not valid JSON"),
        ("a.json", '["text"]', "article 1: an article has to be a JSON object"),
        ("a.json", '[{"external_id": "a", "text": "x", "size": 1e999}]', "too large"),
        ("a.json", '[{"external_id": "a", "text": "x", "own": {"k": "\\u0000"}}]', r"article 1 \(a\), own: a NUL"),
        ("a.doc", "x", "type .doc are not supported yet; the formats that are read are .txt, .csv, .tsv, .json"),
        ("a.docx", "x", "named .docx but its content is not a Word document: it is text, or damaged"),
        ("article", "x", "no ending"),
        ("a.txt", "%PDF-1.7", "named .txt but its content is of another type: a PDF document"),
    ],
)
def test_a_refusal_says_what_and_where(name: str, content: str, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        readers.read(name, content.encode())


def test_a_mapping_of_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(ReadError, match="no column “body” to map; the columns are: external_id, text"):
        readers.read("a.csv", b"external_id,text\na,b\n", mapping={"body": "text"})


def test_an_unknown_encoding_is_refused_with_a_guess_to_choose_from() -> None:
    data = "Паром вышел из гавани в понедельник утром, сказали в порту.".encode("windows-1251")

    with pytest.raises(EncodingError, match=r"likely to be in the encoding .*1251 \(Cyrillic\)") as refusal:
        readers.read("a.txt", data)

    assert readers.preview(data, refusal.value.likely[0]).startswith("Паром вышел")


def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(ReadError, match="too large: the limit is 20 MB"):
        readers.read("a.txt", b"a" * (limits.UPLOAD_BYTES + 1))


def test_a_title_that_is_cut_is_reported() -> None:
    content = f"external_id,title,text\na1,{'long ' * 100},It rained.\n"

    [read] = readers.read("a.csv", content.encode())

    assert len(read.title) <= limits.TITLE_LENGTH
    assert [str(change) for change in read.changes] == ["title shortened"]
