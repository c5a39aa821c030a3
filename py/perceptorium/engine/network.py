"""The multilayer perceptron: an immutable value, one network or a whole ensemble of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .activations import activation
from .checks import finite_array, frozen, layer_sizes, one_of, short, whole_number
from .errors import InvalidValue
from .initialisation import INITIALISATIONS, first_weights
from .program import Array


@dataclass(frozen=True, slots=True)
class ForwardPass:
    """What every layer computed for some rows: `z` per Linear layer, and `a` with the input before them."""

    z: tuple[Array, ...]
    a: tuple[Array, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MLP:
    """A fully connected network: a = f(a_prev @ W + b) in every layer (paper eq. 2 and 3).

    `weights[l]` has shape (..., fan_in, fan_out) and `biases[l]` (..., fan_out). The leading axes, if any, are an
    ensemble: independent networks of one shape, all computed at once. `hidden` names the activation of the hidden
    layers, `output` that of the last one. Two networks are equal only if they are the same object.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    hidden: str = "ReLU"
    output: str = "Sigmoid"

    def __post_init__(self) -> None:
        object.__setattr__(self, "hidden", activation(self.hidden).name)
        object.__setattr__(self, "output", activation(self.output).name)
        for argument in ("weights", "biases"):
            if not isinstance(getattr(self, argument), Sequence):
                raise InvalidValue(f"{argument} is {short(getattr(self, argument))}; it has to be a tuple of arrays")
        weights, biases = tuple(self.weights), tuple(self.biases)
        if not weights or len(weights) != len(biases):
            raise InvalidValue(
                f"weights and biases hold {len(weights)} and {len(biases)} arrays; each layer needs one of each"
            )
        weights = tuple(finite_array(f"weights[{i}]", w, 2, "(..., fan_in, fan_out)") for i, w in enumerate(weights))
        biases = tuple(finite_array(f"biases[{i}]", b, 1, "(..., fan_out)") for i, b in enumerate(biases))
        _check_chain(weights, biases)
        object.__setattr__(self, "weights", tuple(frozen(w) for w in weights))
        object.__setattr__(self, "biases", tuple(frozen(b) for b in biases))

    @classmethod
    def initialise(
        cls,
        sizes: Sequence[int],
        hidden: str = "ReLU",
        output: str = "Sigmoid",
        init: str = "kaiming_normal",
        seed: int | Sequence[int] = 0,
    ) -> MLP:
        """Draw the first weights of a network with `sizes` neurons, input first.

        A sequence of seeds makes an ensemble with one axis; member i is exactly the network of seed i.
        """
        sizes = layer_sizes(sizes)
        one_of("init", init, INITIALISATIONS)
        if isinstance(seed, Sequence):
            if not seed:
                raise InvalidValue("seed is empty; an ensemble needs at least one seed")
            return cls.stack([cls.initialise(sizes, hidden, output, init, each) for each in seed])
        layers = first_weights(sizes, init, whole_number("seed", seed, 0, "a seed is a whole number, 0 or more"))
        return cls(tuple(w for w, _ in layers), tuple(b for _, b in layers), hidden, output)

    @classmethod
    def stack(cls, models: Iterable[MLP]) -> MLP:
        """Put networks of one shape and one kind together as an ensemble, along a new first axis."""
        models = tuple(models)
        if not models:
            raise InvalidValue("models is empty; an ensemble needs at least one network")
        first = models[0]
        for i, model in enumerate(models):
            if not isinstance(model, MLP):
                raise InvalidValue(f"models[{i}] is {short(model)}; it has to be an MLP")
            if model.kind != first.kind:
                raise InvalidValue(f"models[{i}] is {model.kind}; it has to be like models[0], {first.kind}")
        return cls.trusted(
            tuple(frozen(np.stack(arrays)) for arrays in zip(*(model.weights for model in models), strict=True)),
            tuple(frozen(np.stack(arrays)) for arrays in zip(*(model.biases for model in models), strict=True)),
            first.hidden,
            first.output,
        )

    @classmethod
    def trusted(cls, weights: tuple[Array, ...], biases: tuple[Array, ...], hidden: str, output: str) -> MLP:
        """Make a network of read-only arrays that are known to fit: no check, so it costs little every frame."""
        model = object.__new__(cls)
        object.__setattr__(model, "weights", weights)
        object.__setattr__(model, "biases", biases)
        object.__setattr__(model, "hidden", hidden)
        object.__setattr__(model, "output", output)
        return model

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons per layer, input first."""
        return (self.weights[0].shape[-2], *(bias.shape[-1] for bias in self.biases))

    @property
    def ensemble_shape(self) -> tuple[int, ...]:
        """The leading axes: () for one network, (S,) for S of them."""
        return self.biases[0].shape[:-1]

    @property
    def kind(self) -> tuple[tuple[int, ...], tuple[int, ...], str, str]:
        """What two networks share if one's parameters fit the other."""
        return self.sizes, self.ensemble_shape, self.hidden, self.output

    @property
    def parameter_count(self) -> int:
        """Weights and biases of one network."""
        return sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(self.sizes))

    def forward(self, x: npt.ArrayLike) -> ForwardPass:
        """Compute every layer for rows `x`, (n, in), or (..., n, in) with rows of its own for each network."""
        a = finite_array("x", x, 2, "(rows, inputs)")
        if a.shape[-1] != self.sizes[0]:
            raise InvalidValue(f"x has shape {a.shape}; its last axis has to be the {self.sizes[0]} inputs")
        _check_leading(a, self.ensemble_shape)
        zs, activations = [], [a]
        last = len(self.weights) - 1
        with np.errstate(all="ignore"):
            for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
                z = np.matmul(a, weight)
                z += bias[..., np.newaxis, :]
                a = activation(self.output if layer == last else self.hidden).forward(z)
                zs.append(z)
                activations.append(a)
        return ForwardPass(tuple(zs), tuple(activations))

    def predict(self, x: npt.ArrayLike) -> Array:
        """Return the outputs for rows `x`, shape (..., n, out)."""
        return self.forward(x).a[-1]

    def member(self, index: int | tuple[int, ...]) -> MLP:
        """Return one network of the ensemble."""
        try:
            weights = tuple(w[index] for w in self.weights)
            biases = tuple(b[index] for b in self.biases)
            if not self.ensemble_shape or biases[0].ndim == 0:
                raise IndexError
        except IndexError:
            raise InvalidValue(f"index is {index!r}; the ensemble has the shape {self.ensemble_shape}") from None
        return MLP.trusted(weights, biases, self.hidden, self.output)

    def with_hidden(self, name: str) -> MLP:
        """Return the same parameters with another activation in the hidden layers."""
        return MLP.trusted(self.weights, self.biases, activation(name).name, self.output)

    def with_parameters(self, weights: Iterable[npt.ArrayLike], biases: Iterable[npt.ArrayLike]) -> MLP:
        """Return a network with the same activations and other parameters of the same shapes."""
        model = MLP(tuple(map(np.asarray, weights)), tuple(map(np.asarray, biases)), self.hidden, self.output)
        if model.kind != self.kind:
            raise InvalidValue(f"weights and biases make {model.kind}; they have to make {self.kind}")
        return model

    def state_dict(self) -> dict[str, Array]:
        """Return the parameters under PyTorch's names: `fc1.weight`, of shape (..., out, in), `fc1.bias`, ..."""
        state = {}
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True), start=1):
            state[f"fc{layer}.weight"] = frozen(np.ascontiguousarray(weight.swapaxes(-1, -2)))
            state[f"fc{layer}.bias"] = bias
        return state

    def load_state_dict(self, state: Mapping[str, npt.ArrayLike]) -> MLP:
        """Return this network with the parameters of `state`, whose names and shapes have to be its own."""
        model = MLP.from_state_dict(state, self.hidden, self.output)
        if model.kind != self.kind:
            raise InvalidValue(f"state holds {model.kind}; this network is {self.kind}")
        return model

    @classmethod
    def from_state_dict(cls, state: Mapping[str, npt.ArrayLike], hidden: str = "ReLU", output: str = "Sigmoid") -> MLP:
        """Build a network of what `state_dict()` returned, or a PyTorch module with Linear layers fc1, fc2, ..."""
        if not isinstance(state, Mapping):
            raise InvalidValue(f"state is {short(state)}; it has to be a dictionary of arrays")
        count = len(state) // 2
        names = [f"fc{layer}.{part}" for layer in range(1, count + 1) for part in ("weight", "bias")]
        if not names or set(names) != set(state):
            raise InvalidValue(f"state has the names {sorted(state)}; it needs fc1.weight, fc1.bias, fc2.weight, ...")
        weights = tuple(
            finite_array(f"state['fc{layer}.weight']", state[f"fc{layer}.weight"], 2, "(out, in)").swapaxes(-1, -2)
            for layer in range(1, count + 1)
        )
        biases = tuple(np.asarray(state[f"fc{layer}.bias"]) for layer in range(1, count + 1))
        return cls(weights, biases, hidden, output)


def _check_chain(weights: tuple[Array, ...], biases: tuple[Array, ...]) -> None:
    leading, width = weights[0].shape[:-2], weights[0].shape[-2]
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        if 0 in weight.shape:
            raise InvalidValue(f"weights[{i}] has shape {weight.shape}; a layer needs at least 1 neuron")
        if weight.shape[:-1] != (*leading, width):
            right = (*leading, width, weight.shape[-1])
            raise InvalidValue(f"weights[{i}] has shape {weight.shape}; it has to be {right}")
        width = weight.shape[-1]
        if bias.shape != (*leading, width):
            raise InvalidValue(f"biases[{i}] has shape {bias.shape}; it has to be {(*leading, width)}")


def _check_leading(x: Array, ensemble_shape: tuple[int, ...]) -> None:
    if x.ndim > 2 and ensemble_shape and x.shape[:-2] != ensemble_shape:
        raise InvalidValue(
            f"x has shape {x.shape}; its leading axes have to be the ensemble's {ensemble_shape}, or absent"
        )
