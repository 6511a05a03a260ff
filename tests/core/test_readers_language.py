"""The language of an article: stated, else guessed and said to be a guess, else none."""

import pytest

from projects import readers
from projects.readers.language import likely_languages

SENTENCES = {
    "en": "The ferry left the harbour on Monday morning, the port authority said in a short statement to reporters.",
    "fr": "Le ferry a quitté le port lundi matin, a indiqué la capitainerie dans un communiqué lu aux journalistes.",
    "de": "Die Fähre verließ den Hafen am Montagmorgen, teilte die Behörde in einer kurzen Erklärung mit.",
    "es": "El transbordador salió del puerto el lunes por la mañana, según informó ayer la autoridad portuaria.",
    "ru": "Паром вышел из гавани в понедельник утром, сообщили журналистам в управлении порта.",
    "tr": "Vapur pazartesi sabahı limandan ayrıldı, liman yetkilileri gazetecilere kısa bir açıklama yaptı.",
    "ar": "قالت سلطات الميناء إن العبارة غادرت المرفأ صباح يوم الاثنين متجهة إلى الجزيرة وعلى متنها أربعون راكبا.",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_of_news_is_enough_to_know_its_language(code: str) -> None:
    assert likely_languages([SENTENCES[code]]) == [code]


def test_a_guess_is_said_to_be_one() -> None:
    [document] = readers.read("a.txt", SENTENCES["fr"].encode())

    assert document.metadata["language"] == "fr"
    assert document.language_detected


def test_the_language_that_a_file_states_is_no_guess() -> None:
    table = f'external_id,text,language\na1,"{SENTENCES["fr"]}",en\na2,"{SENTENCES["de"]}",\n'

    stated, guessed = readers.read("a.csv", table.encode())

    assert (stated.metadata["language"], stated.language_detected) == ("en", False)
    assert (guessed.metadata["language"], guessed.language_detected) == ("de", True)


@pytest.mark.parametrize("text", ["It rained on Monday.", "1, 2, 3. " * 50])
def test_a_text_with_few_letters_gets_none(text: str) -> None:
    [document] = readers.read("a.txt", text.encode())

    assert "language" not in document.metadata
    assert not document.language_detected


def test_a_guess_that_fails_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.readers.contained._run", lambda task, sent: None)

    [document] = readers.read("a.txt", SENTENCES["fr"].encode())

    assert not document.language_detected
