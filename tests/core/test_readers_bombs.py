"""Files made to exhaust a machine or to read its secrets: refused at a limit, in time, by a process that may die."""

import contextlib
import struct
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from projects import readers
from projects.readers import contained, limits
from projects.readers.archive import Archive
from projects.readers.base import ReadError
from tests.data.readers import make

SPACES = b" " * limits.MEGABYTE
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DECLARATIONS = {
    "billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>',
    "quadratic blow-up": f'<!DOCTYPE a [<!ENTITY l9 "{"a" * 50_000}">]>',
    "external entity": '<!DOCTYPE a [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
    "external declaration": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
}


@contextlib.contextmanager
def most_memory(megabytes: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * limits.MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("declaration", DECLARATIONS.values(), ids=DECLARATIONS.keys())
@pytest.mark.parametrize("part", ["word/document.xml", "docProps/core.xml"])
def test_a_document_type_in_any_part_of_a_word_document_is_refused(part: str, declaration: str) -> None:
    evil = f'<?xml version="1.0"?>{declaration}<a>{"&l9;" * 1000}</a>'
    data = make.packed({"word/document.xml": "<a/>", part: evil})

    with pytest.raises(ReadError, match="document type declaration"):
        readers.read_here("a.docx", data, encoding=None, mapping=None)


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods"])
def test_a_document_type_in_a_spreadsheet_is_refused(name: str) -> None:
    data = make.packed({"content.xml": f"{DECLARATIONS['billion laughs']}<a>&l9;</a>"})

    with pytest.raises(ReadError, match="document type declaration"):
        readers.read_here(name, data, encoding=None, mapping=None)


def test_a_web_page_reads_no_file_of_the_server() -> None:
    page = f"{DECLARATIONS['external entity']}<html><body><p>It rained: &l9;.</p></body></html>"

    [document] = readers.read_here("a.html", page.encode(), encoding=None, mapping=None)

    assert document.text.splitlines()[-1] == "It rained: &l9;."


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("a.zip", {"a.txt": SPACES * 60}),
        ("a.zip", {f"{n}.txt": SPACES * 20 for n in range(3)}),
        ("a.docx", {"word/document.xml": SPACES * 60}),
        ("a.docx", {"word/document.xml": "<a/>", "word/media/1.png": SPACES * 60}),
        ("a.xlsx", {"xl/sharedStrings.xml": SPACES * 60}),
        ("a.ods", {"content.xml": SPACES * 60}),
    ],
)
def test_what_unpacks_to_more_than_the_limit_is_never_unpacked(name: str, entries: dict[str, bytes]) -> None:
    data = make.packed(entries)

    with most_memory(5), pytest.raises(ReadError, match="too large when it is unpacked: the limit is 50 MB"):
        Archive(data, "archive")
    with pytest.raises(ReadError, match="the limit is 50 MB"):
        readers.read(name, data)


def test_an_entry_that_lies_about_its_size_is_unpacked_no_further_than_it_says() -> None:
    data = bytearray(make.packed({"a.txt": SPACES * 40}))
    size = struct.pack("<L", len(SPACES) * 40)
    lied = bytes(data).replace(size, struct.pack("<L", 100))

    with most_memory(10), pytest.raises(ReadError, match="damaged"):
        Archive(lied, "archive").read("a.txt")


def test_office_files_in_an_archive_share_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OFFICE_IN_ARCHIVE_BYTES", limits.MEGABYTE)
    inner = make.docx("<w:p><w:r><w:t>It rained.</w:t></w:r></w:p>", **{"word/styles.xml": f"<a>{' ' * 600_000}</a>"})

    with pytest.raises(ReadError, match="office files in the archive are too large when unpacked: the limit is 1 MB"):
        readers.read_here("a.zip", make.packed({"1.docx": inner, "2.docx": inner}), encoding=None, mapping=None)


@pytest.mark.parametrize(("name", "most"), [("a.zip", limits.ENTRIES), ("a.docx", limits.OFFICE_PARTS)])
def test_too_many_entries_are_refused(name: str, most: int) -> None:
    with pytest.raises(ReadError, match=f"{most + 1} entries, which is too many: the limit is {most}"):
        readers.read(name, make.packed({f"{n}.txt": "It rained." for n in range(most + 1)}))


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.ods", "a.zip", "a.pdf", "a.rtf"])
def test_a_file_whose_end_is_missing_is_refused(name: str, kept: float) -> None:
    whole = sound(name)

    with pytest.raises(ReadError, match=r"damaged|not a|incomplete"):
        readers.read_here(name, whole[: int(len(whole) * kept)], encoding=None, mapping=None)


def sound(name: str) -> bytes:
    cells = [make.text_cells("external_id", "text"), make.text_cells("a1", "It rained.")]
    made: dict[str, Callable[[], bytes]] = {
        "a.docx": lambda: make.docx_of_lines(["It rained."]),
        "a.xlsx": lambda: make.xlsx(cells),
        "a.ods": lambda: make.ods([["external_id", "text"], ["a1", "It rained."]]),
        "a.zip": lambda: make.packed({"a.txt": "It rained."}),
        "a.pdf": lambda: make.pdf([["It rained."]]),
        "a.rtf": lambda: make.rtf(["It rained."]),
    }
    return made[name]()


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.ods", "a.zip", "a.pdf", "a.rtf"])
def test_the_same_file_whole_is_read(name: str) -> None:
    [document] = readers.read(name, sound(name))

    assert document.text.strip() == "It rained."


def test_a_table_that_is_cut_off_inside_its_xml_is_refused() -> None:
    cut = b"<office:document-content xmlns:office='o' xmlns:table='t'><table:table><table:table-row>"
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml": "<a/>"}

    with pytest.raises(ReadError, match="the spreadsheet is damaged"):
        readers.read_here("a.ods", make.packed({**parts, "content.xml": cut}), encoding=None, mapping=None)


def test_a_sheet_of_two_cells_at_its_ends_is_no_sheet_of_a_milliard() -> None:
    far = '<c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c>'
    data = make.xlsx([make.text_cells("external_id", "text"), far])

    with pytest.raises(ReadError, match=r"damaged, or too large for the memory|too large"):
        readers.read("a.xlsx", data)


def test_an_office_file_under_a_password_is_refused_by_that_name() -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)

    with pytest.raises(ReadError, match="under a password"):
        readers.read("a.docx", old)


@pytest.mark.parametrize(
    "source",
    [
        b"{\\rtf1 " + b"\\u8220 ?" * 200_000 + b"}",
        b"{\\rtf1 " + b"{\\field{\\*\\fldinst{" * 30,
        b"{\\rtf1{\\fonttbl" + b"{\\f1\\fcharset204 " * 40,
        b"{\\rtf1 " + b"{\\b a}" * 200_000 + b"}",
        b"{\\rtf1 " + b"\\'41" * 1_000_000 + b"}",
    ],
)
def test_rich_text_takes_linear_time(source: bytes) -> None:
    start = time.perf_counter()
    with contextlib.suppress(ReadError):
        readers.read_here("a.rtf", source, encoding=None, mapping=None)

    assert time.perf_counter() - start < 10


def test_a_page_of_deep_elements_is_read_in_time() -> None:
    page = b"<html><body>" + b"<div>" * 100_000 + b"<p>It rained.</p>"

    start = time.perf_counter()
    with contextlib.suppress(ReadError):
        readers.read("a.html", page)

    assert time.perf_counter() - start < 20


def test_a_reader_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "READ_SECONDS", 0.01)

    with pytest.raises(ReadError, match="took longer than the limit of"):
        readers.read("a.docx", make.docx_of_lines(["It rained."]))


def test_a_reading_process_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*arguments: object, **options: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], -11, b"", b"Segmentation fault")

    monkeypatch.setattr("projects.readers.contained.subprocess.run", die)

    with pytest.raises(ReadError, match="can't be read: it is damaged, or too large for the memory"):
        readers.read("a.pdf", b"%PDF-1.4")
    assert contained.likely_languages(["It rained."]) == [""]


def test_the_reading_process_knows_none_of_the_site_s_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}

    def look(*arguments: object, env: dict[str, str], **options: object) -> subprocess.CompletedProcess[bytes]:
        seen.update(env)
        return subprocess.CompletedProcess([], 0, b"[]", b"")

    monkeypatch.setenv("SECRET_KEY", "open sesame")
    monkeypatch.setattr("projects.readers.contained.subprocess.run", look)
    contained.likely_languages([])

    assert "PATH" in seen
    assert "open sesame" not in seen.values()


HEAVY = ("lxml", "trafilatura", "python_calamine", "pypdfium2", "py3langid")


def test_a_worker_that_reads_every_format_never_loads_their_libraries() -> None:
    script = (
        "import sys\n"
        "from projects import readers\n"
        "from tests.data.readers import make\n"
        "readers.read('a.docx', make.docx_of_lines(['It rained on Monday. ' * 20]))\n"
        "readers.read('a.txt', b'It rained on Monday. ' * 20)\n"
        "readers.read('a.html', b'<p>It rained.</p>')\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
