"""Who annotates what: articles drawn at random, and dealt evenly to annotators.

The same seed gives the same draw everywhere: what is given is sorted by id first, and chance comes from the raw stream
of PCG64 alone, which numpy promises never to change (NEP 19); its own ways to shuffle and choose it may change.

>>> articles = [Candidate(number, size=10, stratum="press" if number < 9 else "wire") for number in range(1, 13)]
>>> drawn = draw(articles, [Annotator(1), Annotator(2), Annotator(3)], Spec(seed=7, number=6, overlap=2))
>>> len(drawn.articles), [drawn.load(annotator) for annotator in (1, 2, 3)]
(6, [4, 4, 4])
"""

from .arms import assign_arms
from .chance import BITS
from .choosing import EQUAL, GIVEN, PROPORTIONAL, apportion, choose
from .dealing import draw
from .later import add_overlap, take_over
from .model import GOLD, OVERLAP, RETEST, WORK, Annotator, Candidate, Draw, Share, Spec
from .retests import draw_retest, room_beside
from .sizes import lacy_riffe, units_for_agreement, units_for_width
from .summary import Pair, StratumLine, Summary, summarise

__all__ = [
    "BITS",
    "EQUAL",
    "GIVEN",
    "GOLD",
    "OVERLAP",
    "PROPORTIONAL",
    "RETEST",
    "WORK",
    "Annotator",
    "Candidate",
    "Draw",
    "Pair",
    "Share",
    "Spec",
    "StratumLine",
    "Summary",
    "add_overlap",
    "apportion",
    "assign_arms",
    "choose",
    "draw",
    "draw_retest",
    "lacy_riffe",
    "room_beside",
    "summarise",
    "take_over",
    "units_for_agreement",
    "units_for_width",
]
