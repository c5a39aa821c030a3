"""The engine's objects in the kernel's terms: what is compiled in, and what is passed with a call."""

from perceptorium.engine.losses import Loss
from perceptorium.engine.optimisers import SGD, Adam, Optimiser

from .spec import KernelSpec


def spec_of(
    sizes: tuple[int, ...], hidden: str, output: str, loss: Loss, optimiser: Optimiser, lanes: str
) -> KernelSpec:
    """The spec of the kernel that trains such networks with this optimiser."""
    return KernelSpec(sizes, hidden, output, loss.name, _kind(optimiser), lanes)


def constants_of(optimiser: Optimiser) -> tuple[float, float, float]:
    """The three constants of `compiled.optimisers` for this optimiser."""
    if isinstance(optimiser, Adam):
        return (*optimiser.betas, optimiser.eps)
    if isinstance(optimiser, SGD):
        return optimiser.momentum, optimiser.dampening, 0.0
    return 0.0, 0.0, 0.0


def clocks_of(optimiser: Optimiser, steps: int) -> tuple[float, float]:
    """The clocks of `compiled.optimisers` after so many steps."""
    if isinstance(optimiser, Adam):
        first, second = optimiser.betas
        return first ** (steps + 1), second ** (steps + 1)
    if isinstance(optimiser, SGD):
        return 1.0 - optimiser.dampening if steps else 1.0, 0.0
    return 0.0, 0.0


def _kind(optimiser: Optimiser) -> str:
    if isinstance(optimiser, SGD) and optimiser.slots:
        return "nesterov" if optimiser.nesterov else "momentum"
    if isinstance(optimiser, Adam) and optimiser.eps == 0.0:
        # 0 / 0 for the numbers that fill up the last vector, which would look like a parameter that has diverged.
        return "Adam without eps"
    return type(optimiser).__name__
