"""Files of newspaper databases: invented articles in the layouts that the databases write."""

import doctest

import pytest

from projects import readers
from projects.readers.base import Document, ReadError
from projects.readers.databases import records
from tests.data.readers import make

RUNNING = (
    "HARBOUR TOWN -- The ferry left on Monday morning with forty people aboard, the port authority said.\n"
    '"We waited for a day and a night," said a passenger.\n'
)
CAPTAIN = "Captain defends the delay\nThe captain said the weather had been too bad to leave.\n"


def fixture(name: str) -> bytes:
    return (make.FOLDER / name).read_bytes()


def lines(name: str) -> list[str]:
    return fixture(name).decode().splitlines()


def read(name: str, data: bytes) -> list[Document]:
    return readers.read_here(name, data, encoding=None, mapping=None)


NEXIS = {"docx": make.docx_of_lines(lines("nexis.txt")), "rtf": make.rtf(lines("nexis.txt"))}


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(records).failed == 0


@pytest.mark.parametrize("ending", NEXIS)
def test_nexis_gives_its_articles_with_headline_highlight_byline_and_caption(ending: str) -> None:
    first, second = read(f"search.{ending}", NEXIS[ending])

    assert first.text == (
        "Ferry leaves the harbour a day late, port authority gives no reason for it\n"
        f"Forty people waited on the quay.\nBy Rosa Field\n{RUNNING}"
        "PHOTO: The ferry on Sunday. (Photograph by R. Field)\n"
    )
    assert second.text == CAPTAIN
    assert [first.external_id, second.external_id] == ["search-01", "search-02"]


def test_nexis_states_outlet_date_author_section_and_length() -> None:
    first, second = read("search.docx", NEXIS["docx"])

    assert first.title == "Ferry leaves the harbour a day late, port authority gives no reason for it"
    assert {name: first.metadata[name] for name in ("outlet", "author", "published_at", "language", "words")} == {
        "outlet": "The Harbour Mail",
        "author": "Rosa Field",
        "published_at": "2026-03-01",
        "language": "en",
        "words": 1204,
    }
    assert first.metadata["section"] == "Section A; Column 1; Local Desk; Pg. 3"
    assert (second.metadata["outlet"], second.metadata["published_at"]) == (
        "The Island Post (Harbour Town)",
        "2026-03-02",
    )


def test_a_single_nexis_article_without_a_cover_keeps_the_name_of_its_file() -> None:
    alone = lines("nexis.txt")[lines("nexis.txt").index("End of Document") + 1 :]

    [document] = read("captain.docx", make.docx_of_lines(alone))

    assert (document.external_id, document.text) == ("captain", CAPTAIN)


def test_a_nexis_article_whose_date_gave_way_to_a_correction_is_read_without_one() -> None:
    text = "\n".join(lines("nexis.txt")).replace("2 March 2026\n\nC", "Correction Appended\n\nC")

    _, second = read("search.docx", make.docx_of_lines(text.splitlines()))

    assert (second.title, second.metadata["outlet"]) == ("Captain defends the delay", "The Island Post (Harbour Town)")
    assert "published_at" not in second.metadata


def test_an_archive_of_nexis_files_gives_all_their_articles() -> None:
    files = {f"{n}/search.docx": NEXIS["docx"] for n in (1, 2)}

    assert [document.external_id for document in read("all.zip", make.packed(files))] == [
        "1/search-01",
        "1/search-02",
        "2/search-01",
        "2/search-02",
    ]


def test_factiva_as_rich_text_gives_its_articles() -> None:
    first, second = read("f.rtf", make.rtf(lines("factiva.txt")))

    headline = "Ferry leaves the harbour a day late, port authority gives no reason"
    assert first.text == f"{headline}\nBy Rosa Field\nSpecial to The Harbour Mail\n{RUNNING}"
    assert second.text == CAPTAIN
    assert first.metadata == {
        "outlet": "The Harbour Mail",
        "author": "Rosa Field",
        "published_at": "2026-03-01",
        "language": "en",
        "section": "Local Desk; A",
        "words": 1204,
        "page": "3",
        "database": "Factiva",
    }


def test_factiva_as_a_page_is_read_in_both_of_its_layouts() -> None:
    first, second = read("f.html", fixture("factiva.htm"))

    assert first.text.splitlines()[3:] == [
        "HARBOUR TOWN -- The ferry left on Monday morning, the port authority said.",
        '"We waited for a day & a night," said a passenger.',
    ]
    assert (first.external_id, first.metadata["words"]) == ("HRBM000020260301em3100001", 1204)
    assert second.text == (
        "Le capitaine défend le retard\nPar Anne Roche\nLe temps était trop mauvais.\nIl le referait demain.\n"
    )
    assert (second.metadata["author"], second.metadata["language"]) == ("Anne Roche", "fr")


def test_europresse_gives_its_articles_with_heading_author_and_caption() -> None:
    first, second = read("e.html", fixture("europresse.htm"))

    assert first.text.splitlines() == [
        "Le ferry part avec un jour de retard",
        "TRANSPORTS",
        "Anne Roche",
        "Le ferry a quitté le port lundi matin.",
        "« Nous avons attendu un jour et une nuit », a dit une passagère.",
        "Le ferry, dimanche.",
    ]
    assert first.metadata == {
        "outlet": "Le Courrier de l'île",
        "author": "Anne Roche",
        "published_at": "2026-03-01",
        "section": "Région",
        "words": 1204,
        "page": "3",
        "database": "Europresse",
    }
    assert (second.external_id, second.metadata["author"]) == ("news·20260302·GP·77", "Marc Dubois")


@pytest.mark.parametrize("name", ["proquest.txt", "proquest.htm"])
def test_proquest_gives_its_articles_as_text_and_as_a_page(name: str) -> None:
    first, second = read(name, fixture(name))

    assert first.text.splitlines()[:3] == [
        "Ferry leaves the harbour a day late",
        "HARBOUR TOWN -- The ferry left on Monday morning, the port authority said.",
        '"We waited for a day and a night," said a passenger.',
    ]
    assert second.text == CAPTAIN
    assert (first.external_id, first.metadata["outlet"], first.metadata["published_at"]) == (
        "100000001",
        "The Harbour Mail",
        "2026-03-01",
    )


def test_a_proquest_caption_is_kept_without_the_words_of_the_database() -> None:
    first, _ = read("p.txt", fixture("proquest.txt"))

    assert first.text.splitlines()[3:] == ["The ferry on Sunday."]


def without(text: str, beginning: str, ending: str) -> str:
    """Cut a piece out of a text, both its marks included."""
    before, _, rest = text.partition(beginning)
    return before + rest.partition(ending)[2]


def cut_nexis() -> bytes:
    every = lines("nexis.txt")
    return make.docx_of_lines(every[: every.index("End of Document") + 1])


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("n.docx", cut_nexis(), r"Nexis file states 2 articles \(on its cover\), but 1 were found"),
        ("n.rtf", make.rtf(lines("nexis.txt")[:-1]), "cut off: there is text behind the last “End of Document”"),
        (
            "f.rtf",
            make.rtf([line for line in lines("factiva.txt") if not line.startswith("Document ISLP")]),
            "Factiva file states 2 articles .*, but 1 were found",
        ),
        (
            "f.html",
            fixture("factiva.htm").replace(b"Dokument HRBM000020260301em3100001", b""),
            "Factiva file states 1 articles .*, but 2 were found",
        ),
        (
            "e.html",
            fixture("europresse.htm").replace(b"<article>", b"<div>", 1).replace(b"</article>", b"</div>", 1),
            "Europresse file states 2 articles .*, but 1 were found",
        ),
        (
            "p.txt",
            without(fixture("proquest.txt").decode(), "Document 2 of 2", "100000002").encode(),
            r"ProQuest file states 2 articles \(above its articles\), but 1 were found",
        ),
        (
            "p.html",
            fixture("proquest.htm").replace(b"<strong>ProQuest document ID: </strong>100000002", b""),
            "ProQuest file states 2 articles .*, but 1 were found",
        ),
        (
            "p.txt",
            fixture("proquest.txt").replace(b"Full text: The captain", b"Abstract: The captain"),
            "article 2 “Captain defends the delay”: this article of the ProQuest file has no full text",
        ),
    ],
)
def test_a_file_with_more_or_fewer_articles_than_it_states_is_refused(name: str, data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        read(name, data)


@pytest.mark.parametrize(
    "text",
    [
        "End of Document\nThe film of that name opened on Monday.",
        "The body of the report says ProQuest document ID: 7 and nothing else.",
    ],
)
def test_an_article_about_databases_is_one_article(text: str) -> None:
    assert [document.text for document in read("a.txt", text.encode())] == [text]
