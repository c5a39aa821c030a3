"""Microseconds an epoch: the compiled kernel, the engine, ConvNetJS and TensorFlow.js, in turns in one page."""

import json
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

HERE = Path(__file__).parent
CASES = ("2-4-1", "2-4-4-1", "2-8-8-8-8-1", "2-4-2-1 tanh, 200 rows, batch 10")
KERNEL, COMPILED, NUMPY = "compiled kernel", "compiled, through Python", "NumPy engine"
CONVNET, TENSORFLOW = "ConvNetJS", "TensorFlow.js"
SCRIPTS = {CONVNET: "convnetjs/build/convnet-min.js", TENSORFLOW: "@tensorflow/tfjs/dist/tf.min.js"}
CHUNK = 200  # epochs in one call of the kernel
ROUNDS, SAMPLE_MS = 15, 20
COMPARED_AFTER = 100  # epochs

MEASURE = """
async ([name, recorded, rounds, sampleMs, chunk]) => {
  const problem = JSON.parse(python.globals.get("problem")(name));
  const of = (factory) => bench.fromPython(python.globals.get(factory)(name));
  const contenders = {
    "compiled kernel": {...bench.kernel(JSON.parse(recorded)), chunked: true},
    "compiled, through Python": {...of("compiled_trainer"), chunked: true},
    "NumPy engine": of("numpy_trainer"),
    "ConvNetJS": bench.convnet(problem),
    "TensorFlow.js": bench.tensorflow(problem),
  };
  return await bench.measure(contenders, rounds, sampleMs, chunk);
}
"""

AGREE = """
async ([name, epochs]) => {
  const problem = JSON.parse(python.globals.get("problem")(name));
  const weights = (compiled) => JSON.parse(python.globals.get("weights_after")(name, epochs, compiled));
  const after = (peer) => (peer.run(epochs), peer.weights());
  const wanted = weights(false).flat();
  const apart = (found) => Math.max(...found.flat().map((value, k) => Math.abs(value - wanted[k])));
  return {
    "compiled kernel": apart(weights(true)),
    "ConvNetJS": apart(after(bench.convnet(problem))),
    "TensorFlow.js": apart(after(bench.tensorflow(problem))),
  };
}
"""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One network: the samples of each contender in microseconds an epoch, and how far its weights are from NumPy's."""

    name: str
    samples: dict[str, list[float]]
    apart: dict[str, float]


def prepare(page: Page, node_modules: Path) -> None:
    """Load the peers and our side of the benchmark into a page with Python."""
    for peer, script in SCRIPTS.items():
        path = node_modules / script
        if not path.exists():
            raise SystemExit(f"{path} is missing, so {peer} cannot be measured: `python -m sitebuild npm` installs it")
        page.add_script_tag(path=path)
    page.add_script_tag(path=HERE / "peers.js")
    page.evaluate("async () => { await tf.setBackend('cpu'); await tf.ready(); }")
    page.evaluate("code => { python.runPython(code) }", (HERE / "kernel_in_page.py").read_text("utf-8"))


def compare(page: Page, name: str) -> Comparison:
    """Measure all contenders on one network."""
    recorded = page.evaluate("([name, epochs]) => python.globals.get('recorded')(name, epochs)", [name, CHUNK])
    samples = page.evaluate(MEASURE, [name, recorded, ROUNDS, SAMPLE_MS, CHUNK])
    return Comparison(name, samples, page.evaluate(AGREE, [name, COMPARED_AFTER]))


def compile_times(page: Page) -> dict[str, list[float]]:
    """Per architecture: bytes, and milliseconds to compose, and to compose, load and call for the first time."""
    return dict(json.loads(page.evaluate("() => python.globals.get('compile_times')(9)")))
