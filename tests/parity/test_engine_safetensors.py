"""Files of weights go both ways between the engine and real PyTorch."""

from itertools import pairwise

import numpy as np
import pytest
import safetensors.torch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from perceptorium.engine import MLP, from_safetensors, to_safetensors


class Net(torch.nn.Module):
    def __init__(self, sizes: tuple[int, ...]) -> None:
        super().__init__()
        for i, (fan_in, fan_out) in enumerate(pairwise(sizes), start=1):
            setattr(self, f"fc{i}", torch.nn.Linear(fan_in, fan_out, dtype=torch.float64))
        self.depth = len(sizes) - 1

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for i in range(1, self.depth):
            x = torch.tanh(getattr(self, f"fc{i}")(x))
        return torch.sigmoid(getattr(self, f"fc{self.depth}")(x))


@given(st.lists(st.integers(1, 5), min_size=2, max_size=5).map(tuple), st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_pytorch_loads_our_bytes_and_computes_the_same(sizes: tuple[int, ...], seed: int) -> None:
    model = MLP.initialise(sizes, "Tanh", init="linear_default", seed=seed)
    net = Net(sizes)
    net.load_state_dict(safetensors.torch.load(to_safetensors(model.state_dict())))
    x = np.random.default_rng(seed).normal(size=(3, sizes[0]))
    assert np.allclose(net(torch.tensor(x)).detach().numpy(), model.predict(x), rtol=0, atol=1e-14)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_we_load_pytorchs_bytes(dtype: torch.dtype) -> None:
    torch.manual_seed(1)
    net = Net((2, 3, 1)).to(dtype)
    content = safetensors.torch.save(net.state_dict(), metadata={"made by": "a test"})
    model = MLP.from_state_dict(from_safetensors(content), "Tanh")
    assert np.array_equal(model.weights[0], net.fc1.weight.detach().double().numpy().T)
    assert np.array_equal(model.biases[1], net.fc2.bias.detach().double().numpy())
