"""Score the splitter on Universal Dependencies files: `python -m tests.bench.treebanks FOLDER [--errors N]`.

FOLDER holds `*.conllu` files, named as published ("en_gum-ud-test.conllu"); none of them is part of this repository.
The sentences of a paragraph are put together again (a space between them, none where the file says so) and the
result is split. Scored are the boundaries inside paragraphs, by the offset at which a sentence ends; the end of a
paragraph is given and does not count. A paragraph begins at `# newpar` and at a new `# newdoc`; a file with neither
is one paragraph.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.core.sentences import SPLITTER, split


@dataclass(frozen=True)
class Paragraph:
    """Its text, and the offsets at which its sentences end, the last one's left out."""

    document: str
    text: str
    ends: frozenset[int]


@dataclass(frozen=True)
class Score:
    """Boundaries found, missed and made up."""

    right: int = 0
    missed: int = 0
    extra: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.missed + other.missed, self.extra + other.extra)

    @property
    def f1(self) -> float:
        return 100 * 2 * self.right / max(1, 2 * self.right + self.missed + self.extra)


def paragraphs(path: Path) -> Iterator[Paragraph]:
    """Yield the paragraphs of a CoNLL-U file."""
    document, pieces = "", []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = block.splitlines()
        heads = [line for line in lines if line.startswith("# newdoc")]
        renamed = [line for line in heads if line.partition("=")[2].strip() != document]
        if pieces and (renamed or any(line.startswith("# newpar") for line in lines)):
            yield _joined(document, pieces)
            pieces = []
        document = heads[0].partition("=")[2].strip() if heads else document
        pieces += [(line[9:].strip(), _glued(lines)) for line in lines if line.startswith("# text = ")]
    if pieces:
        yield _joined(document, pieces)


def _glued(lines: Sequence[str]) -> bool:
    tokens = [line for line in lines if line and not line.startswith("#")]
    return bool(tokens) and "SpaceAfter=No" in tokens[-1].rpartition("\t")[2].split("|")


def _joined(document: str, pieces: Sequence[tuple[str, bool]]) -> Paragraph:
    text, ends = "", []
    for sentence, glued in pieces:
        text += sentence
        ends.append(len(text))
        text += "" if glued else " "
    return Paragraph(document, text.rstrip(), frozenset(ends[:-1]))


def compare(paragraph: Paragraph, language: str) -> tuple[frozenset[int], frozenset[int]]:
    """Return the boundaries missed and those made up."""
    found = frozenset(unit.end for unit in split(paragraph.text, language)[:-1])
    return paragraph.ends - found, found - paragraph.ends


def score(path: Path, documents: str = "", errors: int = 0) -> Score:
    """Score the paragraphs of those documents of a file whose name has `documents` in it; print the first errors."""
    total = Score()
    language = path.name.partition("_")[0]
    for paragraph in paragraphs(path):
        if documents not in paragraph.document:
            continue
        missed, extra = compare(paragraph, language)
        total += Score(len(paragraph.ends) - len(missed), len(missed), len(extra))
        for end in sorted(missed | extra)[: max(0, errors)]:
            sign = "missed" if end in missed else "extra "
            print(f"  {sign} {paragraph.text[max(0, end - 50) : end]} ‖{paragraph.text[end : end + 40]}")
            errors -= 1
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="files whose name has this in it")
    parser.add_argument("--errors", type=int, default=0, help="print so many errors a file")
    arguments = parser.parse_args()
    names = [path for path in sorted(arguments.folder.glob("*.conllu")) if arguments.only in path.name]
    tasks = [(path, "") for path in names] + [(path, "_news_") for path in names if "_gum-" in path.name]
    print(f"{SPLITTER}\n{'file':34} {'right':>6} {'missed':>6} {'extra':>6} {'F1':>6}")
    scores = [score(path, documents, arguments.errors if not documents else 0) for path, documents in tasks]
    for (path, documents), one in zip(tasks, scores, strict=True):
        print(f"{path.stem + documents:34} {one.right:6} {one.missed:6} {one.extra:6} {one.f1:6.2f}")
    print(f"mean F1 of {len(scores)}: {sum(one.f1 for one in scores) / max(1, len(scores)):.2f}")


if __name__ == "__main__":
    main()
