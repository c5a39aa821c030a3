"""The compiled trainer as a visitor has it: Pyodide, NumPy for WebAssembly, and the browser's own runtime."""

import json
from pathlib import Path

from sitebuild.browser import START_PYTHON, chromium_running
from sitebuild.serve import served

COMPARE = """
import json
import js
import numpy as np
from perceptorium.engine import MLP, SGD, Adam, Trainer, moons, xor
from perceptorium.engine.compiled import BrowserRuntime, CompiledTrainer, Compiler

def difference(model, data, **arguments):
    reference = Trainer(model, data, **arguments)
    trainer = CompiledTrainer(model, data, **arguments, compiler=compiler)
    same = trainer.not_compiled is None and reference.run(250) == trainer.run(250)
    weights = zip(reference.model.weights, trainer.model.weights)
    grid = np.random.default_rng(1).uniform(-1, 1, (2500, 2))
    predicted = abs(trainer.predict(grid) - trainer.model.predict(grid)).max()
    return bool(same), max(float(abs(a - b).max()) for a, b in weights), float(predicted)

class WithoutSimd(BrowserRuntime):
    def supports(self, module):
        return False

def references():
    # what Python holds of JavaScript for one kernel, after calls of many sizes
    compiler = Compiler(BrowserRuntime(js))
    compiler.simd
    before = js.python._module._hiwire_num_refs()
    trainer = CompiledTrainer(MLP.initialise((2, 4, 1), seed=1), xor(), compiler=compiler)
    for size in (6500, 3300, 1700, 900, 500, 300, 1):  # from the largest on: growing memory drops its views anyway
        trainer.run(size)
        trainer.predict(np.zeros((size, 2)))
    return js.python._module._hiwire_num_refs() - before

found = {}
for name, compiler in (("simd", Compiler(BrowserRuntime(js))), ("scalar", Compiler(WithoutSimd(js)))):
    found[name] = [
        difference(MLP.initialise((2, 4, 4, 1), seed=1), xor()),
        difference(MLP.initialise((2, 8, 8, 8, 8, 1), "Tanh", seed=2), xor(), loss="BCELoss", optimiser=Adam(0.01)),
        difference(MLP.initialise((2, 4, 2, 1), "Tanh", seed=3), moons(seed=0), batch_size=10, shuffle=True, seed=4),
        difference(MLP.initialise((2, 3, 1), seed=5), xor(), batch_size=1, optimiser=SGD(0.1, momentum=0.5)),
    ]
found["references"] = references()
found["has_simd"] = Compiler(BrowserRuntime(js)).simd
json.dumps(found)
"""


def test_a_visitor_gets_the_numbers_of_the_engine(dist: Path):
    with served(dist) as site, chromium_running() as browser:
        page = browser.new_page()
        page.goto(f"{site}icon.svg")
        page.evaluate(START_PYTHON)
        found = json.loads(page.evaluate("code => python.runPython(code)", COMPARE))
    assert found.pop("has_simd") is True
    # The exports, two functions with what they belong to, and a view each to write and to read a training and a
    # prediction: a page trains and predicts in many sizes, and must not hold on to all of them.
    assert 0 < found.pop("references") <= 9
    for lanes, cases in found.items():
        for number, (same, parameters, predicted) in enumerate(cases):
            assert same, f"{lanes}, case {number}: not compiled, or another report"
            assert parameters <= 1e-12, f"{lanes}, case {number}: parameters differ by {parameters:.1e}"
            assert predicted <= 1e-14, f"{lanes}, case {number}: predictions differ by {predicted:.1e}"
