// Compiles Python by the interpreter that will run it: node compile.mjs <folder of Pyodide> <0, or 2 without docstrings>
// stdin: JSON {path in the browser: source in base64}; stdout: JSON {the same path: the contents of its .pyc in base64}.
import { pythonWithFiles } from "./pyodide.mjs";

const python = await pythonWithFiles(process.argv[2]);
python.globals.set("optimize", Number(process.argv[3]));
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
