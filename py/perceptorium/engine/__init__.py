"""The reference that everything else trusts: networks, losses, optimisers, data and training, in NumPy only."""

from .activations import ACTIVATIONS, Activation, activation
from .catalogue import DATASETS
from .checkpoint import Checkpoint, RunReport
from .datasets import Dataset, and_, from_arrays, or_, xor
from .diagnosis import Finding, diagnose
from .errors import InvalidValue, PerceptoriumError
from .history import History
from .initialisation import INITIALISATIONS
from .losses import LOSSES, Loss, accuracy, loss_function
from .network import MLP, ForwardPass
from .optimisers import SGD, Adam, Optimiser
from .phases import Phase, phases
from .roworder import row_order
from .safetensors import from_safetensors, to_safetensors
from .shapes import circles, continuous_xor, gaussians, moons, spiral
from .snapshot import Snapshot
from .tabular import from_csv
from .trainer import Trainer

__all__ = [
    "ACTIVATIONS",
    "DATASETS",
    "INITIALISATIONS",
    "LOSSES",
    "MLP",
    "SGD",
    "Activation",
    "Adam",
    "Checkpoint",
    "Dataset",
    "Finding",
    "ForwardPass",
    "History",
    "InvalidValue",
    "Loss",
    "Optimiser",
    "PerceptoriumError",
    "Phase",
    "RunReport",
    "Snapshot",
    "Trainer",
    "accuracy",
    "activation",
    "and_",
    "circles",
    "continuous_xor",
    "diagnose",
    "from_arrays",
    "from_csv",
    "from_safetensors",
    "gaussians",
    "loss_function",
    "moons",
    "or_",
    "phases",
    "row_order",
    "spiral",
    "to_safetensors",
    "xor",
]
