// Does once what the application would do at every start: node prepare.mjs <folder of Pyodide> <NumPy's wheel>
// stdin: JSON {path in the archive: source in base64}; stdout, in base64: marshal of {"methods": {text of the methods that
// `dataclass` writes: their code}, "weights": what perceptorium.engine.initialisation.KNOWN holds}.
import { readFileSync } from "node:fs";
import { pythonWithFiles } from "./pyodide.mjs";

const [pyodide, numpy] = process.argv.slice(2);
const python = await pythonWithFiles(pyodide);
python.unpackArchive(Uint8Array.from(readFileSync(numpy)), "wheel");
// perceptorium.page.browser takes what only a page has. To Pyodide itself they would say that this is one.
Object.assign(globalThis, { window: globalThis, document: {}, perceptorium: {} });
const output = python.runPython(`
import base64, builtins, dataclasses, importlib, json, marshal, pathlib, sys

root = pathlib.Path("/application")
for path, source in json.loads(files).items():
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(base64.b64decode(source))
sys.path.insert(0, str(root))
codes = {}

def note(text, *scopes):
    codes[text] = compile(text, "<dataclass>", "exec")
    builtins.exec(codes[text], *scopes)

dataclasses.exec = note
for path in sorted(root.rglob("*.py")):
    name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    importlib.import_module(name)

from perceptorium.engine import initialisation, network
from perceptorium.session import initial_state

weights = {}

def draw(sizes, init, seed):
    layers = initialisation.first_weights(sizes, init, seed)
    weights[sizes, init, seed] = b"".join(array.tobytes() for layer in layers for array in layer)
    return layers

network.first_weights = draw
initial_state()
base64.b64encode(marshal.dumps({"methods": codes, "weights": weights})).decode()
`);
process.stdout.write(output);
