"""Tables of ratings from elsewhere: how a table is to be read, and what was answered in it."""

from .answers import Doubt, doubts, variables
from .grid import Grid, grid
from .guessing import guess, guessed_level
from .reading import LAYOUTS, MISSING_MARKS, ROLES, Reading, parse_levels

__all__ = [
    "LAYOUTS",
    "MISSING_MARKS",
    "ROLES",
    "Doubt",
    "Grid",
    "Reading",
    "doubts",
    "grid",
    "guess",
    "guessed_level",
    "parse_levels",
    "variables",
]
