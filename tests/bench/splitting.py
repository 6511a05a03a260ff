"""Cutting into typed units with reasons against libraries that only cut: sentencex (Rust), nltk's Punkt, pysbd."""

from pathlib import Path

import sentencex
from nltk.tokenize.punkt import PunktSentenceTokenizer
from pysbd import Segmenter

from annotator.core.sentences import split
from tests.bench.timing import Race

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
ENGLISH = ("harbour_courier.txt", "meridian_wire.txt", "north_radio.txt", "state_agency.txt")


def races() -> list[Race]:
    once = "\n\n".join((SEEDS / name).read_text() for name in ENGLISH)
    news = once * 90  # a million characters; pysbd would take minutes for them
    punkt, pysbd = PunktSentenceTokenizer(), Segmenter(language="en", clean=False)
    title, unit, long = "Splitting news", "characters", len(news)
    return [
        Race(
            title, unit, long, lambda: split(news), lambda: sentencex.segment("en", news), "sentencex, written in Rust"
        ),
        Race(title, unit, long, lambda: split(news), lambda: punkt.tokenize(news), "nltk's Punkt"),
        Race(title, unit, long, lambda: split(news), lambda: pysbd.segment(once), "pysbd", len(once)),
    ]
