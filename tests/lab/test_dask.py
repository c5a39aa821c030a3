"""A local Dask cluster of two workers, one of which is killed in the middle: the same results."""

from __future__ import annotations

import os
import signal

import pytest
from distributed import LocalCluster

from perceptorium.lab import Results, run_unit, table3, units
from perceptorium.lab.spread import on_dask


@pytest.mark.filterwarnings("default")  # what a cluster that loses a worker has to say is not ours
def test_a_killed_worker_changes_nothing() -> None:
    plan = table3(24, epochs=400)
    expected = Results.none(plan).put((unit, run_unit(plan, unit)) for unit in units(plan, 24))
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        victim = next(iter(cluster.workers.values())).pid
        finished = []
        for position, done in enumerate(on_dask(plan, cluster.scheduler_address, size=3)):
            finished.append(done)
            if position == 3:
                os.kill(victim, signal.SIGKILL)
    assert len({unit for unit, _ in finished}) == len(finished) == 6 * 8
    assert Results.none(plan).put(finished) == expected
