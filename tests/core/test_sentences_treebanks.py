"""The script that scores the splitter on treebank files, on a small file of our own."""

from pathlib import Path

from tests.bench.treebanks import Score, paragraphs, score

FILE = """\
# newdoc id = made_news_pier
# newpar
# text = The pier burned.
1\tThe\t_\t_\t_\t_\t_\t_\t_\t_
2\tpier\t_\t_\t_\t_\t_\t_\t_\t_
3\tburned\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
4\t.\t_\t_\t_\t_\t_\t_\t_\t_

# text = Owners left; nobody stayed.
1\tOwners\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No

# text = Gen.
1\tGen.\t_\t_\t_\t_\t_\t_\t_\t_

# text = Reed came.
1\tReed\t_\t_\t_\t_\t_\t_\t_\t_

# newpar
# text = It rained.
1\tIt\t_\t_\t_\t_\t_\t_\t_\t_

# newdoc id = made_talk_boat
# text = Boats sank.
1\tBoats\t_\t_\t_\t_\t_\t_\t_\t_

# newdoc id = made_talk_boat
# text = Was it late? Yes.
1\tWas\t_\t_\t_\t_\t_\t_\t_\t_
"""


def test_paragraphs_are_put_together_as_the_file_says(tmp_path: Path) -> None:
    file = tmp_path / "en_made-ud-test.conllu"
    file.write_text(FILE, encoding="utf-8")

    assert [paragraph.text for paragraph in paragraphs(file)] == [
        "The pier burned. Owners left; nobody stayed.Gen. Reed came.",
        "It rained.",
        "Boats sank. Was it late? Yes.",
    ]


def test_boundaries_inside_paragraphs_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "en_made-ud-test.conllu"
    file.write_text(FILE, encoding="utf-8")

    assert score(file) == Score(right=3, missed=1, extra=1)
    assert score(file, documents="_news_") == Score(right=2, missed=1, extra=0)
    assert round(score(file).f1, 1) == 75.0
