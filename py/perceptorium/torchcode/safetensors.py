"""Weights as a safetensors file, the format PyTorch users exchange: eight bytes of length, a JSON header,
raw numbers.

Format: https://huggingface.co/docs/safetensors. Written here because the package itself does not run in the
browser and the format is this short.
"""

from __future__ import annotations

import json

import numpy as np

from perceptorium.engine import MLP


def to_safetensors(model: MLP) -> bytes:
    """The file for one network (no leading axes), float64, with the names of the generated module: fc1.weight, …"""
    header: dict[str, dict[str, object]] = {}
    chunks: list[bytes] = []
    offset = 0
    for name, values in model.state_dict().items():
        chunk = np.ascontiguousarray(values, dtype="<f8").tobytes()
        header[name] = {
            "dtype": "F64",
            "shape": list(values.shape),
            "data_offsets": [offset, offset + len(chunk)],
        }
        chunks.append(chunk)
        offset += len(chunk)
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)  # so that the numbers are aligned in a memory-mapped file
    return len(head).to_bytes(8, "little") + head + b"".join(chunks)


def loader(file_name: str) -> str:
    """The two lines that load the file into the generated program's model."""
    return f'from safetensors.torch import load_file\nmodel.load_state_dict(load_file("{file_name}"))\n'
