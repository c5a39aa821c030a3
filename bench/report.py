"""The benchmark's findings as one Markdown page."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench import load, steps
from bench.load import Loading
from bench.peers import COMPILED, CONVNET, KERNEL, NUMPY, ROUNDS, SAMPLE_MS, TENSORFLOW, Comparison
from bench.site import Frames
from bench.tables import percentile, spread, table

MATHS = {
    KERNEL: "float64, equal maths; records loss and accuracy of every epoch",
    COMPILED: "the same with all that Python does around it, as the page trains",
    NUMPY: "float64, the reference; records loss and accuracy of every epoch",
    CONVNET: "float64, equal maths: its squared error lacks the factor 2, so its rate is doubled; rows one at a time",
    TENSORFLOW: "float32 (it has no float64), otherwise equal maths; core API, CPU backend, nothing read back",
}


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was measured."""

    chromium: str
    versions: dict[str, str]
    comparisons: list[Comparison]
    compile_times: dict[str, list[float]]
    table_3: dict[str, dict[str, object]]
    loading: dict[str, dict[str, Loading]]
    steps: dict[str, Loading]
    frames: dict[str, Frames]
    transfer: dict[str, tuple[int, int]]


def markdown(found: Findings) -> str:
    """The report."""
    return "\n".join(
        (
            "# Benchmark",
            "",
            f"Written by `python -m bench` on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {_machine()}, {found.chromium}.",
            f"Load of the machine at the end: {os.getloadavg()[0]:.1f}. "
            + ", ".join(f"{name} {version}" for name, version in found.versions.items())
            + ".",
            "",
            *_epochs(found.comparisons),
            *_agreement(found.comparisons),
            *_compiling(found.compile_times),
            *_ensembles(found.table_3),
            "## Time to ready",
            "",
            *load.report(found.loading),
            *steps.report(found.steps),
            *_site(found),
        )
    )


def _epochs(comparisons: Sequence[Comparison]) -> Iterable[str]:
    yield "## Time of an epoch\n"
    yield f"Microseconds, median of {ROUNDS} samples of at least {SAMPLE_MS} ms, taken in turns in one page; in"
    yield "brackets the middle half of the samples. Full batch XOR but for the last column.\n"
    yield table(
        ["", *(c.name for c in comparisons)],
        [[name, *(spread(c.samples[name]) for c in comparisons)] for name in MATHS],
    )
    yield "\nHow many times faster the compiled kernel is:\n"
    yield table(
        ["than", *(c.name for c in comparisons)],
        [
            [name, *(f"{median(c.samples[name]) / median(c.samples[KERNEL]):.0f}" for c in comparisons)]
            for name in (COMPILED, NUMPY, CONVNET, TENSORFLOW)
        ],
    )
    yield ""
    for name, maths in MATHS.items():
        yield f"- {name}: {maths}."
    yield ""


def _agreement(comparisons: Sequence[Comparison]) -> Iterable[str]:
    yield "## Do they compute the same?\n"
    yield "Greatest difference of a weight from the NumPy engine's after 100 epochs from the same start.\n"
    names = (KERNEL, CONVNET, TENSORFLOW)
    yield table(["", *(c.name for c in comparisons)], [[n, *(f"{c.apart[n]:.0e}" for c in comparisons)] for n in names])
    yield ""


def _compiling(times: dict[str, list[float]]) -> Iterable[str]:
    yield "## Compiling a kernel in the page\n"
    yield "Milliseconds in Pyodide, median of 9: composing the module; the same with loading and a first call.\n"
    yield table(
        ["network", "bytes", "compose", "compose, load, call", "longest"],
        [
            [name, f"{size:.0f}", f"{emit:.1f}", f"{whole:.1f}", f"{most:.1f}"]
            for name, (size, emit, whole, most) in times.items()
        ],
    )
    yield ""


def _ensembles(tables: dict[str, dict[str, object]]) -> Iterable[str]:
    yield "## The paper's table 3\n"
    yield "1,200 trainings (200 networks a row) of up to 2,000 per-sample epochs; drawing the networks is included.\n"
    yield table(["backend", "seconds"], [[name, f"{table['seconds']:.2f}"] for name, table in tables.items()])
    yield ""


def _site(found: Findings) -> Iterable[str]:
    yield "## The page\n"
    yield "Frames while 2-8-8-8-8-1 trains in the workbench, 1280×800: milliseconds, median / 95th percentile.\n"
    yield table(
        ["speed", "between frames", "our share of a frame", "epochs a second"],
        [
            [speed, *(f"{median(v):.1f} / {percentile(v, 0.95):.1f}" for v in (f.between, f.ours)), f"{f.rate:,.0f}"]
            for speed, f in found.frames.items()
        ],
    )
    yield "\nA first visit, in kilobytes.\n"
    kinds = [*found.transfer.items(), ("together", tuple(map(sum, zip(*found.transfer.values(), strict=True))))]
    yield table(["", "stored", "sent"], [[kind, f"{s[0] / 1e3:.0f}", f"{s[1] / 1e3:.0f}"] for kind, s in kinds])
    yield ""


def _machine() -> str:
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = information.read_text("utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if "model name" in line), model)
    return f"{model}, {os.cpu_count()} cores, {platform.system()}"
