"""The reference that everything else trusts: networks, losses, optimisers, data and training, in NumPy only."""

from .activations import ACTIVATIONS, Activation, activation
from .datasets import Dataset, and_, from_arrays, or_, xor
from .errors import InvalidValue, PerceptoriumError
from .history import History
from .initialisation import INITIALISATIONS
from .losses import LOSSES, Loss, accuracy, loss_function
from .network import MLP, ForwardPass
from .optimisers import SGD, Adam, Optimiser
from .phases import Phase, phases
from .roworder import row_order
from .snapshot import Snapshot
from .trainer import Checkpoint, RunReport, Trainer

__all__ = [
    "ACTIVATIONS",
    "INITIALISATIONS",
    "LOSSES",
    "MLP",
    "SGD",
    "Activation",
    "Adam",
    "Checkpoint",
    "Dataset",
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
    "from_arrays",
    "loss_function",
    "or_",
    "phases",
    "row_order",
    "xor",
]
