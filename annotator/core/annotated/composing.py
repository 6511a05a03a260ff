"""The marks of a document as answers to the questions of a codebook, unit by unit."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from annotator.core.codebook import CANNOT_TELL, AnswerError, Codebook, Json, Variable, check_answer

from .attributing import attributions
from .model import AnnotatedDocument, Mark
from .plan import FREE_KINDS, NONE, NOT_TOLD, RELATION, Plan
from .proposing import key_of

CROSSING = "marks that do not lie within one unit"
NOT_OFFERED = "marks in units that are not offered for labelling"
LEFT_OUT = "marks of layers that are left out"
VALUE_LEFT_OUT = "marks with values that are left out"
SPACE = "marks whose outer white space is cut"
LINKS = "relations between marks"
MOST_MARKS = 500
ALONE = "attributes of marks that are left out"


@dataclass(frozen=True, slots=True)
class Spot:
    """A unit of the text that the document becomes; number 0 is the whole."""

    index: int
    start: int
    end: int
    kind: str
    codable: bool


@dataclass(frozen=True, slots=True)
class Answer:
    unit: int
    annotator: str
    occasion: int
    variable: str
    value: Json


@dataclass
class Placed:
    """What became of a document: its answers, what is wrong, and what is left out, how often."""

    answers: list[Answer] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)


def placed(
    document: AnnotatedDocument, text: str, spots: Sequence[Spot], plan: Plan, book: Codebook, keys: Mapping[str, str]
) -> Placed:
    """The answers of a document whose text is cut into `spots`; `keys` names the question of each layer.

    Marks count in `text`. An answer that its question doesn't take is a problem, and so is a mark that no unit holds,
    unless the plan leaves those out.
    """
    return _Composer(document, text, spots, plan, book, keys).compose()


_Place = tuple[int, str, int, str]
"""Unit, annotator, occasion, variable."""
_Held = tuple[int, int, Mark]
"""A mark with its extent inside its unit."""


class _Composer:
    def __init__(
        self,
        document: AnnotatedDocument,
        text: str,
        spots: Sequence[Spot],
        plan: Plan,
        book: Codebook,
        keys: Mapping[str, str],
    ) -> None:
        self.document, self.text, self.plan, self.book, self.keys = document, text, plan, book, keys
        self.whole, self.spots = spots[0], spots[1:]
        self.starts = [spot.start for spot in self.spots]
        self.by_number = {spot.index: spot for spot in spots}
        self.made = Placed()
        self.found: dict[_Place, list[_Held]] = {}
        self.touched: set[_Place] = set()
        """Where a mark was that no unit holds: nobody said that there is nothing to mark."""
        self.attributes: dict[tuple[str, str, str], dict[str, list[str]]] = {}
        self.parts: dict[tuple[object, ...], dict[str, str]] = {}

    def compose(self) -> Placed:
        for mark in self.document.marks:
            self._take(mark)
        joined = self._joined()
        for place, held in self.found.items():
            self._answer(place, held, joined)
        self.made.lost[ALONE] += sum(len(asked) for asked in self.attributes.values())
        if self.plan.unmarked_is_none:
            self.made.answers += self._unmarked()
        self.made.lost = +self.made.lost
        return self.made

    def _take(self, mark: Mark) -> None:
        key, _, attribute = self.keys.get(mark.layer, "").partition(":")
        variable = self.book.find(key)
        if variable is None:
            self.made.lost[LEFT_OUT] += 1
        elif variable.kind not in FREE_KINDS and self._key(mark, variable, attribute) in _left_out(variable):
            self.made.lost[VALUE_LEFT_OUT] += 1
        elif variable.kind == "attribution":
            self._take_part(mark, variable, attribute)
        elif attribute:
            asked = self.attributes.setdefault((mark.annotator, mark.id, key), {})
            asked.setdefault(attribute, []).append(self._key(mark, variable, attribute))
        elif held := self._held(mark, variable):
            spot, start, end = held
            place = (spot.index, mark.annotator, mark.occasion, key)
            self.found.setdefault(place, []).append((start, end, mark))

    def _take_part(self, mark: Mark, variable: Variable, part: str) -> None:
        """The first part of a piece that comes places it; the others only say more of it."""
        piece = _piece(mark, variable)
        if piece not in self.parts and (held := self._held(mark, variable)):
            spot, start, end = held
            place = (spot.index, mark.annotator, mark.occasion, variable.key)
            self.found.setdefault(place, []).append((start, end, mark))
        self.parts.setdefault(piece, {})[part] = self._key(mark, variable, part)

    def _key(self, mark: Mark, variable: Variable, attribute: str = "") -> str:
        plan = self.plan.of(mark.layer)
        return plan.values.get(mark.value, "") if attribute else key_of(variable, plan, mark.value)

    def _held(self, mark: Mark, variable: Variable) -> tuple[Spot, int, int] | None:
        """The unit that the mark labels, and its extent there; None where it is left out or a problem."""
        if mark.start is None or mark.end is None:
            spot = self.whole if variable.scope == "article" else self.spots[0]
            if variable.scope == "sentence" and len(self.spots) > 1:
                self._problem(mark, f"it is an answer to the whole text, but {variable.label} asks of sentences")
                return None
            return spot, spot.start, spot.end
        if variable.scope == "article":
            return self.whole, mark.start, mark.end
        start, end = self._trimmed(mark.start, mark.end)
        if (start, end) != (mark.start, mark.end):
            self.made.lost[SPACE] += 1
        at = bisect_right(self.starts, start) - 1
        spot = self.spots[max(at, 0)]
        if not spot.start <= start < end <= spot.end:
            touched = (spot for spot in self.spots if spot.start < end and start < spot.end)
            self.touched |= {(spot.index, mark.annotator, mark.occasion, variable.key) for spot in touched}
            self._drop(mark, CROSSING, f"“{self.text[start:end][:60]}” does not lie within one unit")
            return None
        if not spot.codable:
            self._drop(mark, NOT_OFFERED, f"its unit {spot.index} ({spot.kind}) is not offered for labelling")
            return None
        return spot, start, end

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        quote = self.text[start:end]
        return start + len(quote) - len(quote.lstrip()), end - len(quote) + len(quote.rstrip())

    def _drop(self, mark: Mark, reason: str, message: str) -> None:
        if self.plan.leave_out:
            self.made.lost[reason] += 1
        else:
            self._problem(mark, message)

    def _problem(self, mark: Mark, message: str) -> None:
        self.made.problems.append(f"{mark.where}: {message}.")

    def _answer(self, place: _Place, held: Sequence[_Held], joined: Mapping[tuple[str, str], str]) -> None:
        unit, annotator, occasion, key = place
        variable = self.book.variable(key)
        spot = self.by_number[unit]
        try:
            said = self._said(variable, held, joined)
            value = check_answer(variable, said, text=self.text, start=spot.start, end=spot.end)
        except AnswerError as error:
            self.made.problems.append(f"{held[0][2].where}: {error}")
        else:
            self.made.answers.append(Answer(unit, annotator, occasion, key, value))

    def _said(self, variable: Variable, held: Sequence[_Held], joined: Mapping[tuple[str, str], str]) -> Json:
        if len(held) > MOST_MARKS:
            raise AnswerError(f"{variable.label}: {len(held)} marks lie in one unit; {MOST_MARKS} at most.")
        if variable.kind == "attribution":
            return attributions([(start, end, self.parts[_piece(mark, variable)]) for start, end, mark in held])
        keys = list(dict.fromkeys(self._word(mark, variable) for _, _, mark in held))
        if {NONE, NOT_TOLD} & {*keys}:
            return CANNOT_TELL if _only(variable, keys) == NOT_TOLD else []
        if variable.kind == "span":
            spans = [self._span(variable, *one, joined) for one in held]
            return [span for number, span in enumerate(spans) if span not in spans[:number]]
        if variable.kind == "text":
            return "\n".join(keys)
        return [*keys] if variable.kind == "multi" else _only(variable, keys)

    def _word(self, mark: Mark, variable: Variable) -> str:
        """The key of its value; of a question with free answers what was written."""
        free = variable.kind in FREE_KINDS
        return mark.value if free else self._key(mark, variable)

    def _span(
        self, variable: Variable, start: int, end: int, mark: Mark, joined: Mapping[tuple[str, str], str]
    ) -> dict[str, Json]:
        span: dict[str, Json] = {"start": start, "end": end, "value": self._key(mark, variable)}
        asked = self.attributes.pop((mark.annotator, mark.id, variable.key), {}) if mark.id else {}
        if told := asked.pop(RELATION, None):
            span["relation"] = told[0]
        kinds = {attribute.key: attribute.kind for attribute in variable.span_attributes}
        if asked:
            span["attributes"] = {key: _attribute(kinds.get(key, ""), values) for key, values in asked.items()}
        if relation := joined.get((mark.annotator, mark.id)):
            span["relation"] = relation
        return span

    def _joined(self) -> dict[tuple[str, str], str]:
        """The relation of each mark that is linked to another one of its question and unit."""
        places = {
            (mark.annotator, mark.id): place
            for place, held in self.found.items()
            for _, _, mark in held
            if mark.id and self.book.variable(place[3]).relations
        }
        joined: dict[tuple[str, str], str] = {}
        for number, link in enumerate(self.document.links, start=1):
            ends = [(link.annotator, link.source), (link.annotator, link.target)]
            if None in (here := [places.get(end) for end in ends]) or here[0] != here[1]:
                self.made.lost[LINKS] += 1
                continue
            relation = next((joined[end] for end in ends if end in joined), str(number))
            joined.update(dict.fromkeys(ends, relation))
        return joined

    def _unmarked(self) -> Iterator[Answer]:
        """Where somebody worked and marked nothing: an empty answer to each question of marks or sets."""
        asked = {key for key in self.keys.values() if (variable := self.book.find(key)) and _may_be_empty(variable)}
        for by in self.document.by:
            for key in sorted(asked):
                for spot in self.spots:
                    place = (spot.index, by.annotator, by.occasion, key)
                    if spot.codable and place not in self.found and place not in self.touched:
                        yield Answer(spot.index, by.annotator, by.occasion, key, [])


def _left_out(variable: Variable) -> tuple[str, ...]:
    """The keys that give no answer: none applies is no answer where one value has to be chosen."""
    return ("", NONE) if variable.kind in ("single", "ordinal") else ("",)


def _piece(mark: Mark, variable: Variable) -> tuple[object, ...]:
    return mark.annotator, mark.occasion, variable.key, mark.id, mark.start, mark.end


def _may_be_empty(variable: Variable) -> bool:
    return variable.kind in ("span", "multi") and variable.scope == "sentence"


def _only(variable: Variable, values: Sequence[str]) -> str:
    if len(values) > 1:
        raise AnswerError(f"{variable.label}: “{values[0][:40]}” and “{values[1][:40]}” are both given; it takes one.")
    return values[0]


def _attribute(kind: str, values: Sequence[str]) -> Json:
    if kind == "bool":
        return values[0].casefold() in ("true", "1", "yes")
    return [*dict.fromkeys(values)] if kind == "multi" else values[0]
