"""The same kernels in a real Chromium: every byte that they leave is the one that wasmtime leaves."""

import base64
import json
from dataclasses import dataclass

import numpy as np

from perceptorium.engine.compiled.emit import emit
from perceptorium.engine.compiled.kernel import Kernel, Networks, Task
from perceptorium.engine.compiled.optimisers import OPTIMISERS
from perceptorium.engine.compiled.runtime import WasmtimeRuntime
from perceptorium.engine.compiled.spec import KernelSpec
from sitebuild.browser import chromium_running
from tests.engine.compiled.support import CLOCKS, CONSTANTS, parameters

SPECS = [
    KernelSpec((2, 4, 1)),
    KernelSpec((2, 8, 8, 8, 8, 1), "Tanh", loss="BCELoss", optimiser="Adam"),
    KernelSpec((2, 1), loss="HalfSquaredError", optimiser="nesterov"),
    KernelSpec((2, 3, 2), "Sigmoid", "Identity", "BCEWithLogitsLoss", "momentum"),
    KernelSpec((2, 4, 2, 1), "Tanh", optimiser="Adam", lanes="one"),
    KernelSpec((2, 4, 1), loss="HalfSquaredError", lanes="networks"),
    KernelSpec((2, 3, 1), "Sigmoid", loss="BCELoss", optimiser="Adam", lanes="networks"),
]

RUN = """
cases => cases.map(({module, image, size, name, args, from}) => {
  const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
  if (!WebAssembly.validate(bytes(module))) return "invalid";
  const {exports} = new WebAssembly.Instance(new WebAssembly.Module(bytes(module)));
  exports.memory.grow(Math.ceil(size / 65536));
  new Uint8Array(exports.memory.buffer).set(bytes(image));
  exports[name](...args);
  let text = "";
  for (const byte of new Uint8Array(exports.memory.buffer, from, size - from)) text += String.fromCharCode(byte);
  return btoa(text);
})
"""


@dataclass
class Recording:
    """An instance that notes what it is asked, for the same to be asked of another."""

    inner: object
    case: dict

    def reserve(self, size):
        self.case["size"] = size
        self.inner.reserve(size)

    def write(self, address, data):
        self.case["image"] = base64.b64encode(data).decode()
        self.inner.write(address, data)

    def call(self, function, *arguments):
        self.case |= {"name": function, "args": list(map(int, arguments))}
        return self.inner.call(function, *arguments)

    def read(self, address, into):
        self.inner.read(address, into)
        self.case |= {"from": address, "wanted": into.tobytes()}


def recorded(spec, batch, predict=False):
    module = emit(spec)
    case = {"module": base64.b64encode(module).decode()}
    kernel = Kernel(spec, Recording(WasmtimeRuntime().load(module), case))
    random = np.random.default_rng(batch)
    size = 5 if spec.lanes == "networks" else 1
    flat = parameters(spec, 1, size)
    x = random.normal(size=(11, 2))
    if predict:
        kernel.predict(flat[0], x)
        return case
    y = random.integers(0, 2, (11, spec.sizes[-1])).astype(float)
    memory = np.zeros((OPTIMISERS[spec.optimiser].slots, *flat.shape))
    networks = Networks(flat, memory, np.full(size, 0.1), CLOCKS[spec.optimiser])
    orders = np.stack([random.permutation(11) for _ in range(40)])
    kernel.train(networks, Task(x, y, batch, orders, CONSTANTS[spec.optimiser], 0.1), 40)
    return case


def test_chromium_and_wasmtime_leave_the_same_bytes():
    cases = [recorded(spec, batch) for spec in SPECS for batch in (1, 4, 11)]
    cases += [recorded(spec, 1, predict=True) for spec in SPECS if spec.lanes != "networks"]
    wanted = [case.pop("wanted") for case in cases]
    with chromium_running() as browser:
        page = browser.new_page()
        got = page.evaluate(RUN, cases)
    for number, (ours, theirs) in enumerate(zip(got, wanted, strict=True)):
        assert base64.b64decode(ours) == theirs, f"case {number}: {cases[number]['name']}{cases[number]['args']}"


def answer(body, **headers):
    return lambda route: route.fulfill(body=body, headers={k.replace("_", "-"): v for k, v in headers.items()})


def test_a_content_security_policy_needs_to_allow_webassembly_and_nothing_else():
    case = recorded(SPECS[0], 4)
    wanted = base64.b64encode(case.pop("wanted")).decode()
    # From a script of the page: what is evaluated from outside is not held to its policy.
    script = f"document.title = 'refused'; document.title = ({RUN})([{json.dumps(case)}])[0];"
    html = "<!doctype html><script src=run.js></script>"
    with chromium_running() as browser:
        page = browser.new_page()
        page.route("http://policy.test/run.js", answer(script, Content_Type="text/javascript"))
        for source, title in (("'self' 'wasm-unsafe-eval'", wanted), ("'self'", "refused")):
            policy = f"default-src 'none'; script-src {source}"
            page.route("http://policy.test/", answer(html, Content_Type="text/html", Content_Security_Policy=policy))
            page.goto("http://policy.test/")
            assert page.title() == title
