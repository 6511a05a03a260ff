"""The size of files, and what must never be in them."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = {".py": 400, ".js": 400, ".css": 400, ".html": 80}
EXEMPT = ("vendor", "migrations")


def tracked() -> list[Path]:
    """Files that git tracks or would; without git (an unpacked archive), all but those in hidden folders and var/."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    names = done.stdout.splitlines() if done.returncode == 0 else [str(p.relative_to(ROOT)) for p in ROOT.rglob("*")]
    paths = [Path(name) for name in names if not name.startswith((".", "var/"))]
    return [path for path in paths if (ROOT / path).is_file()]


def ours(ending: str) -> list[Path]:
    return [path for path in tracked() if path.suffix == ending and not set(EXEMPT) & set(path.parts)]


@pytest.mark.parametrize("ending", MOST_LINES)
def test_no_file_is_too_long_to_read_in_one_go(ending: str) -> None:
    lengths = {str(path): len((ROOT / path).read_text().splitlines()) for path in ours(ending)}
    assert lengths
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES[ending]} == {}


def test_templates_hold_no_inline_script_or_style() -> None:
    """The Content-Security-Policy would not run them anyway."""
    inline = re.compile(
        r"<script(?![^>]*\b(?:src|type=\"application/json\"))|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE
    )
    found = [str(path) for path in ours(".html") if inline.search((ROOT / path).read_text())]
    assert found == []


def test_every_sentence_of_a_template_goes_through_translation() -> None:
    """What is left of a template without its tags, elements and translated blocks holds no word of two letters."""
    found = {str(path): words for path in ours(".html") if (words := untranslated((ROOT / path).read_text()))}
    assert found == {}


NOT_TEXT = re.compile(
    r"{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}|{%\s*comment.*?endcomment\s*%}|{#.*?#}"
    r"|{%\s*block \w+_class\s*%}[\w ]*{%\s*endblock\s*%}"
    r"|<(script|style|svg|kbd|code)\b.*?</\1>|<section class=\"pitch\".*?</section>|{{.*?}}|{%.*?%}",
    re.DOTALL,
)
ELEMENT = re.compile(r"<!?/?[a-zA-Z][^<>]*>|&\w+;")
WORD = re.compile(r"[A-Za-z]{2,}")


def untranslated(template: str) -> list[str]:
    return WORD.findall(ELEMENT.sub(" ", NOT_TEXT.sub("", template)))


def test_the_search_for_untranslated_text_finds_some() -> None:
    assert untranslated('<p class="big">{% translate "Yes" %} Hello {{ name }}</p>') == ["Hello"]
