"""Articles for benchmarks, of our own news."""

from itertools import cycle, islice
from pathlib import Path

from annotator.core.sentences import split

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
SENTENCES = 25


def long_texts(number: int, sentences: int = SENTENCES) -> list[str]:
    """Articles of as many sentences, in paragraphs of five, from our own news."""
    news = "\n".join(path.read_text() for path in sorted(SEEDS.glob("*.txt")) if "arabic" not in path.name)
    endless = cycle([unit.text for unit in split(news) if unit.kind == "sentence"])
    made = []
    for _ in range(number):
        paragraphs = [" ".join(islice(endless, 5)) for _ in range(sentences // 5)]
        made.append("News from the port\n\n" + "\n\n".join(paragraphs))
    return made
