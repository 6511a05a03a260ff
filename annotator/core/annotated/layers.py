"""What a file has to map: its layers, each with the values that occur."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from .model import AnnotatedDocument


@dataclass(frozen=True)
class Layer:
    """The marks of one name. `is_span`: they stand in the text; else they are answers to the whole of it."""

    name: str
    is_span: bool
    values: Mapping[str, int]
    several: bool
    """Somebody gave more than one value to the same stretch, or to the same whole."""
    is_free: bool = False

    @property
    def count(self) -> int:
        return sum(self.values.values())


@dataclass
class _Seen:
    is_span: bool = False
    several: bool = False
    values: Counter[str] = field(default_factory=Counter)
    places: set[tuple[object, ...]] = field(default_factory=set)


def layers_of(documents: Iterable[AnnotatedDocument], free: Container[str] = ()) -> list[Layer]:
    """The layers in the order in which they come, their values the most frequent first."""
    seen: dict[str, _Seen] = {}
    for number, document in enumerate(documents):
        for mark in document.marks:
            layer = seen.setdefault(mark.layer, _Seen())
            layer.is_span |= mark.start is not None
            layer.values[mark.value] += 1
            place = (number, mark.annotator, mark.occasion, mark.start, mark.end)
            layer.several |= place in layer.places
            layer.places.add(place)
    return [
        Layer(
            name,
            layer.is_span,
            dict(sorted(layer.values.items(), key=lambda item: (-item[1], item[0]))),
            layer.several,
            name in free,
        )
        for name, layer in seen.items()
    ]
