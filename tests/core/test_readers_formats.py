"""What each format keeps, on files made on the spot."""

import doctest

import pytest

from projects import readers
from projects.readers import dates, docx, html, pdf, rtf, spreadsheet
from projects.readers.base import Document, EncodingError, ReadError
from projects.readers.databases import factiva
from tests.data.readers import make


def read(name: str, data: bytes, encoding: str | None = None) -> list[Document]:
    """Read in this process: what the process around it adds has tests of its own."""
    return readers.read_here(name, data, encoding=encoding, mapping=None)


def text_of(name: str, data: bytes) -> str:
    [document] = read(name, data)
    return document.text


@pytest.mark.parametrize("module", [dates, docx, factiva, pdf, rtf, spreadsheet])
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


# Spreadsheets


def test_a_typed_cell_of_a_workbook_becomes_exactly_its_text() -> None:
    typed = '<c s="1"><v>46082</v></c><c><v>7</v></c><c><v>0.1</v></c><c t="b"><v>1</v></c>'
    header = make.text_cells("external_id", "text", "day", "pages", "share", "front")

    [document] = read("a.xlsx", make.xlsx([header, make.text_cells("a1", " =1+1 said\nthe minister. ") + typed]))

    assert document.text == " =1+1 said\nthe minister. "
    assert document.metadata == {"day": "2026-03-01", "pages": "7", "share": "0.1", "front": "true"}


def test_a_formula_counts_as_the_result_that_was_stored_with_it() -> None:
    formula = '<c t="str"><f>CONCATENATE("It ","rained.")</f><v>It poured.</v></c>'
    rows = [make.text_cells("external_id", "text"), make.text_cells("a1") + formula]

    assert text_of("a.xlsx", make.xlsx(rows)) == "It poured."


def test_every_sheet_with_the_needed_columns_is_read_and_blank_rows_are_not() -> None:
    header = make.text_cells("external_id", "text")
    more = {"Notes": [make.text_cells("to do")], "May": [header, "", make.text_cells("b1", "Nobody came.")]}

    documents = read("a.xlsx", make.xlsx([header, make.text_cells("a1", "It rained.")], more))

    assert [document.external_id for document in documents] == ["a1", "b1"]


def test_a_mapped_column_has_to_be_in_one_sheet_not_in_all() -> None:
    may = [make.text_cells("id", "text"), make.text_cells("a1", "It rained.")]
    workbook = make.xlsx(may, {"Notes": [make.text_cells("to do")]})

    [document] = readers.read_here("a.xlsx", workbook, encoding=None, mapping={"id": "external_id"})

    assert document.external_id == "a1"
    with pytest.raises(ReadError, match="no column “key” to map"):
        readers.read_here("a.xlsx", workbook, encoding=None, mapping={"key": "external_id"})


def test_an_opendocument_table_reads_like_a_workbook() -> None:
    [document] = read("a.ods", make.ods([["external_id", "title", "text"], ["7", "Ferry", "It rained."]]))

    assert (document.external_id, document.title, document.text) == ("7", "Ferry", "It rained.")


def test_a_cell_beside_the_table_is_refused_with_its_place() -> None:
    rows = [make.text_cells("external_id", "text"), make.text_cells("a1", "It rained.", "and more")]

    with pytest.raises(ReadError, match="sheet “Articles”, row 2: a cell stands right of the header's 2 columns"):
        read("a.xlsx", make.xlsx(rows))


# Word


def test_a_word_document_keeps_what_is_inserted_and_drops_what_is_deleted() -> None:
    body = (
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>It </w:t></w:r><w:ins><w:r><w:t>rained</w:t></w:r>"
        "</w:ins><w:del><w:r><w:delText>snowed</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>today</w:t></w:r></w:moveFrom><w:r><w:t>.</w:t></w:r></w:p>"
    )

    assert text_of("a.docx", make.docx(body)) == "It rained.\n"


def test_headings_line_breaks_cells_and_text_boxes_of_a_word_document_are_lines() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>A box.</w:t></w:r></w:p></w:txbxContent>"
    body = (
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Ferry leaves</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>One.</w:t><w:br/><w:t>Two.</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Cell.</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "</w:sdtContent></w:sdt>"
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )

    [document] = read("ferry.docx", make.docx(body))

    assert document.text == "Ferry leaves\nOne.\nTwo.\nCell.\nA box.\n"
    assert (document.external_id, document.title) == ("ferry", "Ferry leaves")


# Rich text


def test_rich_text_keeps_letters_of_every_plane_and_its_own_signs() -> None:
    lines = ["Vapur 🚢 limandan ayrıldı.", "{x} \\ “y”"]

    assert text_of("a.rtf", make.rtf(lines)) == "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg1256 \'c7\'e1\'ce\'c8\'d1}", "الخبر"),
        (rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial Cyr;}}\f0 On \f1 \'cf\'ee\'f0\'f2}", "On Порт"),
        (rb"{\rtf1 It {\deleted snowed }{\v hidden }rained.{\footnote note}{\header head}}", "It rained."),
        (rb'{\rtf1 A {\field{\*\fldinst HYPERLINK "http://x.example"}{\fldrslt link}}.}', "A link."),
        (rb"{\rtf1 A{\pict\bin6 {{{}}}}\}b.}", "A}b."),
        (rb"{\rtf1\uc2\u8220 ??One\u8221 ??{\uc0\u8212}two}", "“One”—two"),
    ],
)
def test_rich_text_shows_what_a_word_processor_shows(source: bytes, text: str) -> None:
    assert rtf.rtf_text(source) == text


# PDF


def test_a_page_is_put_together_into_paragraphs_and_has_to_be_looked_at() -> None:
    page = [
        "Ferry leaves the harbour",
        "The ferry left on Monday morning with forty people aboard, the port author-",
        "ity said in a short statement, and the wait had been a long one for its well-",
        "known captain. The port authority gave no reason.",
        "It left at noon.",
    ]

    [document] = read("a.pdf", make.pdf([page, ["A second page."]]))

    assert document.needs_review
    assert document.text.splitlines() == [
        "Ferry leaves the harbour",
        "The ferry left on Monday morning with forty people aboard, the port authority said in a short statement, and "
        "the wait had been a long one for its well-known captain. The port authority gave no reason.",
        "It left at noon.",
        "A second page.",
    ]


def test_a_pdf_of_pictures_is_refused_with_what_to_do() -> None:
    with pytest.raises(ReadError, match=r"no text in the PDF document: .*\(OCR\)"):
        read("a.pdf", make.pdf([[]]))


# Web pages

PAGE = """<!doctype html><html><head><meta charset="{charset}"><title>Ferry leaves | The Mail</title>
<meta property="og:site_name" content="The Mail"><meta property="og:title" content="Ferry leaves harbour late">
<meta name="author" content="Rosa Field"><meta property="article:published_time" content="2026-03-01T08:00:00Z"></head>
<body><nav><ul><li><a href="/">Home page of the newspaper</a></li></ul></nav><article><h1>Ferry leaves harbour late</h1>
<p class="standfirst">Forty people waited for a day on the quay.</p><div class="byline">By Rosa Field</div>
<figure><img src="f.jpg"><figcaption>The ferry on Sunday. Photo: R. Field</figcaption></figure>
<p>The ferry left the harbour on Monday morning with forty people aboard, the port said in a statement.</p>
<h2>A long wait</h2><p>Residents had waited for a whole day and a night, and nobody told them why the ship was late.</p>
<ul><li>Forty people were aboard the ferry.</li><li>Two of them were ill.</li></ul>
<p>The captain said that the <b>weather</b> had been too bad to leave, and that he would do the same again tomorrow.</p>
<div class="share-buttons">Share this on every network</div>
<aside class="related"><h3>Related stories</h3><p>Another story about something else entirely.</p></aside>
<p>The port authority gave no reason for the delay of the second ferry, which is due to leave on Tuesday.</p>
</article><footer>All rights reserved by the newspaper</footer></body></html>"""


def test_a_web_page_gives_its_article_with_headings_list_byline_and_caption() -> None:
    [document] = read("page.html", PAGE.format(charset="utf-8").encode())

    assert document.text.splitlines() == [
        "Ferry leaves harbour late",
        "Forty people waited for a day on the quay.",
        "By Rosa Field",
        "The ferry on Sunday. Photo: R. Field",
        "The ferry left the harbour on Monday morning with forty people aboard, the port said in a statement.",
        "A long wait",
        "Residents had waited for a whole day and a night, and nobody told them why the ship was late.",
        "Forty people were aboard the ferry.",
        "Two of them were ill.",
        "The captain said that the weather had been too bad to leave, and that he would do the same again tomorrow.",
        "The port authority gave no reason for the delay of the second ferry, which is due to leave on Tuesday.",
    ]


def test_a_web_page_states_title_author_date_and_outlet() -> None:
    [document] = read("page.htm", PAGE.format(charset="utf-8").encode())

    assert (document.external_id, document.title) == ("page", "Ferry leaves harbour late")
    assert document.metadata["author"] == "Rosa Field"
    assert document.metadata["outlet"] == "The Mail"
    assert document.metadata["published_at"] == "2026-03-01"


def test_the_charset_that_a_page_names_counts_as_declared() -> None:
    page = "<html><head><meta charset=iso-8859-1></head><body><p>“Это” – café.</p></body></html>".replace("Это", "So")

    [document] = read("a.html", page.encode("windows-1252"))

    assert (document.text, document.encoding) == ("“So” – café.\n", "windows-1252")


def test_a_page_in_another_encoding_than_it_names_is_refused() -> None:
    page = '<html><head><meta charset="utf-8"></head><body><p>Паром вышел из гавани.</p></body></html>'

    with pytest.raises(EncodingError, match="not valid utf-8"):
        read("a.html", page.encode("windows-1251"))

    assert html.named_charset(page.encode("windows-1251")) == "utf-8"


# Archives


def test_an_archive_gives_the_articles_of_all_its_files() -> None:
    entries = {
        "a.txt": "It rained.",
        "b.docx": make.docx_of_lines(["Nobody came."]),
        "c.csv": "external_id,text\nc1,One.\nc2,Two.\n",
        "__MACOSX/._a.txt": b"\0\5",
        "folder/.DS_Store": b"\0",
    }

    assert [document.external_id for document in read("a.zip", make.packed(entries))] == ["a", "b", "c1", "c2"]


def test_files_of_one_name_in_two_folders_get_the_folder_into_their_ids() -> None:
    entries = {"may/1.txt": "It rained.", "june/1.txt": "It poured.", "2.txt": "Nobody came."}

    assert [document.external_id for document in read("a.zip", make.packed(entries))] == ["may/1", "june/1", "2"]


def test_a_bad_entry_refuses_the_archive_and_is_named() -> None:
    entries = {"a.txt": "It rained.", "b.csv": "external_id,text\nb1,One.,more\n"}

    with pytest.raises(ReadError, match=r"^b.csv, row 2 \(line 2\): 3 cells where the header has 2 columns"):
        read("a.zip", make.packed(entries))


def test_an_id_in_two_tables_of_an_archive_is_refused() -> None:
    table = "external_id,text\nb1,One.\n"

    with pytest.raises(ReadError, match=r"y.csv: the external_id “b1” is a duplicate of one in x.csv"):
        read("a.zip", make.packed({"x.csv": table, "y.csv": table}))


def test_the_preview_of_an_archive_shows_its_first_doubtful_text() -> None:
    data = make.packed({"a.txt": "It rained.", "b.txt": "Паром вышел.".encode("windows-1251")})

    assert readers.preview(data, "windows-1251") == "Паром вышел."
