"""Articles that are the same, or nearly: equal wording, and copies that were cut or edited.

Wording is compared as folded words: no case, accents, punctuation or white space. A text is its set of shingles, runs
of five such words; two measures follow Broder, "On the resemblance and containment of documents" (SEQUENCES 1997):
*resemblance* is the Jaccard coefficient of the two sets, *containment* the share of the smaller set that stands in the
larger one. Newspapers cut agency copy from the end, so a paper's version may resemble its original by 0.3 and yet be
contained in it by 0.95: resemblance alone, and with it the usual banding of min-hashes, is blind to most copies.

Candidates come from two samples of each set, both taken by the order of one hash (section 3 of that paper): all
shingles below a fixed fraction of the range (the "mod m" sample, from which containment can be told), and the few
smallest (the min-wise sample, so that short texts have one too). Articles that share a sampled shingle are looked at;
every measure that is returned is exact. A shingle of many articles (boilerplate, a popular agency report) joins each
with the next one only, so the work grows with the text, not with its square.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.core.markers import fold

Shingles = NDArray[np.uint64]
Pairs = NDArray[np.int64]

WORDS = 5
"""Words in a shingle: shorter runs are idioms of news, longer ones break at every edited word."""
SAMPLED = 4
"""One shingle in so many is in the sample. A cut copy of 20 shingles is missed with probability 0.75 ** 20 = 0.3 %."""
SMALLEST = 16
"""So many of the smallest are in it too."""
MANY = 30
"""A sampled shingle of more articles than this joins neighbours instead of all pairs."""
LEAST = 0.2
"""Share of the smaller sample. Below it the texts meet no threshold: 20 sampled shingles of a text that is contained by
half share fewer than 4 with probability 0.1 %."""
AT_ONCE = 200
"""Texts that are read again together, to compare candidates."""

# Combining marks, direction marks, joiners and soft hyphens belong to the word they stand in; fold() drops them.
_INSIDE = "\u00ad\u0300-\u036f\u0591-\u05c7\u0610-\u061c\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c-\u200f"
_RUN = re.compile(rf"[\w{_INSIDE}]+")
# In scripts without spaces each sign counts as a word.
_UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])"
)
_EVEN, _ODD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far two sets of shingles are the same; 1.0 is all."""

    jaccard: float
    containment: float
    shared: int


@dataclass(frozen=True, slots=True)
class Copy:
    """Two texts by their places, `first` < `second`. `same_wording` tells equal words from near copies."""

    first: int
    second: int
    same_wording: bool
    jaccard: float
    containment: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counts as a copy: enough shared shingles, and either measure high enough."""

    jaccard: float = 0.5
    containment: float = 0.6
    shared: int = 8

    def met(self, likeness: Likeness) -> bool:
        alike = likeness.jaccard >= self.jaccard or likeness.containment >= self.containment
        return alike and likeness.shared >= self.shared


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a text to find its candidates: the key of its wording, and sampled shingles in order."""

    key: str
    sample: Shingles


def wording_key(text: str) -> str:
    """Return the sha256 of the folded words, joined by single spaces; of the text itself where it has no word.

    >>> wording_key("Café closed.") == wording_key("CAFE\\n\\n  closed"), wording_key("...") == wording_key("!")
    (True, False)
    """
    return Shingler().key(text)


class _Folded(dict[str, str]):
    """A run of letters as its folded words, with spaces between them where there are several or none."""

    def __missing__(self, run: str) -> str:
        made = self[run] = _UNSPACED.sub(r" \1 ", fold(run).replace("_", " "))
        return made


class _Hashes(dict[str, int]):
    """A word as a number of 64 bits, the same in every process."""

    def __missing__(self, word: str) -> int:
        digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
        made = self[word] = int.from_bytes(digest, "little")
        return made


class Shingler:
    """Makes keys, shingles and sketches; folds and hashes each distinct word once, so keep one for many texts."""

    def __init__(self) -> None:
        self._folded = _Folded()
        self._hashes = _Hashes()

    def words(self, text: str) -> list[str]:
        """Return the folded words of a text.

        >>> Shingler().words("The “Mayor’s” ÉLAN, twice -- twice!")
        ['the', 'mayor', 's', 'elan', 'twice', 'twice']
        """
        return " ".join(map(self._folded.__getitem__, _RUN.findall(text))).split()

    def key(self, text: str) -> str:
        return _key(text, self.words(text))

    def shingles(self, text: str) -> Shingles:
        """Return the distinct shingles of a text as sorted hashes of 64 bits; a short text is one shingle."""
        return self._of_words(self.words(text))

    def sketch(self, text: str) -> Sketch:
        found = self.words(text)
        return Sketch(_key(text, found), _sample(self._of_words(found)))

    def _of_words(self, found: Sequence[str]) -> Shingles:
        if not found:
            return np.empty(0, dtype=np.uint64)
        hashes = np.fromiter(map(self._hashes.__getitem__, found), dtype=np.uint64, count=len(found))
        length = min(WORDS, len(found))
        rows = hashes[: len(found) - length + 1]
        for place in range(1, length):
            rows = rows * _ODD + hashes[place : len(found) - length + 1 + place]
        return np.unique(_mixed(rows))


def likeness(one: Shingles, other: Shingles) -> Likeness:
    """Compare two sets of shingles exactly. Two empty sets have nothing in common.

    >>> make = Shingler().shingles
    >>> likeness(make("a b c d e f g h"), make("a b c d e f"))
    Likeness(jaccard=0.5, containment=1.0, shared=2)
    """
    shared = len(np.intersect1d(one, other, assume_unique=True))
    if not shared:
        return Likeness(0.0, 0.0, 0)
    return Likeness(shared / (len(one) + len(other) - shared), shared / min(len(one), len(other)), shared)


def find_copies(
    sketches: Sequence[Sketch],
    texts_of: Callable[[Sequence[int]], Sequence[str]],
    thresholds: Thresholds = Thresholds(),
) -> Iterator[Copy]:
    """Find the copies among texts of which only the sketches are in memory.

    `texts_of` gives the texts at some places, some hundreds at a time, and only where there is something to compare.
    Texts of equal wording are each joined to the first of them, which stands for them all in the search for near
    copies: so each group of copies is connected, though not every pair in it is named.

    >>> texts = ["One two three.", "Nothing alike here", "one two THREE"]
    >>> list(find_copies([Shingler().sketch(t) for t in texts], lambda places: [texts[p] for p in places]))
    [Copy(first=0, second=2, same_wording=True, jaccard=1.0, containment=1.0)]
    """
    first_of: dict[str, int] = {}
    for place, sketch in enumerate(sketches):
        first = first_of.setdefault(sketch.key, place)
        if first != place:
            yield Copy(first, place, same_wording=True, jaccard=1.0, containment=1.0)
    places = list(first_of.values())
    shingler = Shingler()
    for some in _together(_likely([sketches[place].sample for place in places])):
        needed = np.unique(some)
        texts = texts_of([places[i] for i in needed.tolist()])
        sets = dict(zip(needed.tolist(), map(shingler.shingles, texts), strict=True))
        for one, other in some.tolist():
            like = likeness(sets[one], sets[other])
            if thresholds.met(like):
                yield Copy(places[one], places[other], False, like.jaccard, like.containment)


def candidates(samples: Sequence[Shingles]) -> Pairs:
    """Return the pairs of places, each once and lower place first, that share a sampled shingle."""
    if not samples:
        return np.empty((0, 2), dtype=np.int64)
    values = np.concatenate(samples)
    owners = np.repeat(np.arange(len(samples)), [len(sample) for sample in samples])
    order = np.argsort(values, kind="stable")
    values, owners = values[order], owners[order]
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]]) if len(values) else np.empty(0, dtype=np.int64)
    sizes = np.diff(np.r_[starts, len(values)])
    parts = [np.empty(0, dtype=np.int64)]
    for size in range(2, min(MANY, int(sizes.max(initial=0))) + 1):
        rows = owners[starts[sizes == size][:, None] + np.arange(size)]
        one, other = np.triu_indices(size, 1)
        parts.append((rows[:, one] * len(samples) + rows[:, other]).ravel())
    for start, size in zip(starts[sizes > MANY].tolist(), sizes[sizes > MANY].tolist(), strict=True):
        row = owners[start : start + size]
        parts.append(row[:-1] * len(samples) + row[1:])
    codes = np.unique(np.concatenate(parts))
    return np.stack([codes // len(samples), codes % len(samples)], axis=1)


def _likely(samples: Sequence[Shingles]) -> Pairs:
    """The candidates whose samples share at least `LEAST` of the smaller one: not those made by boilerplate alone.

    Both samples are whole up to the lower of their last shingles, so what they share there tells of the sets.
    """
    found = candidates(samples)
    kept = np.zeros(len(found), dtype=bool)
    for place, (one, other) in enumerate(found.tolist()):
        limit = min(samples[one][-1], samples[other][-1])
        first, second = (s[: np.searchsorted(s, limit, side="right")] for s in (samples[one], samples[other]))
        kept[place] = likeness(first, second).containment >= LEAST
    return found[kept]


def groups(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Join pairs to groups, each sorted, in the order of their first members.

    >>> groups([(4, 7), (1, 2), (2, 9)])
    [[1, 2, 9], [4, 7]]
    """
    parent: dict[int, int] = {}

    def root(of: int) -> int:
        parent.setdefault(of, of)
        while parent[of] != of:
            parent[of] = of = parent[parent[of]]
        return of

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    found: dict[int, list[int]] = {}
    for member in sorted(parent):
        found.setdefault(root(member), []).append(member)
    return list(found.values())


def _together(pairs: Pairs) -> Iterator[Pairs]:
    """The pairs in batches in which some `AT_ONCE` texts occur, those of one group together where they fit."""
    batch: list[list[int]] = []
    seen: set[int] = set()
    group_of = {member: number for number, group in enumerate(groups(pairs.tolist())) for member in group}
    for one, other in sorted(pairs.tolist(), key=lambda pair: (group_of[pair[0]], pair)):
        batch.append([one, other])
        seen |= {one, other}
        if len(seen) >= AT_ONCE:
            yield np.array(batch)
            batch, seen = [], set()
    if batch:
        yield np.array(batch)


def _key(text: str, found: Sequence[str]) -> str:
    return hashlib.sha256((" ".join(found) if found else text).encode()).hexdigest()


def _sample(shingles: Shingles) -> Shingles:
    below = np.searchsorted(shingles, np.uint64(2**64 // SAMPLED))
    return shingles[: max(int(below), SMALLEST)]


def _mixed(numbers: Shingles) -> Shingles:
    """Spread each number over all 64 bits; the finaliser of splitmix64 (Steele, Lea & Flood 2014), shortened."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * _EVEN
    return numbers ^ (numbers >> np.uint64(31))
