"""Python compiled by the very interpreter that will run it, Pyodide under Node: in the browser that costs seconds."""

import base64
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sitebuild.digest import sha256
from sitebuild.errors import ToolError
from sitebuild.tools import node
from sitebuild.vendor import place

SCRIPT = Path(__file__).with_name("compile.mjs")


def compiled(files: Mapping[str, bytes], pyodide: Path, version: str, cache: Path) -> dict[str, bytes]:
    """The contents of a ``.pyc`` for each source, by the same paths.

    Args:
        files: sources by their paths in the browser, which tracebacks show.
        pyodide: the npm package's folder.
        version: of Pyodide; its bytecode is kept apart from that of every other.
        cache: the folder that remembers what has been compiled, one file a source.
    """
    recipe = version.encode() + SCRIPT.read_bytes()
    kept = {path: cache / "bytecode" / sha256(recipe + path.encode() + b"\0" + files[path]) for path in files}
    missing = {path: files[path] for path in files if not kept[path].exists()}
    if missing:
        print(f"Compiling {len(missing)} Python files with Pyodide")
        for path, code in run(missing, pyodide).items():
            place(kept[path], code)
    return {path: kept[path].read_bytes() for path in files}


def run(files: Mapping[str, bytes], pyodide: Path) -> dict[str, bytes]:
    """Compile with Node; ToolError with its last words when it fails (a syntax error in a file is one of the ways)."""
    sources = json.dumps({path: base64.b64encode(source).decode() for path, source in files.items()})
    command = [node(), str(SCRIPT), str(pyodide)]
    done = subprocess.run(command, input=sources, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        words = [line for line in done.stderr.splitlines() if line.strip()] or [f"Node ended with {done.returncode}"]
        raise ToolError(f"Pyodide did not compile the Python files: {words[-1].strip()}.")
    found: dict[str, str] = json.loads(done.stdout)
    return {path: base64.b64decode(code) for path, code in found.items()}
