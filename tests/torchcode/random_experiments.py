"""Random experiments, seeded by whoever asks."""

from __future__ import annotations

import random

from perceptorium.experiment import FIELDS, Experiment
from perceptorium.fields import Choice


def options(name: str) -> tuple[str, ...]:
    kind = FIELDS[name]
    assert isinstance(kind, Choice)
    return kind.options


def random_experiment(choose: random.Random, **fixed: object) -> Experiment:
    return Experiment().with_(
        **{
            "hidden": tuple(choose.randint(1, 8) for _ in range(choose.randint(0, 4))),
            "activation": choose.choice(options("activation")),
            "learning_rate": max(0.001, round(choose.uniform(0, 1), choose.randint(1, 12))),
            "init": choose.choice(options("init")),
            "seed": choose.randrange(2**32),
            "loss": choose.choice(options("loss")),
            "optimiser": choose.choice(options("optimiser")),
            "momentum": round(choose.uniform(0, 0.99), 3),
            "batch_size": choose.choice([None, None, 1, 2, 3]),
            "shuffle": choose.random() < 0.5,
            "dataset": choose.choice(options("dataset")),
            "rows": choose.randint(10, 24),
            "noise": round(choose.random(), 2),
            "test_share": round(choose.uniform(0, 0.5), 2),
            "data_seed": choose.randrange(1000),
            "stop_below": round(choose.random(), 4),
            "epochs": choose.randint(1, 3000),
            **fixed,
        }
    )
