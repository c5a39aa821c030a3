"""How a generated program takes the weights that were trained on the page (the file is engine.to_safetensors')."""

from __future__ import annotations


def loader(file_name: str) -> str:
    """Two lines for after `model = …`: in Exact form the outputs are then the page's, in Listing form in float32."""
    return f'from safetensors.torch import load_file\nmodel.load_state_dict(load_file("{file_name}"))\n'
