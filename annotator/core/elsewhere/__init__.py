"""Tables of ratings from elsewhere: how a table is to be read, and what was answered in it."""

from .answers import LATER, MARKED_MISSING, Doubt, doubts, occasions, texts, unit_name, variables
from .grid import Grid, grid
from .guessing import guess, guessed_level
from .merging import merged, parse_groups
from .reading import LAYOUTS, MISSING_MARKS, ROLES, Reading, parse_levels

__all__ = [
    "LATER",
    "LAYOUTS",
    "MARKED_MISSING",
    "MISSING_MARKS",
    "ROLES",
    "Doubt",
    "Grid",
    "Reading",
    "doubts",
    "grid",
    "guess",
    "guessed_level",
    "merged",
    "occasions",
    "parse_groups",
    "parse_levels",
    "texts",
    "unit_name",
    "variables",
]
