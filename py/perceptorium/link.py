"""A prepared page as the part of an address after ``#``: the experiment, what is shown of the page, and what is fixed.

One table says what a link can hold; `write` and `read` know nothing else. Reading never raises: what is understood is
used, and what is not is named.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

import numpy as np

from perceptorium.engine import MLP, InvalidValue
from perceptorium.experiment import DEFAULTS, FIELDS, Experiment
from perceptorium.fields import Kind

SECTIONS = ("simulation", "xor", "concepts", "pipeline", "lab", "about")
LONGEST = 20_000
"""Characters of a fragment that are read; the exact weights of the largest network take 5,000."""


@dataclass(frozen=True, slots=True)
class Names:
    """Some of a few names, written with commas."""

    options: tuple[str, ...]

    def check(self, name: str, value: object) -> tuple[str, ...]:
        """The names, each once, in the order of the options."""
        if isinstance(value, (tuple, list)) and all(item in self.options for item in value):
            return tuple(option for option in self.options if option in value)
        raise InvalidValue(f"{name} is {value!r}; it must be some of {', '.join(self.options)}")

    def write(self, value: Any) -> str:
        """The names with commas between them."""
        return ",".join(value)

    def read(self, name: str, text: str) -> tuple[str, ...]:
        """The inverse of `write`."""
        return self.check(name, tuple(filter(None, text.split(","))))


@dataclass(frozen=True, slots=True)
class Parameters:
    """All weights and biases of a network, float64, layer after layer, as URL-safe base 64; None is none."""

    def check(self, name: str, value: object) -> bytes | None:
        """The bytes of whole finite numbers."""
        if value is None:
            return None
        if isinstance(value, bytes) and len(value) % 8 == 0 and np.isfinite(np.frombuffer(value)).all():
            return value
        raise InvalidValue(f"{name} are damaged; they must be the finite numbers that Copy link wrote")

    def write(self, value: Any) -> str:
        """Base 64 without padding."""
        return base64.urlsafe_b64encode(value).decode().rstrip("=")

    def read(self, name: str, text: str) -> bytes | None:
        """The inverse of `write`."""
        try:
            return self.check(name, base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        except (binascii.Error, ValueError):
            return self.check(name, b"damaged")


TABLE: Mapping[str, Kind] = {
    **FIELDS,
    "weights": Parameters(),
    "hide": Names(SECTIONS),
    "lock": Names(tuple(FIELDS)),
    "section": Names(SECTIONS),
}
"""Everything that a link can hold."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says.

    Attributes:
        experiment: the set-up.
        weights: bytes of the exact weights to start from, or None for those of the experiment's seed.
        hide: ids of the sections that are not shown.
        lock: fields of the experiment that cannot be changed on the page.
        section: where the page opens (at most one), or ().
        complaints: what could not be understood, a sentence each.
    """

    experiment: Experiment = field(default_factory=Experiment)
    weights: bytes | None = None
    hide: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()

    def start(self) -> MLP:
        """The network that the link starts from."""
        model = self.experiment.model()
        return model if self.weights is None else unpack(self.weights, model)


def write(link: Link) -> str:
    """The fragment, without ``#``; what is as usual is left out."""
    values = {
        **link.experiment.to_dict(),
        **{name: getattr(link, name) for name in ("weights", "hide", "lock", "section")},
    }
    usual = {**DEFAULTS, "weights": None, "hide": (), "lock": (), "section": ()}
    return "&".join(
        f"{name}={quote(TABLE[name].write(value), safe=',.-_')}"
        for name, value in values.items()
        if value != usual[name]
    )


def read(fragment: str) -> Link:
    """What a fragment says; see `Link.complaints` for what it does not."""
    complaints: list[str] = []
    if len(fragment) > LONGEST:
        complaints.append(f"The link has {len(fragment)} characters; the first {LONGEST} are read.")
    values: dict[str, Any] = {}
    for part in filter(None, fragment[:LONGEST].split("&")):
        name, equals, text = part.partition("=")
        try:
            values[name] = _value(unquote(name), equals, unquote(text, errors="strict"))
        except InvalidValue as problem:
            complaints.append(f"{str(problem)[:200]}.")
        except UnicodeDecodeError:
            complaints.append(f"{name[:40]!r} holds text that is damaged.")
    own = {name: values.pop(name) for name in ("weights", "hide", "lock", "section") if name in values}
    link = Link(Experiment(**values), **own, complaints=tuple(complaints))
    return _with_fitting_weights(link)


def pack(model: MLP) -> bytes:
    """A network's parameters as `Parameters` takes them."""
    return b"".join(
        np.ascontiguousarray(array, dtype="<f8").tobytes()
        for pair in zip(model.weights, model.biases, strict=True)
        for array in pair
    )


def unpack(content: bytes, like: MLP) -> MLP:
    """The network of the same shape as ``like`` with these parameters; InvalidValue if there are more or fewer."""
    if len(content) != 8 * like.parameter_count:
        raise InvalidValue(f"weights are {len(content) // 8} numbers; this network has {like.parameter_count}")
    numbers = np.frombuffer(content, dtype="<f8")
    arrays, position = [], 0
    for array in (array for pair in zip(like.weights, like.biases, strict=True) for array in pair):
        arrays.append(numbers[position : position + array.size].reshape(array.shape))
        position += array.size
    return like.with_parameters(arrays[::2], arrays[1::2])


def _value(name: str, equals: str, text: str) -> Any:
    if name not in TABLE or not equals:
        raise InvalidValue(f"{name[:40]!r} is not part of a link; it is left out")
    return TABLE[name].read(name, text)


def _with_fitting_weights(link: Link) -> Link:
    try:
        link.start()
    except InvalidValue as problem:
        return Link(link.experiment, None, link.hide, link.lock, link.section, (*link.complaints, f"{problem}."))
    return link
