"""The safetensors format: named arrays as bytes that PyTorch loads with `safetensors.torch.load`.

Eight bytes give the length of a JSON header (little-endian), the header gives each array's type, shape and place, and
after it come the arrays themselves. https://github.com/huggingface/safetensors, "Format".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .checks import finite_array, short
from .errors import InvalidValue
from .program import Array

_TYPES = {"F64": "<f8", "F32": "<f4"}


def to_safetensors(state: Mapping[str, npt.ArrayLike]) -> bytes:
    """Return the arrays of `state` (such as `MLP.state_dict()`) as float64."""
    if not isinstance(state, Mapping):
        raise InvalidValue(f"state is {short(state)}; it has to be a dictionary of arrays, such as MLP.state_dict()")
    header, pieces, end = {}, [], 0
    for name, value in state.items():
        array = np.asarray(finite_array(f"state[{name!r}]", value, 0, "of numbers"), "<f8")
        pieces.append(array.tobytes())
        start, end = end, end + array.nbytes
        header[name] = {"dtype": "F64", "shape": list(array.shape), "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # so that the numbers start at a multiple of 8
    return len(text).to_bytes(8, "little") + text + b"".join(pieces)


def from_safetensors(content: bytes) -> dict[str, Array]:
    """Return the arrays of `content`, whose types may be F64 or F32, as float64."""
    try:
        length = int.from_bytes(content[:8], "little")
        header: dict[str, Any] = json.loads(content[8 : 8 + length])
        body = memoryview(content)[8 + length :]
        return {name: _array(name, entry, body) for name, entry in header.items() if name != "__metadata__"}
    except (TypeError, ValueError, KeyError, AttributeError) as problem:
        if isinstance(problem, InvalidValue):
            raise
        raise InvalidValue(f"content is {short(content)}; it has to be a safetensors file") from problem


def _array(name: str, entry: dict[str, Any], body: memoryview) -> Array:
    if entry["dtype"] not in _TYPES:
        raise InvalidValue(f"{name} has the type {entry['dtype']!r}; it has to be one of {', '.join(_TYPES)}")
    start, end = entry["data_offsets"]
    array = np.frombuffer(body[start:end], _TYPES[entry["dtype"]]).reshape(entry["shape"])
    return np.array(array, np.float64)
