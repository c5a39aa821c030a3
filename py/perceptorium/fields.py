"""The kinds of fields an experiment has: each knows its limits, its check, and its short text form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from perceptorium.engine import InvalidValue


def _shown(value: object) -> str:
    """The value in a sentence: a damaged file or link may hold one of any length."""
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


class Kind(Protocol):
    """What a field may hold. `check` returns the value in its one canonical type, or raises InvalidValue."""

    def check(self, name: str, value: object) -> Any: ...

    def write(self, value: Any) -> str:
        """The short text form, safe in a URL fragment."""

    def read(self, name: str, text: str) -> Any:
        """The inverse of `write`; raises InvalidValue for text that does not say an allowed value."""


@dataclass(frozen=True, slots=True)
class Number:
    """A finite float from `low` to `high`, both included."""

    low: float
    high: float

    def check(self, name: str, value: object) -> float:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and self.low <= value <= self.high:
            return float(value)
        raise InvalidValue(f"{name} is {_shown(value)}; it must be a number from {self.low:g} to {self.high:g}")

    def write(self, value: Any) -> str:
        return repr(value)

    def read(self, name: str, text: str) -> float:
        try:
            return self.check(name, float(text))
        except ValueError:
            return self.check(name, text)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`; `none`, when given, is the word that stands for None."""

    low: int
    high: int
    none: str | None = None

    def check(self, name: str, value: object) -> int | None:
        if value is None and self.none is not None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high:
            return value
        otherwise = "" if self.none is None else f", or None for {self.none}"
        raise InvalidValue(
            f"{name} is {_shown(value)}; it must be a whole number from {self.low} to {self.high}{otherwise}"
        )

    def write(self, value: Any) -> str:
        return str(self.none if value is None else value)

    def read(self, name: str, text: str) -> int | None:
        if text == self.none:
            return None
        digits = text.isascii() and text.isdigit() and len(text) <= 12
        return self.check(name, int(text) if digits else text)


@dataclass(frozen=True, slots=True)
class Flag:
    """True or False, written yes and no."""

    def check(self, name: str, value: object) -> bool:
        if isinstance(value, bool):
            return value
        raise InvalidValue(f"{name} is {_shown(value)}; it must be True or False")

    def write(self, value: Any) -> str:
        return "yes" if value else "no"

    def read(self, name: str, text: str) -> bool:
        return self.check(name, {"yes": True, "no": False}.get(text, text))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few names."""

    options: tuple[str, ...]

    def check(self, name: str, value: object) -> str:
        if isinstance(value, str) and value in self.options:
            return value
        raise InvalidValue(f"{name} is {_shown(value)}; it must be one of {', '.join(self.options)}")

    def write(self, value: Any) -> str:
        return str(value).replace(" ", "_")

    def read(self, name: str, text: str) -> str:
        return self.check(name, text.replace("_", " ") if text.replace("_", " ") in self.options else text)


@dataclass(frozen=True, slots=True)
class LayerSizes:
    """The neurons of each hidden layer: at most `layers` layers of 1 to `neurons` neurons."""

    layers: int
    neurons: int

    def check(self, name: str, value: object) -> tuple[int, ...]:
        if not isinstance(value, (tuple, list)):
            raise InvalidValue(f"{name} is {_shown(value)}; it must be the hidden layers' sizes, such as (4, 4)")
        if len(value) > self.layers:
            raise InvalidValue(f"{name} has {len(value)} layers; at most {self.layers} hidden layers are allowed")
        each = Whole(1, self.neurons)
        for position, size in enumerate(value):
            each.check(f"{name}[{position}]", size)
        return tuple(value)

    def write(self, value: Any) -> str:
        return "-".join(map(str, value)) or "none"

    def read(self, name: str, text: str) -> tuple[int, ...]:
        parts = [] if text == "none" else text.split("-")
        each = Whole(1, self.neurons)
        return self.check(name, [each.read(f"{name}[{position}]", part) for position, part in enumerate(parts)])
