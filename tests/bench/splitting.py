"""Cutting into typed units with reasons against nltk's Punkt, which only cuts."""

from pathlib import Path

from nltk.tokenize.punkt import PunktSentenceTokenizer

from annotator.core.sentences import split
from tests.bench.timing import Race

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
ENGLISH = ("harbour_courier.txt", "meridian_wire.txt", "north_radio.txt", "state_agency.txt")


def races() -> list[Race]:
    news = "\n\n".join((SEEDS / name).read_text() for name in ENGLISH) * 20
    cut = PunktSentenceTokenizer().tokenize
    return [Race("Splitting news", "characters", len(news), lambda: split(news), lambda: cut(news), "nltk's Punkt")]
