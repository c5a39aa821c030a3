"""A batch that holds fewer rows than the diagram could show is drawn with the rows it has."""

from __future__ import annotations

import pytest

from perceptorium import messages as m
from perceptorium.experiment import Experiment
from perceptorium.session import initial_state, update
from perceptorium.views.markup import render
from perceptorium.views.panels import PANELS


@pytest.mark.parametrize("row", [None, 3])
@pytest.mark.parametrize("batch_size", [1, 2, 3, 4])
def test_every_phase_of_every_batch_is_drawn(batch_size: int, row: int | None) -> None:
    state = update(initial_state(Experiment(batch_size=batch_size)), m.ShowRow(row))
    most = 0
    for _ in range(2 * 9 + 1):
        state = update(state, m.StepLine())
        picture = render(PANELS["diagram"].view(state))
        most = max(most, picture.count('data-slot="unit"'))
    units = sum(state.experiment.sizes)
    assert most == units * (1 if row is not None else batch_size)
