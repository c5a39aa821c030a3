"""The units of a plan on this machine's processors, or on a Dask cluster; the results are the same."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context

from perceptorium.engine.checks import whole_number

from .plan import Plan
from .training import EngineName
from .work import Part, Unit, run_unit, units

UNIT = 250
"""Networks of a unit: about a second's work with NumPy."""


def here(plan: Plan, engine: EngineName = "NumPy", processes: int = 1, size: int = UNIT) -> Iterator[tuple[Unit, Part]]:
    """Each unit with its result, in the order in which they are finished."""
    whole_number("processes", processes, 1, "it has to be 1 or more")
    if processes == 1:
        for unit in units(plan, size):
            yield unit, run_unit(plan, unit, engine)
        return
    # Workers are started afresh: a forked one would share locks with the threads of this process.
    with ProcessPoolExecutor(processes, get_context("spawn"), _leave_interrupts_to_parent) as pool:
        futures = {pool.submit(run_unit, plan, unit, engine): unit for unit in units(plan, size)}
        try:
            for future in as_completed(futures):
                yield futures.pop(future), future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def on_dask(plan: Plan, address: str, engine: EngineName = "NumPy", size: int = UNIT) -> Iterator[tuple[Unit, Part]]:
    """The same on the Dask cluster whose scheduler is at `address`; units of a worker that dies are run again."""
    from distributed import Client, as_completed

    with Client(address) as client:
        everything = list(units(plan, size))
        futures = client.map(partial(run_unit, plan, engine=engine), everything, pure=False)
        wanted = dict(zip((future.key for future in futures), everything, strict=True))
        for future, part in as_completed(futures, with_results=True):
            yield wanted[future.key], part


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
