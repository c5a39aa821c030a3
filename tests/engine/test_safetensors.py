"""The bytes of the safetensors format, by its description; tests/parity asks the real library."""

import json

import numpy as np
import pytest

from perceptorium.engine import MLP, InvalidValue, from_safetensors, to_safetensors


def test_the_layout_of_the_bytes() -> None:
    content = to_safetensors({"a": np.array([[1.0, 2.0]]), "b": np.array(3.0)})
    length = int.from_bytes(content[:8], "little")
    assert length % 8 == 0
    assert json.loads(content[8 : 8 + length]) == {
        "a": {"dtype": "F64", "shape": [1, 2], "data_offsets": [0, 16]},
        "b": {"dtype": "F64", "shape": [], "data_offsets": [16, 24]},
    }
    assert content[8 + length :] == np.array([1.0, 2.0, 3.0]).tobytes()


def test_round_trip_of_a_network() -> None:
    model = MLP.initialise((2, 4, 3, 1), init="linear_default", seed=2)
    again = MLP.from_state_dict(from_safetensors(to_safetensors(model.state_dict())))
    assert all(np.array_equal(a, b) for a, b in zip(again.weights, model.weights, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(again.biases, model.biases, strict=True))


@pytest.mark.parametrize("content", [b"", b"abc", b"\x02\0\0\0\0\0\0\0[]", to_safetensors({"a": [1.0]})[:-1], None])
def test_what_is_no_such_file_is_refused(content) -> None:
    with pytest.raises(InvalidValue, match="it has to be a safetensors file"):
        from_safetensors(content)


def test_other_types_are_refused() -> None:
    content = to_safetensors({"a": [1.0]}).replace(b"F64", b"I64")
    with pytest.raises(InvalidValue, match="a has the type 'I64'; it has to be one of F64, F32"):
        from_safetensors(content)


def test_what_is_no_dictionary_of_numbers_is_refused() -> None:
    with pytest.raises(InvalidValue, match="state is None; it has to be a dictionary of arrays"):
        to_safetensors(None)
    with pytest.raises(InvalidValue, match=r"state\['a'\]\[1\] is nan; every value has to be finite"):
        to_safetensors({"a": [0.0, np.nan]})
