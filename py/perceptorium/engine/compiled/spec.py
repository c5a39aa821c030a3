"""What a kernel is compiled for, and which networks are worth compiling."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from .activations import ACTIVATIONS
from .losses import LOSSES
from .optimisers import OPTIMISERS

# A kernel has no loop over neurons, so its length grows with the parameters; past this, NumPy's matrix product wins
# back the time that the longer kernel takes to write and to compile.
LARGEST = 400
LANES = ("rows", "networks", "one")


@dataclass(frozen=True, slots=True)
class KernelSpec:
    """Everything that is fixed in a kernel. Two equal specs have the same kernel; the rest is arguments.

    sizes: neurons of each layer, inputs first. hidden, output, loss: the engine's names.
    optimiser: "SGD", "momentum", "nesterov" or "Adam".
    lanes: what two numbers side by side are: two "rows" of the data (training one network), two "networks" of an
    ensemble, or "one", for a browser without SIMD.
    """

    sizes: tuple[int, ...]
    hidden: str = "ReLU"
    output: str = "Sigmoid"
    loss: str = "MSELoss"
    optimiser: str = "SGD"
    lanes: str = "rows"

    @property
    def parameter_count(self) -> int:
        """Weights and biases together."""
        return sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(self.sizes))

    def activation(self, layer: int) -> str:
        """Name of the activation after linear layer 0, 1, …"""
        return self.output if layer == len(self.sizes) - 2 else self.hidden

    def first_parameter(self, layer: int) -> int:
        """Where layer 0, 1, … begins among the parameters: weights row by row (fan_in, fan_out), then biases."""
        return KernelSpec(self.sizes[: layer + 1]).parameter_count


@lru_cache(maxsize=64)
def unsupported(spec: KernelSpec) -> str | None:
    """Why there is no kernel for this spec, in one sentence; None when there is one. The only place that decides."""
    if len(spec.sizes) < 2 or min(spec.sizes) < 1:
        return f"sizes is {spec.sizes}; a network needs at least 2 layers of at least 1 neuron"
    if spec.parameter_count > LARGEST:
        return f"{spec.parameter_count} parameters are more than {LARGEST}, beyond which NumPy is the better tool"
    choices = (
        ("hidden", spec.hidden, tuple(ACTIVATIONS)),
        ("output", spec.output, tuple(ACTIVATIONS)),
        ("loss", spec.loss, tuple(LOSSES)),
        ("optimiser", spec.optimiser, tuple(OPTIMISERS)),
        ("lanes", spec.lanes, LANES),
    )
    for field, value, known in choices:
        if value not in known:
            return f"{field} is {value!r}; the compiler knows {', '.join(known)}"
    return None
