"""How a table that nobody has described is likely to be read. Whoever sent it sees the guess and may change it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from annotator.core.coded_tables import PARTED_BY, Level

from .grid import Grid
from .reading import MISSING_MARKS, SKIPPED, Reading
from .spelling import as_number

_NAMES = {
    "unit": (
        *("item_id", "unit", "unit_id", "item", "sentence", "sentence_id", "segment", "segment_id", "subject"),
        *("case", "case_id", "document", "doc", "doc_id", "id", "text_id", "tweet_id", "post_id", "no", "nr", "number"),
    ),
    "article": ("article", "article_id", "cluster", "cluster_id", "source_document"),
    "annotator": ("annotator", "coder", "rater", "judge", "observer", "worker", "annotator_id", "coder_id", "rater_id"),
    "variable": ("variable", "question", "criterion", "category", "dimension", "attribute", "variable_id"),
    "value": ("value", "answer", "code", "rating", "label", "score", "annotation", "response", "judgement", "judgment"),
    "occasion": ("occasion", "wave", "time_point", "session"),
    "text": ("text", "sentence_text", "unit_text", "content", "body"),
}
_ASIDE = {
    *("group", "state", "start", "end", "kind", "round", "codebook", "version", "updated_at", "date", "time"),
    *("timestamp", "comment", "comments", "note", "notes", "remark", "remarks", "url", "title", "created_at"),
}
_LONG_TEXT = 60
_ROWS = 2000
"""Rows that a guess looks at."""
_MANY_NUMBERS = 12


def guess(grid: Grid, *, layout: str = "", header: bool | None = None) -> Reading:
    """The likely layout, header and columns of a table; layout and header may be known already.

    >>> from annotator.core.elsewhere.grid import grid
    >>> guess(grid([["item", "coder", "value"], ["1", "A", "yes"], ["1", "B", "no"]])).roles
    ('unit', 'annotator', 'value')
    >>> guess(grid([["1", "2"], ["2", "2"]])).header
    False
    """
    seen = Grid(grid.rows[:_ROWS], grid.numbers[:_ROWS])
    header = _has_header(seen) if header is None else header
    named = _named(seen) if header else {}
    told = "annotator" in named or {"variable", "value"} <= named.keys()
    if layout == "long" or (not layout and (told or _is_bare_long(seen, header))):
        return Reading("long", header, _long_roles(seen, named))
    roles = _wide_roles(seen, header, named)
    names = [name for name, role in zip(seen.names(header=header), roles, strict=True) if role == "annotator"]
    return Reading("wide", header, roles, per_question=_per_question(names) if header else 0)


def guessed_level(cells: Iterable[str]) -> Level:
    """Sets where cells are parted by |, numbers where there are many or broken ones, else names.

    >>> guessed_level(["a|b", "a"]).name, guessed_level(["1.5", "2"]).name, guessed_level(["1", "2"]).name
    ('masi', 'interval', 'nominal')
    """
    distinct = set(cells)
    if any(PARTED_BY in cell for cell in distinct) or any(cell.startswith('["') for cell in distinct):
        return Level("masi")
    numbers = {number for cell in distinct if (number := as_number(cell)) is not None}
    broken = len(distinct) > _MANY_NUMBERS or any(not number.is_integer() for number in numbers)
    only_numbers = all(as_number(cell) is not None for cell in distinct)
    return Level("interval" if numbers and only_numbers and broken else "nominal")


def _has_header(grid: Grid) -> bool:
    """Names of columns come once and are no numbers, where the cells below them are values."""
    first, *rest = grid.rows
    if not rest:
        return False
    if any(_plain(name) in _ASIDE or _role_named(name) for name in first):
        return True
    if len(set(first)) < len(first):
        return False
    below = {cell for row in rest for cell in row}
    if any(name in below or name in MISSING_MARKS for name in first if name):
        return False
    return not any(as_number(name) is not None for name in first)


def _plain(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_")


def _role_named(name: str) -> str:
    return next((role for role, names in _NAMES.items() if _plain(name) in names), "")


def _named(grid: Grid) -> dict[str, int]:
    """Role -> the column whose name says so; of several names the one that stands first in the list."""
    plain = [_plain(name) for name in grid.rows[0]]
    found = {}
    for role, names in _NAMES.items():
        place = next((plain.index(name) for name in names if name in plain), None)
        if place is not None:
            found[role] = place
    if "article" in found and "unit" not in found:
        found["unit"] = found.pop("article")
    return found


def _is_bare_long(grid: Grid, header: bool) -> bool:
    """Three columns without telling names: units that come again, a few annotators, and no pair of the two twice."""
    rows = grid.rows[header:]
    if grid.width != 3 or len(rows) < 4 or not all(all(row) for row in rows):
        return False
    units, annotators = Counter(row[0] for row in rows), Counter(row[1] for row in rows)
    pairs = {(row[0], row[1]) for row in rows}
    return len(pairs) == len(rows) and 2 <= len(annotators) <= len(units) < len(rows) and max(units.values()) > 1


def _long_roles(grid: Grid, named: dict[str, int]) -> tuple[str, ...]:
    """By name, else the first three are unit, annotator, value; without a column of values all others hold some."""
    if not named:
        return ("unit", "annotator", "value", *[SKIPPED] * grid.width)[: grid.width]
    roles = [SKIPPED] * grid.width
    for role, column in named.items():
        for place, name in enumerate(grid.rows[0]):
            if _plain(name) == _plain(grid.rows[0][column]):
                roles[place] = role
    if "unit" not in named and SKIPPED in roles:
        roles[roles.index(SKIPPED)] = "unit"
    if "value" not in named:
        aside = [_plain(name) in _ASIDE for name in grid.rows[0]]
        roles = [role or ("" if kept_out else "value") for role, kept_out in zip(roles, aside, strict=True)]
    return tuple(roles)


def _wide_roles(grid: Grid, header: bool, named: dict[str, int]) -> tuple[str, ...]:
    roles = []
    unit = named.get("unit", _bare_unit(grid, header))
    for place, name in enumerate(grid.names(header=header)):
        cells = [cell for cell in grid.column(place, header=header) if cell]
        if place == unit:
            roles.append("unit")
        elif place in (named.get("article"), named.get("text")):
            roles.append("article" if place == named.get("article") else "text")
        elif not cells or _plain(name) in _ASIDE or sum(map(len, cells)) > _LONG_TEXT * len(cells):
            roles.append(SKIPPED)
        else:
            roles.append("annotator")
    return tuple(roles)


def _bare_unit(grid: Grid, header: bool) -> int | None:
    """The first column where it tells every row from every other: by words, or by counting them."""
    cells = grid.column(0, header=header)
    if grid.width < 3 or len(set(cells)) < len(cells) or not all(cells):
        return None
    if header and not grid.rows[0][0]:
        return 0
    numbers = [as_number(cell) for cell in cells]
    if any(number is None for number in numbers):
        return 0 if len(cells) > 1 and not any(cell in MISSING_MARKS for cell in cells) else None
    others = {cell for row in grid.rows[header:] for cell in row[1:]}
    counted = numbers in ([*range(len(cells))], [*range(1, len(cells) + 1)])
    return 0 if counted and len(cells) > 2 and not set(cells) <= others else None


def _per_question(names: Sequence[str]) -> int:
    """How many columns in a row name the same annotators behind one question: tone_A, tone_B, side_A, side_B."""
    for size in range(2, len(names) // 2 + 1):
        if len(names) % size == 0 and len({ends for _, ends in questions(names, size)}) == 1:
            heads = [head for head, _ in questions(names, size)]
            if all(heads) and len(set(heads)) == len(heads):
                return size
    return 0


def questions(names: Sequence[str], size: int) -> list[tuple[str, tuple[str, ...]]]:
    """Each question's name and the annotators behind it, where `size` columns in a row are one question.

    >>> questions(["tone_A", "tone_B", "side_A", "side_B"], 2)
    [('tone', ('A', 'B')), ('side', ('A', 'B'))]
    """
    return [_question(names[start : start + size]) for start in range(0, len(names), size)]


def _question(names: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The part of the names up to the last sign between words that they share, and the rest of each."""
    heads = [re.findall(r".*?[\W_]+", name) for name in names]
    shared = ""
    for parts in zip(*heads, strict=False):
        if len(set(parts)) > 1:
            break
        shared += parts[0]
    return re.sub(r"[\W_]+$", "", shared), tuple(name[len(shared) :] for name in names)
