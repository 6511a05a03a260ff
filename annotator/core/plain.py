"""Dataclasses out to JSON and back, whole."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")


def plain(thing: object) -> dict[str, Any]:
    """A dataclass with all it holds, as `json` can write it. Raises TypeError on anything else."""
    if not is_dataclass(thing) or isinstance(thing, type):
        raise TypeError(f"{thing!r} is no dataclass.")
    return asdict(thing)


def rebuilt(kind: type[Kind], data: Mapping[str, Any]) -> Kind:
    """The dataclass that `plain` wrote. What it lacks has its default, what the class no longer has is left out.

    Fields may be dataclasses, tuples, sequences and mappings of them, or optional.
    """
    hints = _fields(kind)  # type: ignore[arg-type]
    return kind(**{name: _value(hints[name], given) for name, given in data.items() if name in hints})


@cache
def _fields(kind: type[Any]) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _value(hint: Any, given: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return rebuilt(hint, given)
    if given is None or origin is None:
        return given
    if origin in (Union, UnionType):
        (hint, *others) = [part for part in inner if part is not NoneType]
        return given if others else _value(hint, given)
    if origin is tuple:
        return tuple(_value(part, item) for part, item in zip(_parts(inner, len(given)), given, strict=True))
    if not isinstance(origin, type):
        return given
    if issubclass(origin, Mapping):
        return {key: _value(inner[1], item) for key, item in given.items()}
    if issubclass(origin, Sequence):
        return [_value(inner[0], item) for item in given]
    return given


def _parts(inner: tuple[Any, ...], length: int) -> Sequence[Any]:
    return [inner[0]] * length if len(inner) == 2 and inner[1] is Ellipsis else inner
