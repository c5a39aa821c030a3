// Compiles Python by the interpreter that will run it: node compile.mjs <folder of Pyodide> <0, or 2 without docstrings>
// stdin: JSON {path in the browser: source in base64}; stdout: JSON {the same path: the contents of its .pyc in base64}.
import { pathToFileURL } from "node:url";

const { loadPyodide } = await import(pathToFileURL(`${process.argv[2]}/pyodide.mjs`).href);
const input = [];
for await (const piece of process.stdin) input.push(piece);
const python = await loadPyodide();
process.on("uncaughtException", (error) => {
  console.error(error.message); // without the line of Pyodide's code, which is a megabyte long
  process.exit(1);
});
python.globals.set("optimize", Number(process.argv[3]));
python.globals.set("files", Buffer.concat(input).toString());
const output = python.runPython(`
import base64, json
from importlib._bootstrap_external import _code_to_hash_pyc

def compiled(path, source):
    code = compile(base64.b64decode(source), path, "exec", dont_inherit=True, optimize=optimize)
    # An unchecked hash: in the browser nothing compares the bytecode with a source or a date.
    return base64.b64encode(_code_to_hash_pyc(code, bytes(8), checked=False)).decode()

json.dumps({path: compiled(path, source) for path, source in json.loads(files).items()})
`);
process.stdout.write(output);
